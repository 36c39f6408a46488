/** Values over time as rows of blocks, an eighth of a cell fine; in ASCII where the terminal shows no more. */

import type { Marks } from './theme.ts';

/** `cells` values for any number of them: each the mean, or with `isPeak` the largest, of its share. */
export function resample(values: readonly number[], cells: number, isPeak = false): number[] {
  return Array.from({ length: cells }, (_, cell) => {
    const from = (cell * values.length) / cells;
    const to = Math.max(from, ((cell + 1) * values.length) / cells);
    const share = values.slice(Math.floor(from), Math.max(Math.floor(from) + 1, Math.ceil(to)));
    if (share.length === 0) return 0;
    return isPeak ? Math.max(...share) : share.reduce((sum, value) => sum + value) / share.length;
  });
}

/** One row: nothing is blank, the largest is full, and what is more than nothing shows. */
export function sparkline(values: readonly number[], cells: number, { levels }: Marks, isPeak = false): string {
  const sampled = resample(values, cells, isPeak);
  const most = Math.max(...sampled, Number.MIN_VALUE);
  return sampled.map((value) => levelOf((value / most) * levels.length, levels)).join('');
}

/** The same in several rows, the highest first. */
export function chartRows(values: readonly number[], cells: number, rows: number, { levels }: Marks): string[] {
  const sampled = resample(values, cells);
  const most = Math.max(...sampled, Number.MIN_VALUE);
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * levels.length;
    return sampled
      .map((value) => {
        const height = Math.max(value > 0 ? 1 : 0, (value / most) * rows * levels.length);
        return levelOf(height - below, levels);
      })
      .join('');
  });
}

function levelOf(height: number, levels: readonly string[]): string {
  if (height <= 0) return ' ';
  return levels[Math.min(levels.length, Math.max(1, Math.round(height))) - 1] ?? ' ';
}
