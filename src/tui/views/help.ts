/** The keys of this view only, and how a filter is written. */

import { QUERY_FIELDS } from '../../query/query-fields.ts';
import { bindingsAt, keyLabel } from '../keymap.ts';
import { span } from '../line.ts';
import { fitText } from '../text-width.ts';
import { placeOf } from './footer.ts';
import { type Scene, type TextLine, text, textView } from './view.ts';

const KEY_WIDTH = 22;
const EXAMPLE_WIDTH = 28;

export const helpView = textView((scene) => [
  heading('Keys here'),
  ...keyLines(scene),
  text(''),
  heading('Filters: terms that must all match; | for either, ! for not, ( ) and "quotes"'),
  ...QUERY_FIELDS.map(({ example, meaning }) =>
    text([span(`  ${fitText(example, EXAMPLE_WIDTH)}`, 'key'), span(meaning)]),
  ),
  text([
    span(`  ${fitText('any word', EXAMPLE_WIDTH)}`, 'key'),
    span('looked for in all that is known of a flow or finding'),
  ]),
]);

function heading(words: string): TextLine {
  return text([span(`  ${words}`, 'accent')]);
}

function keyLines({ state }: Scene): TextLine[] {
  return bindingsAt(placeOf(state)).map(({ keys, description }) =>
    text([span(`  ${fitText(keys.map(keyLabel).join('  '), KEY_WIDTH)}`, 'key'), span(description)]),
  );
}
