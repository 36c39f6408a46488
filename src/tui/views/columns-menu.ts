/** What F10 offers: each column of the table, and whether it is on screen. */

import { span } from '../line.ts';
import { fitText } from '../text-width.ts';
import { BLANK, type ColumnState, type Row, row, type Scene } from './view.ts';
import { currentView } from './views.ts';

const TITLE_WIDTH = 16;
const WORDS: Readonly<Record<ColumnState['place'], string>> = {
  shown: '',
  hidden: 'left out',
  'no room': 'no room for it on this screen',
};

export function columnChoices(scene: Scene): readonly ColumnState[] {
  return currentView(scene).columns?.(scene) ?? [];
}

export function columnMenuRows(scene: Scene): Row[] {
  const { overlay } = scene.state;
  if (overlay.kind !== 'columns') return [];
  const choices = columnChoices(scene).map(({ title, place }, index) => {
    const isSelected = index === overlay.chosen;
    const gutter = span(isSelected ? `${scene.marks.cursor} ` : '  ', 'key');
    const box = span(place === 'shown' ? '[x] ' : '[ ] ', 'key');
    return row([gutter, box, span(fitText(title, TITLE_WIDTH)), span(WORDS[place], 'dim')], isSelected);
  });
  return [row([span('  Columns', 'accent')]), BLANK, ...choices];
}
