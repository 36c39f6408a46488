/** Every command of this place by name, narrowed by what is typed. */

import { type Binding, bindingsAt, keyLabel } from '../keymap.ts';
import { span } from '../line.ts';
import type { State } from '../state.ts';
import { fitText } from '../text-width.ts';
import { placeOf } from './footer.ts';
import { type Row, row, type Scene } from './view.ts';

const KEY_WIDTH = 22;

/** Commands whose names hold all the words typed. */
export function paletteChoices(state: State): readonly Binding[] {
  if (state.overlay.kind !== 'palette') return [];
  const words = state.overlay.text.toLowerCase().split(/\s+/).filter(Boolean);
  return bindingsAt(placeOf(state)).filter(({ command, description }) => {
    const name = `${command} ${description}`.toLowerCase();
    return command !== 'palette' && words.every((word) => name.includes(word));
  });
}

export function paletteRows({ state, height, marks }: Scene): Row[] {
  const { overlay } = state;
  const chosen = overlay.kind === 'palette' ? overlay.chosen : 0;
  const choices = paletteChoices(state);
  if (choices.length === 0) return [row([span('  No command has such a name.', 'dim')])];
  const top = Math.max(0, chosen - height + 1);
  return choices.slice(top, top + height).map(({ keys, description }, index) => {
    const isSelected = top + index === chosen;
    const gutter = span(isSelected ? `${marks.cursor} ` : '  ', 'key');
    return row([gutter, span(fitText(keys.map(keyLabel).join('  '), KEY_WIDTH), 'key'), span(description)], isSelected);
  });
}
