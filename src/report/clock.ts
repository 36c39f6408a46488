/** Moments as a report shows them: times of day in UTC, with the day where there are several days. */

import { formatLocalDay, formatTimeOfDay, formatTimestamp, localOffsetMinutes } from '../format/time.ts';

export type Clock = (time: number) => string;

const DAY_LENGTH = 10;

/** For moments from `first` to `last`. */
export function clockOf(first: number, last: number, originSeconds: number): Clock {
  const dayOf = (time: number) => formatTimestamp(time, originSeconds).slice(0, DAY_LENGTH);
  const isOneDay = dayOf(first) === dayOf(last);
  return (time) => `${isOneDay ? '' : `${dayOf(time)} `}${formatTimeOfDay(time, originSeconds)}`;
}

/** For the end of an axis: in UTC and, where that differs, in the zone of this machine. */
export function axisText(time: number, clock: Clock, originSeconds: number): string {
  if (localOffsetMinutes(time, originSeconds) === 0) return `${clock(time)} UTC`;
  return `${clock(time)} UTC (${formatLocalDay(time, originSeconds).slice(DAY_LENGTH + 1)})`;
}
