/** Counts what limits the verdicts of a capture. */

import type { CaptureInfo } from '../capture/frame-batch.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';

const MOST_REASONS = 32;

export interface StopReason {
  readonly reason: string;
  readonly capture: number;
  readonly frame: number;
  count: number;
}

export class QualityCounters {
  /** Frames whose time is before the frame's in front of them. */
  outOfOrder = 0;
  /** Copies made by the span. */
  duplicates = 0;
  /** Packets whose payload the snap length cut. */
  cut = 0;
  /** Fragments of IP datagrams. */
  fragments = 0;
  readonly #stops = new Map<string, StopReason>();

  noteStop(packet: DecodedPacket, at: { readonly capture: number; readonly frame: number }): void {
    const known = this.#stops.get(packet.stopReason);
    if (known !== undefined) {
      known.count++;
    } else if (this.#stops.size < MOST_REASONS) {
      this.#stops.set(packet.stopReason, {
        reason: packet.stopReason,
        capture: at.capture,
        frame: at.frame,
        count: 1,
      });
    }
  }

  /** Why frames could not be decoded, most frequent first. */
  stops(): StopReason[] {
    return [...this.#stops.values()].sort((a, b) => b.count - a.count);
  }
}

/** Whether frames that passed are not in the captures, by their own count. */
export function lacksFrames(captures: readonly CaptureInfo[]): boolean {
  return captures.some(
    ({ interfaces, interruptions = 0 }) => interruptions > 0 || interfaces.some(({ dropped }) => (dropped ?? 0) > 0),
  );
}
