/** Whether a recording came to its end, by the range that its server said it would play (RFC 2326 sections 3.5 to 3.7, 12.29). */

import { type FlowCase, NS_PER_SECOND } from './flow-case.ts';

/** Servers stop a little before or after the end that they tell. */
const GRACE_NS = 3 * NS_PER_SECOND;

/** Whether anything that was seen tells how long the recording is, or that it has an end. */
export function isLengthKnown({ record }: FlowCase): boolean {
  return !Number.isNaN(lengthOf(record?.facts.get('range') ?? ''));
}

/** `lasted`: nanoseconds from the start of the media to its last packet, pauses included. */
export function isRecordingOver({ record }: FlowCase, lasted: number): boolean {
  const seconds = lengthOf(record?.facts.get('range') ?? '') / speedOf(record?.facts.get('scale') ?? '');
  return lasted >= seconds * NS_PER_SECOND - GRACE_NS;
}

/** Seconds; NaN where no end is told, as of a live stream, or none that means anything. */
function lengthOf(range: string): number {
  const [, unit = '', from = '', until = ''] = /^(npt|clock|smpte[\w-]*)=([^-]+)-([^-;]+)/.exec(range) ?? [];
  const read = unit === 'clock' ? secondsOfDate : secondsOfTime;
  return Math.abs(read(until) - read(from)) || Number.NaN;
}

/** `12.5`, `0:01:12.5` or, with frames that do not matter here, `10:07:33:05`. */
function secondsOfTime(time: string): number {
  const [hours, minutes, seconds] = time.split(':').map(Number);
  if (minutes === undefined || seconds === undefined) return hours ?? Number.NaN;
  return ((hours ?? 0) * 60 + minutes) * 60 + seconds;
}

/** `20260314T120000.25Z`, as recorders of cameras tell it. */
function secondsOfDate(date: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d(?:\.\d+)?)Z$/.exec(date)?.slice(1).map(Number);
  if (parts === undefined) return Number.NaN;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute) / 1000 + second;
}

/** `2.0` plays twice as fast, `-1` backward (RFC 2326 section 12.34). */
function speedOf(scale: string): number {
  const speed = Math.abs(Number(scale));
  return speed > 0 ? speed : 1;
}
