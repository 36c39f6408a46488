/** Moments as the person wants to read them: in UTC, in local time, or since the first frame. */

import { formatDay, formatLocalDay, formatTimeOfDay } from '../format/time.ts';
import type { Scene } from './views/view.ts';

/** Where in `formatLocalDay` the time of day stands. */
const TIME_OF_DAY = [11, 19] as const;
const MILLISECONDS = [8, 12] as const;

/** The time of day with milliseconds (`12:00:01.039`), or seconds since the first frame (`+1.039`). */
export function formatMoment(time: number, { data, state }: Scene): string {
  const { originSeconds, totals } = data.snapshot;
  if (state.timeFormat === 'relative') return `+${((time - (totals.firstTime ?? 0)) / 1e9).toFixed(3)}`;
  const utc = formatTimeOfDay(time, originSeconds);
  if (state.timeFormat === 'utc') return utc.slice(0, MILLISECONDS[1]);
  return formatLocalDay(time, originSeconds).slice(...TIME_OF_DAY) + utc.slice(...MILLISECONDS);
}

/** The same without the part of a second. */
export function formatSecond(time: number, scene: Scene): string {
  return formatMoment(time, scene).replace(/\.\d+$/, '');
}

/** With the day and the zone: `2026-11-21 12:00:01 UTC`. */
export function formatDate(time: number, { data, state }: Scene): string {
  const { originSeconds } = data.snapshot;
  return state.timeFormat === 'local' ? formatLocalDay(time, originSeconds) : formatDay(time, originSeconds);
}
