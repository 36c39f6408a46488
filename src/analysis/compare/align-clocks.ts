/**
 * How the two captures' clocks differ, from packets that both hold: a packet leaves later than it arrived, so those that
 * go out and those that come in bound the difference from both sides, as NTP does (RFC 5905 section 8).
 */

export interface CommonMoment {
  /** Nanoseconds since the origin of the inside. */
  readonly inside: number;
  /** The same moment on the outside's clock, counted from the same origin. */
  readonly outside: number;
  /** Whether the packet went from inside to outside. */
  readonly isOutbound: boolean;
}

export interface Clocks {
  /** To be added to a time of the inside to get that of the outside: nanoseconds at `at`, and per nanosecond after it. */
  readonly offset: number;
  readonly drift: number;
  readonly at: number;
  /** The offset may be wrong by so many nanoseconds; null where packets of one direction alone cannot tell. */
  readonly uncertainty: number | null;
  /** `agree`: no packet contradicts that both are one clock, which is then taken for true. */
  readonly method: 'agree' | 'both-ways' | 'one-way';
  readonly moments: number;
}

/** Two clocks that differ by less may well be one: no box holds all of its packets for longer. */
const SAME_CLOCK_NS = 20e6;
const MOST_BINS = 64;
const LEAST_BINS = 4;
/** Over a shorter time the drift of a clock does not show. */
const LEAST_DRIFT_SPAN_NS = 60e9;
/** A quartz drifts less; what seems more is the load of the box. */
const MOST_DRIFT = 500e-6;

/** `moments` is not empty. */
export function alignClocks(moments: readonly CommonMoment[]): Clocks {
  const first = moments.reduce((least, { inside }) => Math.min(least, inside), Number.POSITIVE_INFINITY);
  const last = moments.reduce((most, { inside }) => Math.max(most, inside), Number.NEGATIVE_INFINITY);
  const count = moments.length;
  const steady = chooseOffset(boundOffset(moments, first, 0));
  if (steady.method === 'agree') return { ...steady, drift: 0, at: first, moments: count };
  const drift = estimateDrift(moments, first, last);
  return { ...chooseOffset(boundOffset(moments, first, drift)), drift, at: first, moments: count };
}

export function toOutside({ offset, drift, at }: Clocks, inside: number): number {
  return inside + offset + drift * (inside - at);
}

export function toInside({ offset, drift, at }: Clocks, outside: number): number {
  return at + (outside - offset - at) / (1 + drift);
}

/** The offset is between `least` (from packets that came in) and `most` (from those that went out). */
interface Bounds {
  least: number;
  most: number;
}

function boundOffset(moments: readonly CommonMoment[], at: number, drift: number): Bounds {
  const bounds: Bounds = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  for (const { inside, outside, isOutbound } of moments) {
    const difference = outside - inside - drift * (inside - at);
    if (isOutbound) bounds.most = Math.min(bounds.most, difference);
    else bounds.least = Math.max(bounds.least, difference);
  }
  return bounds;
}

function chooseOffset({ least, most }: Bounds): Pick<Clocks, 'offset' | 'uncertainty' | 'method'> {
  const isOneWay = !Number.isFinite(least) || !Number.isFinite(most);
  const uncertainty = isOneWay ? null : Math.abs(most - least) / 2;
  if (least <= 0 && most >= 0 && Math.abs(nearest(least, most)) <= SAME_CLOCK_NS) {
    return { offset: 0, uncertainty, method: 'agree' };
  }
  if (isOneWay) return { offset: nearest(least, most), uncertainty, method: 'one-way' };
  return { offset: (least + most) / 2, uncertainty, method: 'both-ways' };
}

/** Of two bounds the finite one, or that which is nearer to 0. */
function nearest(least: number, most: number): number {
  if (!Number.isFinite(least)) return most;
  if (!Number.isFinite(most)) return least;
  return Math.abs(least) < Math.abs(most) ? least : most;
}

/** The median of the slopes between all pieces of time (Theil and Sen), which a burst of load does not turn. */
function estimateDrift(moments: readonly CommonMoment[], first: number, last: number): number {
  if (last - first < LEAST_DRIFT_SPAN_NS) return 0;
  const bins = new Map<number, CommonMoment[]>();
  for (const moment of moments) {
    const bin = Math.min(MOST_BINS - 1, Math.floor(((moment.inside - first) / (last - first)) * MOST_BINS));
    const known = bins.get(bin);
    if (known === undefined) bins.set(bin, [moment]);
    else known.push(moment);
  }
  // Each piece must be bounded alike, or the other direction's delay would look like drift.
  const isBoth = moments.some(({ isOutbound }) => isOutbound) && moments.some(({ isOutbound }) => !isOutbound);
  const points = [...bins].flatMap(([bin, inBin]) => {
    const { least, most } = boundOffset(inBin, first, 0);
    const offset = isBoth ? (least + most) / 2 : nearest(least, most);
    return Number.isFinite(offset) ? [{ at: ((bin + 0.5) / MOST_BINS) * (last - first), offset }] : [];
  });
  if (points.length < LEAST_BINS) return 0;
  const slopes = points.flatMap((a, i) => points.slice(i + 1).map((b) => (b.offset - a.offset) / (b.at - a.at)));
  const slope = slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? 0;
  return Math.abs(slope) <= MOST_DRIFT ? slope : 0;
}
