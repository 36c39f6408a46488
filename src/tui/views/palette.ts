/** Every command by name, narrowed by what is typed: those of this place, then what other views have beside them. */

import { BINDINGS, type Binding, bindingsAt, keyLabel, VIEW_NAMES } from '../keymap.ts';
import { span } from '../line.ts';
import { type State, VIEWS, type ViewId } from '../state.ts';
import { fitText } from '../text-width.ts';
import { placeOf } from './footer.ts';
import { type Row, row, type Scene } from './view.ts';

const KEY_WIDTH = 22;
const NAME_WIDTH = 50;

export interface PaletteChoice {
  readonly binding: Binding;
  /** The view that has to be turned to first; null for what can be done here. */
  readonly view: ViewId | null;
}

/** Commands whose names hold all the words typed. */
export function paletteChoices(state: State): readonly PaletteChoice[] {
  if (state.overlay.kind !== 'palette') return [];
  const words = state.overlay.text.toLowerCase().split(/\s+/).filter(Boolean);
  return [...commandsHere(state), ...commandsElsewhere(state)].filter(({ binding: { command, description } }) => {
    const name = `${command} ${description}`.toLowerCase();
    return command !== 'palette' && words.every((word) => name.includes(word));
  });
}

function commandsHere(state: State): PaletteChoice[] {
  return bindingsAt(placeOf(state)).map((binding) => ({ binding, view: null }));
}

/** What is done to a list as a whole: what acts on the row under the cursor has no meaning from afar. */
function commandsElsewhere(state: State): PaletteChoice[] {
  const here = new Set(bindingsAt(placeOf(state)).map(({ command }) => command));
  return BINDINGS.flatMap((binding) => {
    const view = VIEWS.find((each) => binding.places !== 'everywhere' && binding.places.includes(each));
    const isOfList = binding.isOfList === true && !here.has(binding.command);
    return view === undefined || !isOfList ? [] : [{ binding, view }];
  });
}

export function paletteRows({ state, height, marks }: Scene): Row[] {
  const { overlay } = state;
  const chosen = overlay.kind === 'palette' ? overlay.chosen : 0;
  const choices = paletteChoices(state);
  if (choices.length === 0) return [row([span('  No command has such a name.', 'dim')])];
  const top = Math.max(0, chosen - height + 1);
  return choices.slice(top, top + height).map(({ binding: { keys, description }, view }, index) => {
    const isSelected = top + index === chosen;
    const gutter = span(isSelected ? `${marks.cursor} ` : '  ', 'key');
    const name = view === null ? span(description) : span(fitText(description, NAME_WIDTH), 'dim');
    const where = view === null ? [] : [span(`  in ${VIEW_NAMES[view]}`, 'dim')];
    return row([gutter, span(fitText(keys.map(keyLabel).join('  '), KEY_WIDTH), 'key'), name, ...where], isSelected);
  });
}
