/** Tables: which columns fit the width, how wide each is, and rows as padded pieces of text. */

import { type Line, type Span, span } from './line.ts';
import { cutMiddle, fitText, textWidth } from './text-width.ts';
import type { Role } from './theme.ts';

export interface Column<T> {
  readonly title: string;
  /** What it keeps where room is short, or less where its cells need less. */
  readonly width: number;
  /** May grow up to this. Absent: the width is fixed. */
  readonly most?: number;
  readonly align?: 'left' | 'right';
  /** Where a long text is cut; in the middle, an address keeps its port. */
  readonly cut?: 'end' | 'middle';
  /** Columns with a higher number go first when the screen is narrow; 0 always stays. */
  readonly rank: number;
  readonly cell: (row: T) => Cell;
  /** What rows are ordered by, where this column can order them; null comes last. */
  readonly order?: (row: T) => number | string | null;
}

export type Cell = string | readonly [text: string, role: Role];

export interface FittedColumn<T> {
  readonly column: Column<T>;
  readonly width: number;
}

/** Blank cells between columns. */
const GAP = 2;

interface SizedColumn<T> {
  readonly column: Column<T>;
  readonly needed: number;
  least: number;
}

/** Columns that may grow are cut no shorter than this where even the important ones have no room. */
const SHORTEST = 8;

/**
 * The columns that fit into `width`, with their widths; those that stay keep their order. Those that may grow take what the
 * cells of `items` need, the important ones first: room for words that are not there would cut others short.
 */
export function fitColumns<T>(columns: readonly Column<T>[], width: number, items: readonly T[]): FittedColumn<T>[] {
  const kept = keptColumns(roomyColumns(columns, width, items), width);
  shrink(kept, leastWidth(kept) - width);
  const widths = new Map(kept.map(({ column, least }) => [column, least]));
  let spare = Math.max(0, width - leastWidth(kept));
  for (const rank of [...new Set(kept.map(({ column }) => column.rank))].sort((a, b) => a - b)) {
    const equals = kept.filter(({ column }) => column.rank === rank);
    const wanted = equals.reduce((sum, { needed, least }) => sum + needed - least, 0);
    const share = Math.min(1, spare / Math.max(1, wanted));
    for (const { column, needed, least } of equals) {
      const more = Math.floor((needed - least) * share);
      widths.set(column, least + more);
      spare -= more;
    }
  }
  return kept.map(({ column, least }) => ({ column, width: widths.get(column) ?? least }));
}

/** Those of least importance leave until the others fit; what has room beside those comes back, the important ones first. */
function keptColumns<T>(columns: readonly SizedColumn<T>[], width: number): SizedColumn<T>[] {
  const byRank = columns.toSorted((a, b) => a.column.rank - b.column.rank);
  const kept = byRank.filter(({ column }, place) => column.rank === 0 || place === 0);
  for (const each of byRank.slice(kept.length)) {
    if (leastWidth([...kept, each]) <= width) kept.push(each);
  }
  return columns.filter((each) => kept.includes(each));
}

/** Takes `excess` cells from the columns that can spare some, the widest first. */
function shrink<T>(columns: readonly SizedColumn<T>[], excess: number): void {
  const flexible = columns.filter(({ column }) => column.most !== undefined);
  for (let left = excess; left > 0; left--) {
    const widest = flexible.reduce((a, b) => (b.least > a.least ? b : a), flexible[0] ?? { least: 0 });
    if (widest.least <= SHORTEST) return;
    widest.least--;
  }
}

/** All of them; without those that say nothing of any item, where the others need their room. */
function roomyColumns<T>(columns: readonly Column<T>[], width: number, items: readonly T[]): SizedColumn<T>[] {
  const sized = columns.map((column): SizedColumn<T> => {
    const needed = neededWidth(column, items);
    return { column, needed, least: Math.min(column.width, needed) };
  });
  const wanted = sized.reduce((sum, { needed }) => sum + needed + GAP, -GAP);
  if (wanted <= width || items.length === 0) return sized;
  return sized.filter(({ column }) => column.rank === 0 || items.some((item) => cellOf(column, item)[0] !== ''));
}

function leastWidth<T>(columns: readonly SizedColumn<T>[]): number {
  return columns.reduce((sum, { least }) => sum + least, GAP * (columns.length - 1));
}

/** Room for the mark of the order behind a title. */
const MARK_WIDTH = 1;

function neededWidth<T>(column: Column<T>, items: readonly T[]): number {
  const { title, width, most = width } = column;
  if (most === width) return width;
  const widest = items.reduce((sum, item) => Math.max(sum, textWidth(cellOf(column, item)[0])), 0);
  return Math.min(most, Math.max(textWidth(title) + MARK_WIDTH, widest));
}

/** Text that is safe to print, and its role. */
function cellOf<T>(column: Column<T>, item: T): readonly [text: string, role: Role] {
  const cell = column.cell(item);
  const [text, role] = typeof cell === 'string' ? [cell, 'plain' as const] : cell;
  return [span(text).text, role];
}

export function composeRow<T>(columns: readonly FittedColumn<T>[], item: T): Line {
  return layOut(columns, (column) => cellOf(column, item));
}

/** Titles; `marked` says which column has a mark behind its title, such as the sort arrow. */
export function composeTitles<T>(columns: readonly FittedColumn<T>[], marked: string, mark: string): Line {
  return layOut(columns, ({ title }) => [title === marked ? `${title}${mark}` : title, 'dim']);
}

function layOut<T>(
  columns: readonly FittedColumn<T>[],
  textOf: (column: Column<T>) => readonly [text: string, role: Role],
): Line {
  const spans: Span[] = [];
  columns.forEach(({ column, width }, index) => {
    const [text, role] = textOf(column);
    const cut = column.cut === 'middle' ? cutMiddle(text, width) : text;
    if (index > 0) spans.push(span(' '.repeat(GAP)));
    spans.push({ text: fitText(cut, width, column.align), role });
  });
  return spans;
}
