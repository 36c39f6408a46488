/** Counts, sizes and rates as short text. */

/** `1,234,567`. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count with its noun: `1 flow`, `2,000 flows`; `plural` for nouns that do not just take an s. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

const PREFIXES = ['', 'k', 'M', 'G', 'T'];

/** Decimal units, three digits: `999 B`, `1.23 MB`. */
export function formatBytes(bytes: number): string {
  return withUnit(bytes, 'B');
}

/** Decimal units, three digits: `4.00 Mbit/s`; `-` when no time has passed. */
export function formatBitRate(bytes: number, seconds: number): string {
  return seconds > 0 ? withUnit((bytes * 8) / seconds, 'bit/s') : '-';
}

function withUnit(amount: number, unit: string): string {
  let value = amount;
  let power = 0;
  while (value >= 999.5 && power < PREFIXES.length - 1) {
    value /= 1000;
    power++;
  }
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${PREFIXES[power]}${unit}`;
}

/** One digit below ten percent, and never `0.0%` for something that did happen. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return '-';
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 0.05) return '<0.1%';
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)}%`;
}
