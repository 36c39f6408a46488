/**
 * Keeps V8's young generation from growing to 32 MB: what lives long here is in typed arrays, and what does not is gone at each
 * collection, however early that comes. A tenth of the memory of a large capture, and no time that could be measured.
 */

import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it. */
const MOST_BYTES = 8e6;

let isHeld = false;

/** Lets it grow until it has reached its size: V8 takes the largest size at its start only, from its own command line. */
export function holdYoungGeneration(): void {
  if (isHeld || youngBytes() < MOST_BYTES) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  isHeld = true;
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
