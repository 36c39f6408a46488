/** Counts, sizes, spans of time and moments as short text. */

export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Short enough for a tab: `950`, `12k`, `1.2M`. */
export function formatCompact(value: number): string {
  if (value < 10_000) return String(value);
  if (value < 999_500) return `${Math.round(value / 1000)}k`;
  return `${(value / 1_000_000).toFixed(value < 9_950_000 ? 1 : 0)}M`;
}

/** `count` with its noun: `1 flow`, `2 flows`, `3 matches` (`noun` ends in `s` when there is one of it: pass `plural`). */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

const SIZE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Decimal units, three digits. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${SIZE_UNITS[unit]}`;
}

/** `35 ms`, `11.4 s`, `2 min 05 s`, `3 h 07 min`. */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
}

export const TIME_FORMATS = ['utc', 'local', 'relative'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];

/** What times count from: whole seconds since 1970, and the first moment of the capture in nanoseconds after them. */
export interface TimeBase {
  readonly originSeconds: number;
  readonly firstTime: number;
}

/** The time of day with milliseconds (`12:00:01.039`), or seconds since the first frame (`+1.039`). */
export function formatMoment(time: number, base: TimeBase, format: TimeFormat): string {
  if (format === 'relative') return `+${((time - base.firstTime) / 1e9).toFixed(3)}`;
  const date = dateOf(time, base.originSeconds);
  if (format === 'utc') return date.toISOString().slice(11, 23);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits);
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** The day and time of day with its zone: `2026-11-21 12:00:01 UTC`. */
export function formatDay(time: number, base: TimeBase, format: TimeFormat): string {
  const date = dateOf(time, base.originSeconds);
  if (format !== 'local') return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  return `${day} ${formatMoment(time, base, 'local').slice(0, 8)} local`;
}

/** The years 1 to 9999, in milliseconds: damaged captures tell of times that no date can hold. */
const EARLIEST_MS = -62_135_596_800_000;
const LATEST_MS = 253_402_300_799_999;

function dateOf(time: number, originSeconds: number): Date {
  const milliseconds = originSeconds * 1000 + Math.floor(time / 1e6);
  return new Date(Math.max(EARLIEST_MS, Math.min(LATEST_MS, milliseconds)));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
