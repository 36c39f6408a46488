/** The rows of the start screen. */

import { cutLine, hanging, type Line, line, span, spread } from '../line.ts';
import { cutMiddle, fitText, textWidth } from '../text-width.ts';
import type { Marks } from '../theme.ts';
import { BLANK, type Row, row } from '../views/view.ts';
import { type StartItem, type StartState, startItems } from './start-state.ts';

const TITLE_ROWS = 3;
const FOOTER_ROWS = 1;
/** Cells of a name: what its detail leaves, within these. */
const LEAST_NAME = 16;
const MOST_NAME = 48;
const MARGINS = 7;
const SLOGAN = 'which media streams work, which are blocked, and how we know';

export function layOutStart(state: StartState, marks: Marks): Row[] {
  const { columns, rows } = state;
  const title: Row[] = [row([span(' mediatap  ', 'accent'), span(SLOGAN, 'dim')]), BLANK, BLANK];
  const notice = noticeRows(state);
  const room = Math.max(1, rows - TITLE_ROWS - FOOTER_ROWS - notice.length);
  const body = scrolled(bodyRows(state, marks), room);
  const blanks = Array.from({ length: Math.max(0, room - body.length) }, () => BLANK);
  return [...title, ...body, ...blanks, ...notice, row(footer(columns))].slice(0, rows);
}

function bodyRows(state: StartState, marks: Marks): Row[] {
  const items = startItems(state.offer);
  const list = items.flatMap((item, index) => {
    const isFirst = items[index - 1]?.section !== item.section;
    const heading = isFirst ? [...(index > 0 ? [BLANK] : []), row(line(`  ${item.section}`, 'label'))] : [];
    return [...heading, itemRow(item, index === state.cursor, state.columns, marks)];
  });
  return state.offer.interfaces === null ? [...list, BLANK, row(line('  Looking for interfaces', 'dim'))] : list;
}

function itemRow({ name, detail, hindrance }: StartItem, isSelected: boolean, columns: number, marks: Marks): Row {
  const width = Math.max(LEAST_NAME, Math.min(MOST_NAME, columns - MARGINS - textWidth(detail)));
  return row(
    [
      span(isSelected ? `${marks.cursor} ` : '  ', 'key'),
      span(`  ${fitText(cutMiddle(span(name).text, width), width)}  `, hindrance === null ? 'strong' : 'dim'),
      span(detail, 'dim'),
    ],
    isSelected,
  );
}

/** As many rows as fit, with the selected one among them. */
function scrolled(rows: readonly Row[], room: number): readonly Row[] {
  const selected = rows.findIndex(({ isSelected }) => isSelected);
  const top = Math.max(0, Math.min(rows.length - room, selected - Math.floor(room / 2)));
  return rows.slice(top, top + room);
}

function noticeRows({ refusal, columns }: StartState): Row[] {
  return refusal === null ? [] : hanging(line('  '), refusal, columns - 2, 'notice').map((part) => row(part));
}

function footer(columns: number): Line {
  const keys = [
    ['Enter', 'open'],
    ['d', 'demo'],
    ['q', 'quit'],
  ].flatMap(([key = '', word = '']) => [span(' '), span(key, 'key'), span(` ${word}  `, 'dim')]);
  return cutLine(spread(keys, line('or name a capture: mediatap FILE ', 'dim'), columns), columns);
}
