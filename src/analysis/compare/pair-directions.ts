/** On which side each direction of a matched flow enters the box: told by TTLs, else by times, else by the addresses. */

import { type Direction, NS_PER_SECOND, type Pair } from '../../verdict/flow-case.ts';
import type { FlowPair } from './match-flows.ts';
import { commonPackets, type PacketPair } from './match-packets.ts';
import type { Sample } from './side-recorder.ts';
import { endOf, type SideName } from './way-across.ts';

/** Directions are those of the flow on the inside. */
export interface PairedFlow extends FlowPair {
  /** Packets that are plainly the same, by direction. */
  readonly common: Pair<readonly PacketPair[]>;
  /** Where the packets of a direction arrive; null where nothing tells. */
  readonly entry: Pair<SideName | null>;
}

/** `shift`: nanoseconds to be added to times of the outside, so that they count from the inside's origin. */
export function pairDirections(pairs: readonly FlowPair[], shift: number): PairedFlow[] {
  const paired = pairs.map((pair): PairedFlow => {
    const common: Pair<PacketPair[]> = [
      commonPackets(pair.inside.samples[0], outsideSample(pair, 0)),
      commonPackets(pair.inside.samples[1], outsideSample(pair, 1)),
    ];
    return { ...pair, common, entry: entryByHops(common) ?? entryByTime(common, shift) ?? [null, null] };
  });
  const near = addressesInside(paired);
  return paired.map((pair) => (pair.entry[0] === null ? { ...pair, entry: entryByAddress(pair, near) } : pair));
}

/** The outside's sample of a direction as the inside counts directions. */
export function outsideSample({ outside, isTurned }: FlowPair, direction: Direction): Sample | null {
  return outside.samples[isTurned ? opposite(direction) : direction];
}

export function opposite(direction: Direction): Direction {
  return direction === 0 ? 1 : 0;
}

/** A router takes one from the TTL. */
function entryByHops(common: Pair<PacketPair[]>): Pair<SideName | null> | null {
  const hops = common.map((packets) =>
    packets.reduce((sum, { inside, outside }) => sum + Math.sign(inside.ttl - outside.ttl), 0),
  );
  return entryOf((hops[0] ?? 0) - (hops[1] ?? 0));
}

/** What goes out is seen outside later, what comes in earlier: the clocks' difference falls out of the comparison. */
function entryByTime([toResponder, toInitiator]: Pair<PacketPair[]>, shift: number): Pair<SideName | null> | null {
  if (toResponder.length === 0 || toInitiator.length === 0) return null;
  const [first, second] = [toResponder, toInitiator].map((packets) => {
    const differences = packets.map(({ inside, outside }) => outside.time + shift - inside.time).sort((a, b) => a - b);
    return differences[differences.length >> 1] as number;
  }) as [number, number];
  // Farther apart than any box holds packets: times that jumped.
  return Math.abs(first - second) > NS_PER_SECOND ? null : entryOf(first - second);
}

/** Positive: the direction to the responder goes from inside to outside. */
function entryOf(sign: number): Pair<SideName | null> | null {
  if (sign === 0) return null;
  return sign > 0 ? ['inside', 'outside'] : ['outside', 'inside'];
}

/** How much tells that an address, as the inside sees it, is inside. */
function addressesInside(pairs: readonly PairedFlow[]): Map<string, number> {
  const near = new Map<string, number>();
  for (const { inside, entry } of pairs) {
    if (entry[0] === null) continue;
    const sign = entry[0] === 'inside' ? 1 : -1;
    for (const [direction, value] of [[0, sign] as const, [1, -sign] as const]) {
      const { address } = endOf(inside, direction);
      near.set(address, (near.get(address) ?? 0) + value);
    }
  }
  return near;
}

function entryByAddress({ inside }: PairedFlow, near: ReadonlyMap<string, number>): Pair<SideName | null> {
  const initiator = near.get(inside.facts.initiator.address) ?? 0;
  const responder = near.get(inside.facts.responder.address) ?? 0;
  return entryOf(initiator - responder) ?? [null, null];
}
