/** How long packets took through the box. */

import type { CommonGround } from './common-ground.ts';
import type { Latency } from './comparison.ts';
import type { PacketPair } from './match-packets.ts';
import type { SideName } from './way-across.ts';

/** Nanoseconds of each packet. */
export function delaysOf(packets: readonly PacketPair[], entry: SideName, ground: CommonGround): number[] {
  return packets.map(({ inside, outside }) =>
    entry === 'inside'
      ? ground.delay('inside', inside.time, outside.time)
      : ground.delay('outside', outside.time, inside.time),
  );
}

/** Null when there is no packet to measure. */
export function summarizeDelays(delays: readonly number[]): Latency | null {
  if (delays.length === 0) return null;
  const sorted = [...delays].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number);
  return { packets: sorted.length, leastNs: at(0), medianNs: at(0.5), p95Ns: at(0.95), mostNs: at(1) };
}
