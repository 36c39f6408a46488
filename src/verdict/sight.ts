/** What the capture could see, and when: silence while it saw nothing, as a whole or in a part, proves nothing. */

import { type CaptureCase, type CaptureGap, NS_PER_SECOND } from './flow-case.ts';

/** What falls silent together with an interface within this time was probably on it. */
const TOGETHER_NS = 3 * NS_PER_SECOND;

/** Something that is waited for; times in nanoseconds since the origin. */
export interface Wait {
  /** Index of the capture that it would be seen in. */
  readonly capture: number;
  readonly since: number;
  /** When who has to speak was last heard, in whatever concerns it; -Infinity when never. */
  readonly heard: number;
  /** When anybody who takes part was last heard: `since` where it is not given, Infinity where all may well be silent. */
  readonly anyHeard?: number;
}

/** Until when what is waited for would have been seen: the end of the capture, or the first time that it was blind. */
export function seenUntil(capture: CaptureCase, wait: Wait): number {
  return capture.gaps.reduce(
    (until, gap) => (isBlind(gap, wait) ? Math.min(until, gap.start) : until),
    capture.endTime,
  );
}

function isBlind({ start, end, part }: CaptureGap, { capture, since, heard, anyHeard = since }: Wait): boolean {
  if (part === undefined) return start >= anyHeard;
  if (end <= since || !concerns(part, capture)) return false;
  // Who was heard meanwhile is seen by another part.
  return start >= heard && (part.isWhole || start - heard <= TOGETHER_NS);
}

/** Whether it began as soon as it could be seen: then it may have begun before. */
export function isFirstSight(capture: CaptureCase, index: number, time: number, withinNs: number): boolean {
  if (time - capture.startTime < withinNs) return true;
  return capture.gaps.some(
    ({ end, part }) => time >= end && time - end < withinNs && (part === undefined || concerns(part, index)),
  );
}

/** Whether a part of the capture was blind at some time from `from` to `to`, whichever it was. */
export function wasPartlyBlind(capture: CaptureCase, from: number, to: number): boolean {
  return capture.gaps.some(({ start, end, part }) => part !== undefined && start < to && end > from);
}

/** Nanoseconds in which this capture and all of it saw what passed. */
export function watchedTime(capture: CaptureCase, index: number): number {
  const blind = capture.gaps
    .filter(({ part }) => part === undefined || (part.isWhole && concerns(part, index)))
    .reduce((sum, gap) => sum + Math.max(0, lengthWithin(gap, capture)), 0);
  return Math.max(0, capture.endTime - capture.startTime - blind);
}

function lengthWithin({ start, end }: CaptureGap, capture: CaptureCase): number {
  return Math.min(end, capture.endTime) - Math.max(start, capture.startTime);
}

function concerns({ captures }: NonNullable<CaptureGap['part']>, index: number): boolean {
  return captures === null || captures.has(index);
}
