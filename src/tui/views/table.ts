/** Views that are tables: titles, rows with a cursor, and below them what there is to say of the chosen row. */

import type { Verdict } from '../../verdict/finding.ts';
import { type Column, composeRow, composeTitles, type FittedColumn, fitColumns } from '../columns.ts';
import { isProblem } from '../flow-text.ts';
import { type Line, line, span } from '../line.ts';
import type { Position, Shape } from '../scroll.ts';
import {
  type Copy,
  fitLines,
  type Goal,
  type Row,
  row,
  ruleRow,
  type Scene,
  type TextLine,
  type View,
} from './view.ts';

/** Cells before the first column, for the cursor's mark. */
const GUTTER = 2;
const TITLE_ROWS = 1;

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
  /** Tells the chosen row in full, in the rows that the list leaves. */
  foot?(item: T, scene: Scene): readonly TextLine[];
  /** So many are left however short the screen is. */
  readonly footRows?: number;
  /** This part of a tall screen is left however long the list is. */
  readonly footShare?: number;
  /** Flows whose details it tells of. */
  wants?(item: T): readonly number[];
  open?(item: T, scene: Scene): Goal | null;
  copy?(item: T): Copy;
  /** In one line, where there is no room below the list. */
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
      const item = hasFoot(table, scene) ? null : itemAt(scene, cursor);
      return item === null ? '' : (table.remark?.(item, scene) ?? '');
    },
    wants(scene, cursor) {
      const item = hasFoot(table, scene) ? itemAt(scene, cursor) : null;
      return item === null ? [] : (table.wants?.(item) ?? []);
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

/** Rows from which on a list can spare some. */
const TALL = 30;
/** The line between the two. */
const RULE_ROWS = 1;
/** Less is not worth the line above it. */
const LEAST_FOOT = 3;

function tableShape<T>(table: Table<T>, scene: Scene): Extract<Shape, { kind: 'list' }> {
  const { count } = table.items(scene);
  const body = Math.max(1, scene.height - TITLE_ROWS);
  return { kind: 'list', count, itemRows: 1, titleRows: TITLE_ROWS, room: body - footRoom(table, scene, body - count) };
}

/** Rows below the list, the line above them included; `unused` are more than the list has items for. */
function footRoom<T>({ foot, footRows = 0, footShare = 0 }: Table<T>, { height }: Scene, unused: number): number {
  if (foot === undefined) return 0;
  const least = footRows === 0 ? 0 : footRows + RULE_ROWS;
  const share = height >= TALL ? Math.floor(height * footShare) : 0;
  const room = Math.min(height - TITLE_ROWS - 1, Math.max(least, share, unused));
  return room < LEAST_FOOT + RULE_ROWS ? 0 : room;
}

/** Whether the rows below the list tell of the chosen one. */
function hasFoot<T>(table: Table<T>, scene: Scene): boolean {
  return tableShape(table, scene).room < scene.height - TITLE_ROWS;
}

function drawTable<T>(table: Table<T>, scene: Scene, position: Position): Row[] {
  const shape = tableShape(table, scene);
  const items = table.items(scene);
  const columns = fitColumns(table.columns(scene), scene.width - GUTTER - 1, itemsAround(items, position, shape.room));
  const [ordered, mark] = table.order?.(scene, columns) ?? ['', ''];
  const titles = row([span(' '.repeat(GUTTER)), ...composeTitles(columns, ordered, mark)]);
  if (shape.count === 0) return [titles, row(line(`  ${table.emptyText(scene)}`, 'dim'))];
  return [
    titles,
    ...bodyRows(items, columns, scene, position, shape.room),
    ...footRows(table, scene, position, shape.room),
  ];
}

/** Those on screen and a screen on either side, by which columns are fitted: they keep still while one scrolls a little. */
function itemsAround<T>(items: Items<T>, { top }: Position, room: number): T[] {
  const first = Math.max(0, top - room);
  const length = Math.max(0, Math.min(items.count, top + 2 * room) - first);
  return Array.from({ length }, (_, place) => items.at(first + place)).filter((item) => item !== null);
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

function footRows<T>(table: Table<T>, scene: Scene, { cursor }: Position, listRoom: number): Row[] {
  const item = table.items(scene).at(cursor);
  const room = scene.height - TITLE_ROWS - listRoom - RULE_ROWS;
  if (table.foot === undefined || item === null || room < LEAST_FOOT) return [];
  return [ruleRow(scene), ...fitLines(table.foot(item, scene), room).map((part) => row(part.line))];
}
