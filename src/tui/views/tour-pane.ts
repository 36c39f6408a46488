/** What the guided tour says, above the footer. */

import { hanging, line, span } from '../line.ts';
import { TOUR } from '../tour.ts';
import { WIDEST_TEXT } from './labelled.ts';
import { type Row, row, type Scene } from './view.ts';

/** None without a tour. */
export function tourRows({ state, width, marks }: Pick<Scene, 'state' | 'width' | 'marks'>): Row[] {
  const { tour } = state;
  const step = tour === null ? undefined : TOUR[tour];
  if (tour === null || step === undefined) return [];
  const first = [span('  '), span(`${tour + 1} of ${TOUR.length}`, 'tab'), span('  ')];
  const words = hanging(first, step.text, Math.min(width - 2, WIDEST_TEXT), 'notice');
  return [row(line(`  ${marks.rule.repeat(Math.max(0, width - 4))}`, 'notice')), ...words.map((part) => row(part))];
}
