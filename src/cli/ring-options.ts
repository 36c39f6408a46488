/** `--ring` and `--ring-time`: when what is saved goes on in another file, and how many of them are left. */

import { InvalidArgumentError, Option } from 'commander';
import type { RingLimits } from '../capture/live/ring-files.ts';
import { parseDuration } from './duration.ts';
import { UsageError } from './host.ts';

interface RingBound {
  readonly amount: number;
  /** Null leaves all. */
  readonly files: number | null;
}

/** Unset where they were not given. */
export interface RingOptions {
  readonly ring?: RingBound;
  readonly ringTime?: RingBound;
}

const BYTES_OF_UNIT: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const LEAST_BYTES = 64 * 2 ** 10;
const MOST_FILES = 100_000;

export function ringOptions(): Option[] {
  return [
    new Option('--ring <size,count>', 'save to files of this size in turn, the latest ones left').argParser((text) => {
      const [size = '', count] = text.split(/,(.*)/s);
      if (count === undefined) throw new InvalidArgumentError('It must be a size and a count, such as 100M,20.');
      return { amount: parseSize(size), files: parseCount(count) };
    }),
    new Option('--ring-time <time[,count]>', 'save to files of this time each').argParser((text) => {
      const [time = '', count] = text.split(/,(.*)/s);
      return { amount: parseDuration(time), files: count === undefined ? null : parseCount(count) };
    }),
  ];
}

/** Null when neither was given; of two counts the smaller holds. */
export function ringLimits({ ring, ringTime }: RingOptions, writePath: string | undefined): RingLimits | null {
  if (ring === undefined && ringTime === undefined) return null;
  if (writePath === undefined)
    throw new UsageError('--ring and --ring-time need --write: they say how to save, not where');
  const counts = [ring?.files, ringTime?.files].filter((count) => count != null);
  return {
    mostBytes: ring?.amount ?? null,
    mostSeconds: ringTime?.amount ?? null,
    mostFiles: counts.length === 0 ? null : Math.min(...counts),
  };
}

function parseSize(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,9})([KMG])$/.exec(text.toUpperCase()) ?? [];
  const bytes = Number(amount) * (BYTES_OF_UNIT[unit] ?? 0);
  if (bytes < LEAST_BYTES) throw new InvalidArgumentError('The size must be 64K or more, such as 100M or 2G.');
  return bytes;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST_FILES)
    throw new InvalidArgumentError(`The count must be a whole number from 1 to ${MOST_FILES}.`);
  return count;
}
