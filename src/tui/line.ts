/** A row of the screen before it has colours: pieces of text, each with its role. */

import { printable } from '../format/text.ts';
import { cutText, inAscii, textWidth, wrapText } from './text-width.ts';
import { RESET, type Role, type Theme } from './theme.ts';

export interface Span {
  readonly text: string;
  readonly role: Role;
}

export type Line = readonly Span[];

export const EMPTY_LINE: Line = [];

/** Longer than any row of a screen; guards the painter against text that nobody cut. */
const LONGEST_SPAN = 4096;

/** The one way text gets into a line: nothing in it can act on the terminal. */
export function span(text: string, role: Role = 'plain'): Span {
  return { text: printable(text, LONGEST_SPAN), role };
}

export function line(text: string, role: Role = 'plain'): Line {
  return [span(text, role)];
}

export function lineWidth(spans: Line): number {
  let width = 0;
  for (const { text } of spans) width += textWidth(text);
  return width;
}

/** Cut to `width` cells, the last shown piece ending in `…` when something was cut. */
export function cutLine(spans: Line, width: number): Line {
  if (lineWidth(spans) <= width) return spans;
  const kept: Span[] = [];
  let left = width;
  for (const piece of spans) {
    const wide = textWidth(piece.text);
    if (wide >= left) {
      kept.push({ role: piece.role, text: cutText(`${piece.text} `, left) });
      return kept;
    }
    kept.push(piece);
    left -= wide;
  }
  return kept;
}

/** `left` and `right` at the two edges of `width` cells; the left one is cut when there is no room for both. */
export function spread(left: Line, right: Line, width: number): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth >= width) return cutLine(right, width);
  const kept = cutLine(left, width - rightWidth - (rightWidth > 0 ? 1 : 0));
  return [...kept, span(' '.repeat(Math.max(0, width - lineWidth(kept) - rightWidth))), ...right];
}

/** Wrapped text behind a first piece; the lines that follow are indented to its width. */
export function hanging(first: Line, text: string, width: number, role: Role = 'plain'): Line[] {
  const indent = lineWidth(first);
  const wrapped = wrapText(printable(text, LONGEST_SPAN), Math.max(8, width - indent));
  return wrapped.map((part, index) => [...(index === 0 ? first : line(' '.repeat(indent))), span(part, role)]);
}

/** Spans of one line with `separator` between them. */
export function joined(pieces: readonly Span[], separator: Span): Line {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [separator, piece]));
}

/** The line with the theme's escape sequences, cut to `width` cells; a selected one is filled to the full width. */
export function paint(spans: Line, theme: Theme, width: number, isSelected = false): string {
  const cut = cutLine(spans, width);
  const starts = isSelected ? theme.startSelected : theme.start;
  const filled = isSelected ? [...cut, span(' '.repeat(Math.max(0, width - lineWidth(cut))))] : cut;
  return filled
    .map(({ text, role }) => {
      const shown = theme.isUnicode ? text : inAscii(text);
      return starts[role] === '' ? shown : starts[role] + shown + RESET;
    })
    .join('');
}
