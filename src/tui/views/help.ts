/** The keys of this view only, and how a filter is written. */

import { QUERY_FIELDS } from '../../query/query-fields.ts';
import { type Binding, bindingsAt, type Command, keyLabel, VIEW_NAMES } from '../keymap.ts';
import { span } from '../line.ts';
import { VIEWS } from '../state.ts';
import { fitText } from '../text-width.ts';
import { placeOf } from './footer.ts';
import { beside, type Scene, type TextLine, text, textView } from './view.ts';

const KEY_WIDTH = 28;
const EXAMPLE_WIDTH = 28;
/** Narrower screens have the filters below the keys. */
const LEAST_COLUMNS_OF_TWO = 140;

export const helpView = textView((scene) => {
  const keys = [heading('Keys here'), ...keyLines(scene)];
  if (scene.width < LEAST_COLUMNS_OF_TWO) return [...keys, text(''), ...filterLines()];
  return beside(keys, filterLines(), scene.width >> 1);
});

function filterLines(): TextLine[] {
  return [
    heading('Filters: terms that must all match; | for either, ! for not, ( ) and "quotes"'),
    ...QUERY_FIELDS.map(({ example, meaning }) => entry(example, meaning, EXAMPLE_WIDTH)),
    entry('any word', 'looked for in all that is known of a flow or finding', EXAMPLE_WIDTH),
  ];
}

function heading(words: string): TextLine {
  return text([span(`  ${words}`, 'accent')]);
}

function entry(name: string, meaning: string, width: number): TextLine {
  return text([span(`  ${fitText(name, width)}`, 'key'), span(meaning)]);
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

function keyLines({ state }: Scene): TextLine[] {
  const bindings = bindingsAt(placeOf(state));
  const pairs = bindings.filter(({ command, keys }) => !OTHERS.has(command) || keys.includes('space'));
  return pairs.flatMap((binding): TextLine[] => {
    if (binding.command === `view-${VIEWS[0]}`) return [viewsLine()];
    if (binding.command.startsWith('view-')) return [];
    const [other, description] = PAIRS[binding.command] ?? [null, binding.description];
    const opposite = bindings.find(({ command }) => command === other);
    return [
      entry([labels(binding), opposite === undefined ? '' : labels(opposite)].join('   '), description, KEY_WIDTH),
    ];
  });
}

function labels({ keys }: Binding): string {
  return keys.map(keyLabel).join('  ');
}

function viewsLine(): TextLine {
  const names = VIEWS.map((view) => VIEW_NAMES[view]);
  return entry(`1 to ${VIEWS.length}`, names.join(', '), KEY_WIDTH);
}
