/** Times as they are typed: `90`, `15m`, `2h`. */

import { InvalidArgumentError } from 'commander';

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** The longest that a timer takes. */
const MOST_SECONDS = 2_147_483;

/** Seconds. Throws for commander. */
export function parseDuration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const seconds = amount === '' ? Number.NaN : Number(amount) * (SECONDS_OF_UNIT[unit] ?? 1);
  if (!(seconds >= 1 && seconds <= MOST_SECONDS))
    throw new InvalidArgumentError('It must be a time from 1s to 24d, such as 90, 15m or 2h.');
  return seconds;
}
