/** The whole capture on one page, as one would tell it to a colleague. */

import { span } from '../line.ts';
import { filteredFindings } from './finding-filter.ts';
import { nothingWords } from './finding-words.ts';
import { findingSentences, summaryLines } from './summary-text.ts';
import { type Scene, text, textView } from './view.ts';

function headingOf(scene: Scene): string {
  const { snapshot } = scene.data;
  if (snapshot.findings.length === 0) return nothingWords(snapshot);
  if (filteredFindings(scene).length === 0) return 'No finding matches the filter. Esc clears it.';
  return 'What stands out, gravest first';
}

export const summaryView = textView((scene) => {
  const heading = headingOf(scene);
  return [...summaryLines(scene), text(''), text([span('  '), span(heading, 'accent')]), ...findingSentences(scene)];
});
