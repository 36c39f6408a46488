/** The rows of the start screen. */

import { cutLine, hanging, type Line, line, lineWidth, span, spread } from '../line.ts';
import { cutMiddle, fitText, textWidth } from '../text-width.ts';
import type { Marks } from '../theme.ts';
import { BLANK, type Row, row } from '../views/view.ts';
import { hindranceOf, type StartItem, type StartState, startItems } from './start-state.ts';

const TITLE_ROWS = 3;
const FOOTER_ROWS = 1;
/** Cells of the names: as many as the longest needs, within these and half of the screen. */
const LEAST_NAME = 16;
const MOST_NAME = 60;
const SLOGAN = 'which media streams work, which are blocked, and how we know';

/** `item` is the index of what stands in it, null for headings and the like. */
interface BodyRow {
  readonly row: Row;
  readonly item: number | null;
}

export function layOutStart(state: StartState, marks: Marks): Row[] {
  const { columns, rows } = state;
  const title: Row[] = [row([span(' mediatap  ', 'accent'), span(SLOGAN, 'dim')]), BLANK, BLANK];
  const notice = noticeRows(state);
  const room = bodyRoom(state);
  const body = shownRows(state, marks, room).map((part) => part.row);
  const blanks = Array.from({ length: Math.max(0, room - body.length) }, () => BLANK);
  return [...title, ...body, ...blanks, ...notice, row(footer(columns))].slice(0, rows);
}

/** Index of the item in a row of the screen, null where there is none. */
export function startItemAt(state: StartState, marks: Marks, screenRow: number): number | null {
  return shownRows(state, marks, bodyRoom(state))[screenRow - TITLE_ROWS]?.item ?? null;
}

function bodyRoom(state: StartState): number {
  return Math.max(1, state.rows - TITLE_ROWS - FOOTER_ROWS - noticeRows(state).length);
}

/** As many rows as fit, with the selected one among them. */
function shownRows(state: StartState, marks: Marks, room: number): readonly BodyRow[] {
  const rows = bodyRows(state, marks);
  const selected = rows.findIndex(({ item }) => item === state.cursor);
  const top = Math.max(0, Math.min(rows.length - room, selected - Math.floor(room / 2)));
  return rows.slice(top, top + room);
}

function bodyRows(state: StartState, marks: Marks): BodyRow[] {
  const items = startItems(state.offer);
  const widest = Math.max(...items.map(({ name }) => textWidth(span(name).text)));
  const width = Math.max(LEAST_NAME, Math.min(widest, MOST_NAME, state.columns >> 1));
  const other = (part: Row): BodyRow => ({ row: part, item: null });
  const list = items.flatMap((item, index) => {
    const isFirst = items[index - 1]?.section !== item.section;
    const heading = isFirst ? [...(index > 0 ? [BLANK] : []), row(line(`  ${item.section}`, 'label'))] : [];
    return [...heading.map(other), { row: itemRow(item, index === state.cursor, width, state, marks), item: index }];
  });
  return state.offer.interfaces === null
    ? [...list, other(BLANK), other(row(line('  Looking for interfaces', 'dim')))]
    : list;
}

function itemRow(item: StartItem, isSelected: boolean, width: number, { columns }: StartState, marks: Marks): Row {
  const { name, detail, hindrance } = item;
  const cells = [
    span(isSelected ? `${marks.cursor} ` : '  ', 'key'),
    span(`  ${fitText(cutMiddle(span(name).text, width), width)}  `, hindrance === null ? 'strong' : 'dim'),
    span(detail, 'dim'),
  ];
  return row(cutLine(cells, columns), isSelected);
}

function noticeRows(state: StartState): Row[] {
  const hindrance = hindranceOf(state);
  if (hindrance === null) return [];
  return hanging(line('  '), hindrance, state.columns - 2, 'notice').map((part) => row(part));
}

function footer(columns: number): Line {
  const keys = [
    ['Enter', 'open'],
    ['Tab', 'next section'],
    ['d', 'demo'],
    ['q', 'quit'],
  ].flatMap(([key = '', word = '']) => [span(' '), span(key, 'key'), span(` ${word}  `, 'dim')]);
  const advice = line('or name a capture: mediatap FILE ', 'dim');
  return lineWidth(keys) + lineWidth(advice) < columns ? spread(keys, advice, columns) : cutLine(keys, columns);
}
