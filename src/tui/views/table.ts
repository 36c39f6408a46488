/** Views that are tables: titles, rows with a cursor, and below them what there is to say of the chosen row. */

import type { Verdict } from '../../verdict/finding.ts';
import { type Column, composeRow, composeTitles, type FittedColumn, fitColumns } from '../columns.ts';
import { isProblem } from '../flow-text.ts';
import { type Line, line, span } from '../line.ts';
import type { Position, Shape } from '../scroll.ts';
import { BLANK, type Copy, type Goal, type Row, row, type Scene, type TextLine, type View } from './view.ts';

/** Cells before the first column, for the cursor's mark. */
const GUTTER = 2;

/** The rows, of which not all need to be there. */
export interface Items<T> {
  readonly count: number;
  /** Null while the row is being asked for. */
  at(index: number): T | null;
  /** The place of the first item that is there and as wanted, -1 when none is. */
  findIndex(isWanted: (item: T) => boolean): number;
}

export interface Table<T> {
  items(scene: Scene): Items<T>;
  columns(scene: Scene): readonly Column<T>[];
  /** What stays the same of an item when its rank changes. */
  identify(item: T): string;
  /** What stands there when there is no row. */
  emptyText(scene: Scene): string;
  /** Title of the column that orders the rows, and the mark behind it. */
  order?(scene: Scene, columns: readonly FittedColumn<T>[]): readonly [title: string, mark: string];
  /** Tells the chosen row in full, in at most `footRows` rows. */
  foot?(item: T, scene: Scene): readonly TextLine[];
  readonly footRows?: number;
  open?(item: T, scene: Scene): Goal | null;
  copy?(item: T): Copy;
  remark?(item: T, scene: Scene): string;
  verdict?(item: T): Verdict;
}

export function arrayItems<T>(array: readonly T[]): Items<T> {
  return {
    count: array.length,
    at: (index) => array[index] ?? null,
    findIndex: (isWanted) => array.findIndex(isWanted),
  };
}

export function tableView<T>(table: Table<T>): View {
  const itemAt = (scene: Scene, index: number) => table.items(scene).at(index);
  return {
    shape: (scene) => tableShape(table, scene),
    draw: (scene, position) => drawTable(table, scene, position),
    identify(scene, cursor) {
      const item = itemAt(scene, cursor);
      return item === null ? null : table.identify(item);
    },
    locate(scene, id) {
      const place = table.items(scene).findIndex((item) => table.identify(item) === id);
      return place < 0 ? null : place;
    },
    open(scene, cursor) {
      const item = itemAt(scene, cursor);
      return item === null ? null : (table.open?.(item, scene) ?? null);
    },
    copy(scene, cursor) {
      const item = itemAt(scene, cursor);
      return item === null ? null : (table.copy?.(item) ?? null);
    },
    remark(scene, cursor) {
      const item = itemAt(scene, cursor);
      return item === null ? '' : (table.remark?.(item, scene) ?? '');
    },
    findProblem(scene, cursor, by) {
      const items = table.items(scene);
      for (let at = cursor + by; at >= 0 && at < items.count; at += by) {
        const item = items.at(at);
        if (item === null) return null;
        if (isProblem(table.verdict?.(item) ?? 'ok')) return at;
      }
      return null;
    },
  };
}

function tableShape<T>(table: Table<T>, scene: Scene): Extract<Shape, { kind: 'list' }> {
  const foot = table.foot === undefined ? 0 : (table.footRows ?? 0) + 1;
  const room = Math.max(1, scene.height - 1 - foot);
  return { kind: 'list', count: table.items(scene).count, itemRows: 1, titleRows: 1, room };
}

function drawTable<T>(table: Table<T>, scene: Scene, position: Position): Row[] {
  const columns = fitColumns(table.columns(scene), scene.width - GUTTER - 1);
  const [ordered, mark] = table.order?.(scene, columns) ?? ['', ''];
  const titles = row([span(' '.repeat(GUTTER)), ...composeTitles(columns, ordered, mark)]);
  const shape = tableShape(table, scene);
  if (shape.count === 0) return [titles, row(line(`  ${table.emptyText(scene)}`, 'dim'))];
  return [
    titles,
    ...bodyRows(table.items(scene), columns, scene, position, shape.room),
    ...footRows(table, scene, position),
  ];
}

function bodyRows<T>(
  items: Items<T>,
  columns: readonly FittedColumn<T>[],
  { marks }: Scene,
  { cursor, top }: Position,
  room: number,
): Row[] {
  const length = Math.max(0, Math.min(items.count - top, room));
  return Array.from({ length }, (_, place) => {
    const item = items.at(top + place);
    const isSelected = top + place === cursor;
    const gutter = span(isSelected ? `${marks.cursor} ` : ' '.repeat(GUTTER), 'key');
    const cells: Line = item === null ? line(marks.dot, 'dim') : composeRow(columns, item);
    return row([gutter, ...cells], isSelected);
  });
}

function footRows<T>(table: Table<T>, scene: Scene, { cursor }: Position): Row[] {
  const item = table.items(scene).at(cursor);
  if (table.foot === undefined || item === null) return [];
  const lines = table.foot(item, scene).slice(0, table.footRows);
  return [BLANK, ...lines.map((part) => row(part.line))];
}
