/** Moments in a filter expression: `10:02`, `2026-11-21T10:02Z`, `+30s` from the start, `-5m` before the end. */

import type { FieldCondition } from './field-condition.ts';

const TIME_OF_DAY = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/;
const DISTANCE = /^([+-])(\d+(?:\.\d+)?)(s|m|h|)$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/i;
const UNIT_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };
const DAY_SECONDS = 86_400;

/** Seconds since 1970. Without a zone, times are UTC. */
export function parseMoment(condition: FieldCondition): number {
  const { comparison, value, span, fail } = condition;
  if (comparison !== ':' && comparison !== '=') fail('use a colon before a time');
  const distance = DISTANCE.exec(value);
  if (distance !== null) {
    const seconds = Number(distance[2]) * (UNIT_SECONDS[distance[3] ?? ''] ?? 1);
    return distance[1] === '+' ? span.start + seconds : span.end - seconds;
  }
  const timeOfDay = TIME_OF_DAY.exec(value);
  if (timeOfDay !== null) {
    const [hours, minutes, seconds] = [Number(timeOfDay[1]), Number(timeOfDay[2]), Number(timeOfDay[3] ?? 0)];
    if (hours > 23 || minutes > 59 || seconds >= 60) fail(`'${value}' is not a time of day`);
    return placeTimeOfDay(hours * 3600 + minutes * 60 + seconds, span);
  }
  return parseDate(value) ?? fail(`'${value}' is not a time: write 10:02, 2026-11-21T10:02Z, +30s or -5m`);
}

/** On the day on which the capture starts; on the next one when it starts later in the day and runs past midnight. */
function placeTimeOfDay(seconds: number, { start, end }: FieldCondition['span']): number {
  const moment = Math.floor(start / DAY_SECONDS) * DAY_SECONDS + seconds;
  return moment < start && moment + DAY_SECONDS <= end ? moment + DAY_SECONDS : moment;
}

function parseDate(text: string): number | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const hasTime = text.length > 'yyyy-mm-dd'.length;
  const milliseconds = Date.parse(hasTime && match[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
}
