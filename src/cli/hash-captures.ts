/** Names captures by their SHA-256, so that a reader can tell whether he has the same file. */

import type { CaptureRow } from '../analysis/snapshot.ts';
import { hashCapture } from '../capture/hash-capture.ts';

/** Bytes of frames up to which a file's SHA-256 costs less than people notice; the report of a larger one goes without. */
const MOST_HASHED_BYTES = 512e6;

/** Of a snapshot, or of what else has captures. */
export async function hashCaptures<T extends { readonly captures: readonly CaptureRow[] }>(made: T): Promise<T> {
  return { ...made, captures: await Promise.all(made.captures.map(withHash)) };
}

async function withHash(capture: CaptureRow): Promise<CaptureRow> {
  if (capture.bytes > MOST_HASHED_BYTES) return capture;
  return { ...capture, sha256: await hashCapture(capture.file).catch(() => null) };
}
