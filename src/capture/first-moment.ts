/** Finds out where in time a capture begins without keeping it open. */

import { CaptureLog } from './capture-log.ts';
import type { Moment } from './frame-merger.ts';
import { openCapture } from './open-capture.ts';
import { openInput } from './open-input.ts';

/** Null when there is no frame; rejects with a `CaptureError` when the file is no capture. */
export async function readFirstMoment(path: string): Promise<Moment | null> {
  const reader = await openCapture(openInput(path), new CaptureLog(path), 0);
  try {
    const batch = await reader.next();
    return batch === null ? null : { seconds: batch.seconds[0] ?? 0, nanoseconds: batch.nanoseconds[0] ?? 0 };
  } finally {
    await reader.close();
  }
}
