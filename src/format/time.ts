/** Moments and spans of time as text. Moments are nanoseconds since an origin in whole seconds since 1970. */

const SECOND_NS = 1e9;
/** The years 1 to 9999, which RFC 3339 can write: damaged captures tell of others, shown as the nearest of these. */
const EARLIEST_SECONDS = -62_135_596_800;
const LATEST_SECONDS = 253_402_300_799;

/** RFC 3339 in UTC with all nine digits: `2026-11-21T10:00:01.039000000Z`. */
export function formatTimestamp(time: number, originSeconds: number): string {
  const { date, nanoseconds } = split(time, originSeconds);
  return `${date.toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`;
}

/** Time of day in UTC, to the microsecond: `10:00:01.039000`. */
export function formatTimeOfDay(time: number, originSeconds: number): string {
  return formatTimestamp(time, originSeconds).slice(11, 26);
}

/** `2026-11-21 10:00:01 UTC`. */
export function formatDay(time: number, originSeconds: number): string {
  return `${formatTimestamp(time, originSeconds).slice(0, 19).replace('T', ' ')} UTC`;
}

/** The same moment in the zone of this machine: `2026-11-21 11:00:01 +01:00`. */
export function formatLocalDay(time: number, originSeconds: number): string {
  const aheadMinutes = localOffsetMinutes(time, originSeconds);
  const shifted = formatTimestamp(time, originSeconds + aheadMinutes * 60);
  return `${shifted.slice(0, 19).replace('T', ' ')} ${formatOffset(aheadMinutes)}`;
}

/** Minutes that the zone of this machine is ahead of UTC at that moment. */
export function localOffsetMinutes(time: number, originSeconds: number): number {
  return -split(time, originSeconds).date.getTimezoneOffset();
}

/** `+01:00`, `-03:30`. */
export function formatOffset(aheadMinutes: number): string {
  const zone = Math.abs(aheadMinutes);
  return `${aheadMinutes < 0 ? '-' : '+'}${twoDigits(Math.floor(zone / 60))}:${twoDigits(zone % 60)}`;
}

/** `0.4 ms`, `35 ms`, `11.4 s`, `2 min 05 s`, `3 h 07 min`. */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 999.5) return `${milliseconds.toFixed(milliseconds < 9.95 ? 1 : 0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function split(time: number, originSeconds: number): { date: Date; nanoseconds: number } {
  const remainder = time % SECOND_NS;
  const nanoseconds = Math.floor(remainder < 0 ? remainder + SECOND_NS : remainder);
  const seconds = originSeconds + Math.round((time - nanoseconds) / SECOND_NS);
  return { date: new Date(Math.min(LATEST_SECONDS, Math.max(EARLIEST_SECONDS, seconds)) * 1000), nanoseconds };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
