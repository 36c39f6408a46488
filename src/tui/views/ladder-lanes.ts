/** The vertical lines of a ladder, one for each party: the two ends of the flow first, then whom else its steps reach. */

import type { FlowDetail, LadderStep } from '../../analysis/snapshot.ts';
import { initiatorText, responderText } from '../flow-text.ts';
import { textWidth } from '../text-width.ts';

const LEAST_GAP = 18;
/** Of two lanes, which alone have room for long names. */
const LEAST_LONE_GAP = 24;
const MOST_GAP = 40;
const MOST_LONE_GAP = 56;
const MOST_LANES = 6;
/** Part of the width that the lanes take; the words beside the arrows have the rest. */
const LONE_SHARE = 0.45;
const MOST_SHARE = 0.7;
const LANES_SHARE = 0.65;

export interface Lanes {
  /** What stands above each lane. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /** Cells between two lanes. */
  readonly gap: number;
}

/** As many lanes as `width` cells hold; parties beyond them share the last one. */
export function lanesOf({ row, ladder }: FlowDetail, width: number): Lanes {
  const { initiator, responder } = row;
  const inner = ladder.filter(({ direction }) => direction !== 'from-elsewhere');
  const others = new Set(inner.flatMap(({ from, to }) => [from, to]));
  others.delete(initiator.address);
  others.delete(responder.address);
  const room = Math.max(2, Math.min(MOST_LANES, Math.floor((width + LEAST_GAP) / (LEAST_GAP + 1))));
  const shown = [...others].slice(0, room - 2);
  const isOwn = inner.every(({ flow }) => flow === row.id);
  const ends = isOwn ? [initiatorText(row), responderText(row)] : [initiator.address, responder.address];
  const names = [...ends, ...shown];
  if (shown.length < others.size && names.length > 2) names[names.length - 1] = 'others';
  const addresses = [initiator.address, responder.address, ...shown];
  return { names, addresses, gap: gapOf(names, width) };
}

function gapOf(names: readonly string[], width: number): number {
  const room = (share: number): number => Math.floor((width * share) / (names.length - 1));
  if (names.length > 2) return Math.max(LEAST_GAP, Math.min(MOST_GAP, room(LANES_SHARE)));
  // Both names stand above it whole, where they are not too long.
  const least = Math.max(LEAST_LONE_GAP, Math.min(MOST_LONE_GAP, textWidth(names.join(' ')) - 2, room(MOST_SHARE)));
  return Math.max(least, Math.min(MOST_LONE_GAP, room(LONE_SHARE)));
}

/** The lanes between which a step goes, sender first. */
export function laneEnds({ direction, from, to }: LadderStep, { addresses }: Lanes): readonly [number, number] {
  if (direction === 'from-elsewhere') return to === addresses[0] ? [1, 0] : [0, 1];
  // A host that talks to itself has both lanes.
  if (from === to) return direction === 'toResponder' ? [0, 1] : [1, 0];
  const laneOf = (address: string) => (addresses.includes(address) ? addresses.indexOf(address) : addresses.length - 1);
  const [start, end] = [laneOf(from), laneOf(to)];
  return start === end ? [start, start - 1] : [start, end];
}

export function lanesWidth({ names, gap }: Lanes): number {
  return names.length + (names.length - 1) * gap;
}
