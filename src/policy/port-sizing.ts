/** How many ports of a dynamic range to open: what is expected and ten percent more (firewalls and Windows Media Services 9). */

import type { PortRange } from './port-row.ts';

/** "Determine how many ports you expect to use … and then open 10 percent more to account for overlap." */
export function portsToOpen(expected: number): number {
  return expected + Math.ceil(expected / 10);
}

/** That many ports from `first` on, within the range. */
export function sizedRange(range: PortRange, expected: number, first = range.first): PortRange {
  return { first, last: Math.min(range.last, first + portsToOpen(expected) - 1) };
}

/** The smallest range that holds all ports seen, and at least as many as the rule asks for. */
export function rangeAround(ports: readonly number[], expected: number): PortRange {
  const first = ports.reduce((least, port) => Math.min(least, port), 65535);
  const last = ports.reduce((most, port) => Math.max(most, port), 0);
  return { first, last: Math.min(65535, Math.max(last, first + portsToOpen(expected) - 1)) };
}

/** Most of the intervals that overlap at one time; ends are included. */
export function peakOf(intervals: readonly { readonly start: number; readonly end: number }[]): number {
  const edges = intervals
    .flatMap(({ start, end }) => [
      { at: start, change: 1 },
      { at: end, change: -1 },
    ])
    .toSorted((a, b) => compareNumbers(a.at, b.at) || b.change - a.change);
  let now = 0;
  let peak = 0;
  for (const { change } of edges) {
    now += change;
    peak = Math.max(peak, now);
  }
  return peak;
}

/** A difference would not do: what never began has no finite start. */
function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
