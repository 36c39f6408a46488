/** How fast frames come in right now: over the last few seconds, not since the start. */

import type { Snapshot } from '../analysis/snapshot.ts';

const WINDOW_MS = 3000;

/** Of the wire. */
export interface Rate {
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
}

interface Sample {
  readonly at: number;
  readonly frames: number;
  readonly bytes: number;
}

export class RecentRate {
  #samples: readonly Sample[] = [];

  /** Null before two snapshots with some time between them. */
  learn({ progress, totals }: Snapshot): Rate | null {
    const now: Sample = { at: progress.elapsedMs, frames: totals.frames, bytes: totals.bytes };
    const start = this.#samples.findLast(({ at }) => at <= now.at - WINDOW_MS) ?? this.#samples[0];
    this.#samples = [...this.#samples.filter(({ at }) => start === undefined || at >= start.at), now];
    const seconds = start === undefined ? 0 : (now.at - start.at) / 1000;
    if (start === undefined || seconds <= 0) return null;
    return {
      framesPerSecond: (now.frames - start.frames) / seconds,
      bytesPerSecond: (now.bytes - start.bytes) / seconds,
    };
  }
}
