/** The whole capture on one page, as one would tell it to a colleague. */

import { span } from '../line.ts';
import { findingSentences, summaryLines } from './summary-text.ts';
import { text, textView } from './view.ts';

export const summaryView = textView((scene) => {
  const { findings } = scene.data.snapshot;
  const heading = findings.length === 0 ? 'Nothing stands out in what was read.' : 'What stands out, gravest first';
  return [...summaryLines(scene), text(''), text([span('  '), span(heading, 'accent')]), ...findingSentences(scene)];
});
