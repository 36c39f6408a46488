/** What limits a comparison, in one sentence each. */

import { formatSpan } from '../../format/time.ts';
import { type Clocks, toOutside } from './align-clocks.ts';
import type { Side } from './read-side.ts';

const NS_PER_MS = 1e6;

/** `clocks` is null where the captures have no packet in common. */
export function listLimits(inside: Side, outside: Side, clocks: Clocks | null): string[] {
  const limits: string[] = [];
  if (clocks === null) {
    limits.push(
      'No packet is in both captures: they may be of different times or places, or the box lets nothing pass. Let something through that is allowed, such as a web page, while both are recorded.',
    );
  } else limits.push(...describeClocks(clocks), ...describeOverlap(inside, outside, clocks));
  for (const [name, side] of [
    ['inside', inside],
    ['outside', outside],
  ] as const) {
    if (side.isIncomplete)
      limits.push(
        `The capture of the ${name} holds more flows or packets than are kept: what is not found there is not taken for stopped.`,
      );
    if (side.isFiltered)
      limits.push(
        `The capture of the ${name} was filtered, or holds nothing but TCP: what is not found there is not taken for stopped.`,
      );
    limits.push(...side.capture.quality.map(({ text }) => `${name === 'inside' ? 'Inside' : 'Outside'}: ${text}`));
  }
  return limits;
}

function describeClocks({ method }: Clocks): string[] {
  if (method !== 'one-way') return [];
  return [
    'Packets of one direction alone are in both captures: the times that they took are counted from the fastest of them.',
  ];
}

function describeOverlap(inside: Side, outside: Side, clocks: Clocks): string[] {
  const shift = (outside.capture.originSeconds - inside.capture.originSeconds) * 1e9;
  const first = Math.max(toOutside(clocks, inside.firstTime), outside.firstTime + shift);
  const last = Math.min(toOutside(clocks, inside.lastTime), outside.lastTime + shift);
  const longest = Math.max(inside.lastTime - inside.firstTime, outside.lastTime - outside.firstTime);
  if (last - first >= longest * 0.9) return [];
  return [
    `The captures have ${formatSpan(Math.max(0, last - first) / NS_PER_MS)} in common; what happened before or after that is not compared.`,
  ];
}
