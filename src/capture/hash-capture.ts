/** The fingerprint by which a report names a capture file beyond doubt. */

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { readFailure } from './byte-input.ts';
import { isStream } from './open-input.ts';

const PIECE_BYTES = 256 << 10;

/**
 * SHA-256 of a file as it is stored, in hexadecimal; null for what can be read only once. It costs several times what
 * reading the frames does, so it is computed for who asks for it.
 */
export async function hashCapture(path: string): Promise<string | null> {
  if (isStream(path)) return null;
  const hash = createHash('sha256');
  // One buffer for all: a new one for each piece makes the collector run each time.
  const bytes = new Uint8Array(PIECE_BYTES);
  try {
    const file = await open(path);
    try {
      for (;;) {
        const { bytesRead } = await file.read(bytes);
        if (bytesRead === 0) return hash.digest('hex');
        hash.update(bytes.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readFailure(path, error);
  }
}
