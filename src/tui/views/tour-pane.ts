/** What the guided tour says, above the footer. */

import { hanging, line, span } from '../line.ts';
import { TOUR } from '../tour.ts';
import { WIDEST_TEXT } from './labelled.ts';
import { BLANK, type Row, row, type Scene } from './view.ts';

/** Rows that `tourRows` fills while the tour lasts. */
export const TOUR_ROWS = 4;
const TEXT_ROWS = TOUR_ROWS - 1;

export function tourRows({ state, width, marks }: Scene): Row[] {
  const { tour } = state;
  const step = tour === null ? undefined : TOUR[tour];
  if (tour === null || step === undefined) return [];
  const first = [span('  '), span(`${tour + 1} of ${TOUR.length}`, 'tab'), span('  ')];
  const words = hanging(first, step.text, Math.min(width - 2, WIDEST_TEXT), 'notice').slice(0, TEXT_ROWS);
  const blanks = Array.from({ length: TEXT_ROWS - words.length }, () => BLANK);
  return [row(line(`  ${marks.rule.repeat(width - 4)}`, 'notice')), ...words.map((part) => row(part)), ...blanks];
}
