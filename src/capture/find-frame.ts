/** Finds one frame in a capture that is read again. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FrameBatch } from './frame-batch.ts';
import { openCaptures } from './open-captures.ts';

/** Milliseconds of work between two looks at the event loop. */
const TURN_MS = 20;

/**
 * What `take` makes of the frame, which is borrowed; null when the file has no frame of that number (any more). Rejects with
 * a `CaptureError` when it cannot be read. Takes as long as reading the file up to there.
 */
export async function findFrame<T>(
  path: string,
  number: number,
  take: (batch: FrameBatch, index: number) => T,
): Promise<T | null> {
  const source = await openCaptures([path]);
  let turnAt = performance.now();
  try {
    for (;;) {
      const next = source.next();
      const batch = next instanceof Promise ? await next : next;
      if (batch === null) return null;
      const index = batch.numbers.subarray(0, batch.count).indexOf(number);
      if (index >= 0) return take(batch, index);
      if (performance.now() - turnAt < TURN_MS) continue;
      await nextTurn();
      turnAt = performance.now();
    }
  } finally {
    await source.close();
  }
}
