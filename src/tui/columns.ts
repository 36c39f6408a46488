/** Tables: which columns fit the width, how wide each is, and rows as padded pieces of text. */

import { type Line, type Span, span } from './line.ts';
import { fitText } from './text-width.ts';
import type { Role } from './theme.ts';

export interface Column<T> {
  readonly title: string;
  readonly width: number;
  /** May grow up to this, by need: columns share what is left in proportion. Absent: the width is fixed. */
  readonly most?: number;
  readonly align?: 'left' | 'right';
  /** Columns with a higher number go first when the screen is narrow; 0 always stays. */
  readonly rank: number;
  readonly cell: (row: T) => Cell;
}

export type Cell = string | readonly [text: string, role: Role];

export interface FittedColumn<T> {
  readonly column: Column<T>;
  readonly width: number;
}

/** Blank cells between columns. */
const GAP = 2;

/** The columns that fit into `width`, with their widths; those that stay keep their order. */
export function fitColumns<T>(columns: readonly Column<T>[], width: number): FittedColumn<T>[] {
  const kept = [...columns];
  while (kept.length > 1 && leastWidth(kept) > width) {
    const worst = kept.reduce((a, b) => (b.rank >= a.rank ? b : a));
    if (worst.rank === 0) break;
    kept.splice(kept.indexOf(worst), 1);
  }
  const spare = Math.max(0, width - leastWidth(kept));
  const wanted = kept.reduce((sum, column) => sum + growth(column), 0);
  const share = wanted === 0 ? 0 : Math.min(1, spare / wanted);
  return kept.map((column) => ({ column, width: column.width + Math.floor(growth(column) * share) }));
}

export function composeRow<T>(columns: readonly FittedColumn<T>[], item: T): Line {
  return layOut(columns, (column) => {
    const cell = column.cell(item);
    return typeof cell === 'string' ? [cell, 'plain'] : cell;
  });
}

/** Titles; `marked` says which column has a mark behind its title, such as the sort arrow. */
export function composeTitles<T>(columns: readonly FittedColumn<T>[], marked: string, mark: string): Line {
  return layOut(columns, ({ title }) => [title === marked ? `${title}${mark}` : title, 'dim']);
}

function layOut<T>(
  columns: readonly FittedColumn<T>[],
  cellOf: (column: Column<T>) => readonly [text: string, role: Role],
): Line {
  const spans: Span[] = [];
  columns.forEach(({ column, width }, index) => {
    const [text, role] = cellOf(column);
    const clean = span(text, role).text;
    if (index > 0) spans.push(span(' '.repeat(GAP)));
    spans.push({ text: fitText(clean, width, column.align), role });
  });
  return spans;
}

function leastWidth<T>(columns: readonly Column<T>[]): number {
  return columns.reduce((sum, column) => sum + column.width, GAP * (columns.length - 1));
}

function growth<T>(column: Column<T>): number {
  return Math.max(0, (column.most ?? column.width) - column.width);
}
