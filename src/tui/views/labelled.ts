/** Pages of facts: a label in the left column, and what it stands for beside it. */

import { hanging, type Line, span } from '../line.ts';
import type { Page } from '../state.ts';
import { fitText } from '../text-width.ts';
import { type TextLine, text } from './view.ts';

/** Wider lines are hard to read. */
export const WIDEST_TEXT = 116;
const LABEL_WIDTH = 10;
/** Cells before what stands beside a label. */
export const MARGIN = 2 + LABEL_WIDTH;

/** Text, wrapped. */
export function labelled(label: string, content: string, width: number): TextLine[] {
  const first = [span('  '), span(fitText(label, LABEL_WIDTH), 'label')];
  return hanging(first, content, Math.min(width, WIDEST_TEXT)).map(text);
}

/** Lines as they are. */
export function labelledLines(label: string, lines: readonly TextLine[]): TextLine[] {
  return lines.map((part, index) => ({
    ...part,
    line: [span('  '), span(fitText(index === 0 ? label : '', LABEL_WIDTH), 'label'), ...part.line],
  }));
}

/** A line that opens something, behind `first`; it goes on in the next rows where there is no room for it. */
export function wrappedLink(first: Line, content: string, width: number, opens: Page): TextLine[] {
  const [line = first, ...others] = hanging(first, content, width - MARGIN);
  return [{ line, opens }, ...others.map(text)];
}
