/** The keys of this view only, and how a filter is written. */

import { QUERY_FIELDS } from '../../query/query-fields.ts';
import { type Binding, bindingsAt, type Command, keyLabel, VIEW_NAMES } from '../keymap.ts';
import { hanging, span } from '../line.ts';
import { VIEWS } from '../state.ts';
import { fitText } from '../text-width.ts';
import { placeOf } from './footer.ts';
import { beside, type Scene, type TextLine, text, textView } from './view.ts';

/** Of a key, or of an example of a filter. */
const NAME_WIDTH = 28;
/** Narrower screens have the filters below the keys. */
const LEAST_COLUMNS_OF_TWO = 140;

export const helpView = textView((scene) => {
  const isNarrow = scene.width < LEAST_COLUMNS_OF_TWO;
  const width = isNarrow ? scene.width : scene.width >> 1;
  const keys = [heading('Keys here'), ...keyLines(scene, width)];
  const filters = filterLines(width);
  return isNarrow ? [...keys, text(''), ...filters] : beside(keys, filters, width);
});

function filterLines(width: number): TextLine[] {
  return [
    heading('Filters: terms that must all match; | for either, ! for not, ( ) and "quotes"'),
    ...QUERY_FIELDS.flatMap(({ example, meaning }) => entry(example, meaning, width)),
    ...entry('any word', 'looked for in all that is known of a flow or finding', width),
  ];
}

function heading(words: string): TextLine {
  return text([span(`  ${words}`, 'accent')]);
}

function entry(name: string, meaning: string, width: number): TextLine[] {
  return hanging([span(`  ${fitText(name, NAME_WIDTH)}`, 'key')], meaning, width - 1).map(text);
}

/** Commands that are told in one line with the one that does the opposite. */
const PAIRS: Readonly<Partial<Record<Command, readonly [other: Command, description: string]>>> = {
  'next-problem': ['previous-problem', 'Next problem, previous problem'],
  'sort-next': ['sort-previous', 'Sort by the next column, by the previous one'],
  up: ['down', 'Up, down'],
  'page-up': ['page-down', 'A page up, a page down'],
  'half-up': ['half-down', 'Half a page up, half a page down'],
  first: ['last', 'To the start, to the end'],
  'next-view': ['previous-view', 'Next view, previous view'],
};
const OTHERS: ReadonlySet<Command> = new Set(Object.values(PAIRS).map(([other]) => other));

function keyLines({ state }: Scene, width: number): TextLine[] {
  const bindings = bindingsAt(placeOf(state));
  const pairs = bindings.filter(({ command, keys }) => !OTHERS.has(command) || keys.includes('space'));
  return pairs.flatMap((binding): TextLine[] => {
    if (binding.command === `view-${VIEWS[0]}`) return viewsLine(width);
    if (binding.command.startsWith('view-')) return [];
    const [other, description] = PAIRS[binding.command] ?? [null, binding.description];
    const opposite = bindings.find(({ command }) => command === other);
    return entry([labels(binding), opposite === undefined ? '' : labels(opposite)].join('   '), description, width);
  });
}

function labels({ keys }: Binding): string {
  return keys.map(keyLabel).join('  ');
}

function viewsLine(width: number): TextLine[] {
  const names = VIEWS.map((view) => VIEW_NAMES[view]);
  return entry(`1 to ${VIEWS.length}`, names.join(', '), width);
}
