/** Views that are tables: titles, rows with a cursor, and below them what there is to say of the chosen row. */

import { isProblem, type Verdict } from '../../verdict/finding.ts';
import { type Column, composeRow, composeTitles, type FittedColumn, fitColumns } from '../columns.ts';
import type { Data } from '../data.ts';
import { type Line, line, span } from '../line.ts';
import type { Position, Shape } from '../scroll.ts';
import { currentPosition, tableChoice } from '../state.ts';
import type { Order } from '../table-choice.ts';
import {
  type ColumnState,
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
/** Behind all columns that never leave, before all others. */
const WANTED_RANK = 0.5;

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
  const itemsOf = orderedItems(table);
  const itemAt = (scene: Scene, index: number) => itemsOf(scene).at(index);
  return {
    shape: (scene) => tableShape(table, itemsOf(scene), scene),
    draw: (scene, position) => drawTable(table, itemsOf(scene), scene, position),
    identify(scene, cursor) {
      const item = itemAt(scene, cursor);
      return item === null ? null : table.identify(item);
    },
    locate(scene, id) {
      const place = itemsOf(scene).findIndex((item) => table.identify(item) === id);
      return place < 0 ? null : place;
    },
    open(scene, cursor) {
      const item = itemAt(scene, cursor);
      return item === null ? null : (table.open?.(item, scene) ?? null);
    },
    copy(scene, cursor) {
      const item = itemAt(scene, cursor);
      return item === null ? null : (table.copy?.(item) ?? copyRow(table.columns(scene), item));
    },
    remark(scene, cursor) {
      const item = hasFoot(table, itemsOf(scene), scene) ? null : itemAt(scene, cursor);
      return item === null ? '' : (table.remark?.(item, scene) ?? '');
    },
    wants(scene, cursor) {
      const item = hasFoot(table, itemsOf(scene), scene) ? itemAt(scene, cursor) : null;
      return item === null ? [] : (table.wants?.(item) ?? []);
    },
    orders: (scene) => ordersOf(table, itemsOf(scene), scene),
    columns: (scene) => columnStates(table, itemsOf(scene), scene),
    findProblem(scene, cursor, by) {
      const items = itemsOf(scene);
      for (let at = cursor + by; at >= 0 && at < items.count; at += by) {
        const item = items.at(at);
        if (item === null) return null;
        if (isProblem(table.verdict?.(item) ?? 'ok')) return at;
      }
      return null;
    },
  };
}

/** All columns, those too for which the screen has no room. */
function copyRow<T>(columns: readonly Column<T>[], item: T): Copy {
  const cells = columns.map(({ title, cell }) => {
    const content = cell(item);
    return [title, typeof content === 'string' ? content : content[0]] as const;
  });
  const told = cells.filter(([, content]) => content !== '').map(([title, content]) => `${title}: ${content}`);
  return { kind: 'text', what: 'the row', text: span(told.join('  ')).text };
}

/** As the person wants them; a screen asks for them several times over. */
function orderedItems<T>(table: Table<T>): (scene: Scene) => Items<T> {
  const known = new WeakMap<Data, { readonly order: Order | null; readonly key: string; readonly items: Items<T> }>();
  return (scene) => {
    const { order } = tableChoice(scene.state);
    const key = `${scene.state.isProblemsOnly} ${scene.state.filter}`;
    const last = known.get(scene.data);
    if (last !== undefined && last.order === order && last.key === key) return last.items;
    const items = inOrder(table, order, table.items(scene), scene);
    known.set(scene.data, { order, key, items });
    return items;
  };
}

/** Equal ones stay in the order of the view; what has no value comes last either way. */
function inOrder<T>(table: Table<T>, order: Order | null, items: Items<T>, scene: Scene): Items<T> {
  const value = table.columns(scene).find(({ title }) => title === order?.title)?.order;
  if (order === null || value === undefined) return items;
  const rows = allOf(items).map((item) => ({ item, value: value(item) }));
  const sign = order.isDescending ? -1 : 1;
  rows.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return a.value === b.value ? 0 : a.value < b.value ? -sign : sign;
  });
  return arrayItems(rows.map(({ item }) => item));
}

function allOf<T>(items: Items<T>): T[] {
  return Array.from({ length: items.count }, (_, index) => items.at(index)).filter((item) => item !== null);
}

/** Amounts begin with the largest, everything else in its natural order. */
function ordersOf<T>(table: Table<T>, items: Items<T>, scene: Scene): Order[] {
  const rows = allOf(items);
  return table.columns(scene).flatMap(({ title, order }) => {
    if (order === undefined) return [];
    return [{ title, isDescending: rows.some((item) => typeof order(item) === 'number') }];
  });
}

/** Those that are wanted, and wanted most. */
function wantedColumns<T>(table: Table<T>, scene: Scene): Column<T>[] {
  const { columns } = tableChoice(scene.state);
  const wanted = table.columns(scene).filter(({ title }) => columns[title] !== 'hidden');
  return wanted.map((column) => (columns[column.title] === 'shown' ? { ...column, rank: WANTED_RANK } : column));
}

function fittedColumns<T>(table: Table<T>, items: Items<T>, scene: Scene, position: Position): FittedColumn<T>[] {
  const { room } = tableShape(table, items, scene);
  return fitColumns(wantedColumns(table, scene), scene.width - GUTTER - 1, itemsAround(items, position, room));
}

function columnStates<T>(table: Table<T>, items: Items<T>, scene: Scene): ColumnState[] {
  const fitted = fittedColumns(table, items, scene, currentPosition(scene.state));
  const { columns } = tableChoice(scene.state);
  return table.columns(scene).map(({ title }) => {
    if (fitted.some(({ column }) => column.title === title)) return { title, place: 'shown' };
    return { title, place: columns[title] === 'hidden' ? 'hidden' : 'no room' };
  });
}

/** Rows from which on a list can spare some. */
const TALL = 30;
/** The line between the two. */
const RULE_ROWS = 1;
/** Less is not worth the line above it. */
const LEAST_FOOT = 3;

function tableShape<T>(table: Table<T>, { count }: Items<T>, scene: Scene): Extract<Shape, { kind: 'list' }> {
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
function hasFoot<T>(table: Table<T>, items: Items<T>, scene: Scene): boolean {
  return tableShape(table, items, scene).room < scene.height - TITLE_ROWS;
}

function drawTable<T>(table: Table<T>, items: Items<T>, scene: Scene, position: Position): Row[] {
  const shape = tableShape(table, items, scene);
  const columns = fittedColumns(table, items, scene, position);
  const [ordered, mark] = table.order?.(scene, columns) ?? orderMark(scene);
  const titles = row([span(' '.repeat(GUTTER)), ...composeTitles(columns, ordered, mark)]);
  if (shape.count === 0) return [titles, row(line(`  ${table.emptyText(scene)}`, 'dim'))];
  return [
    titles,
    ...bodyRows(items, columns, scene, position, shape.room),
    ...footRows(table, items.at(position.cursor), scene, shape.room),
  ];
}

function orderMark({ state, marks }: Scene): readonly [title: string, mark: string] {
  const { order } = tableChoice(state);
  return order === null ? ['', ''] : [order.title, order.isDescending ? marks.down : marks.up];
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

function footRows<T>(table: Table<T>, item: T | null, scene: Scene, listRoom: number): Row[] {
  const room = scene.height - TITLE_ROWS - listRoom - RULE_ROWS;
  if (table.foot === undefined || item === null || room < LEAST_FOOT) return [];
  return [ruleRow(scene), ...fitLines(table.foot(item, scene), room).map((part) => row(part.line))];
}
