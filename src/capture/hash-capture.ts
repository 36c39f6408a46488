/** The fingerprint by which a report names a capture file beyond doubt. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFailure } from './byte-input.ts';
import { isStream } from './open-input.ts';

/**
 * SHA-256 of a file as it is stored, in hexadecimal; null for what can be read only once. It costs several times what
 * reading the frames does, so it is computed for who asks for it.
 */
export async function hashCapture(path: string): Promise<string | null> {
  if (isStream(path)) return null;
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  } catch (error) {
    throw readFailure(path, error);
  }
  return hash.digest('hex');
}
