/** Text in terminal cells: how wide it is, cut, padded and wrapped to a width. */

import stringWidth from 'string-width';

const ELLIPSIS = '…';
/**
 * Letters and signs of one cell each, among them all marks and lines that screens are drawn with. Looking graphemes up
 * took most of the time of a screen.
 */
const NARROW =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2211\u2298\u2500-\u25fc\u2713\u2717\u2718]*$/;
const BEYOND_ASCII = /[^\0-\x7f]+/gu;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cells that the text takes: wide characters take two, combining ones none. */
export function textWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** At most `width` cells, ending in `…` when something was cut. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? '' : takeCells(text, width - 1) + ELLIPSIS;
}

/** Cut in the middle, so that both the start and the end of a path stay. */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 3) return cutText(text, width);
  const head = takeCells(text, Math.floor((width - 1) / 2));
  const tail = [...graphemes.segment(text)].map((part) => part.segment).reverse();
  return head + ELLIPSIS + takeLast(tail, width - 1 - textWidth(head));
}

/** Cut at its start: what is typed goes on at its end. */
export function cutStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const reversed = [...graphemes.segment(text)].map((part) => part.segment).reverse();
  return width < 1 ? '' : ELLIPSIS + takeLast(reversed, width - 1);
}

/** Exactly `width` cells: cut or padded. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = cutText(text, width);
  const padding = ' '.repeat(Math.max(0, width - textWidth(cut)));
  return align === 'left' ? cut + padding : padding + cut;
}

/** The same in as many cells of ASCII, for terminals that show no more; what has no likeness there is a question mark. */
export function inAscii(text: string): string {
  return text.replace(BEYOND_ASCII, (run) =>
    [...graphemes.segment(run)].map(({ segment }) => likeness(segment)).join(''),
  );
}

function likeness(grapheme: string): string {
  return grapheme === ELLIPSIS ? '~' : '?'.repeat(stringWidth(grapheme));
}

/** Lines of at most `width` cells, broken between words; a word longer than a line goes on where the line ends. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (textWidth(word) > width && width - textWidth(line) > LEAST_PIECE) {
      line = breakWord(longer, width, lines);
      continue;
    }
    if (line !== '') lines.push(line);
    line = breakWord(word, width, lines);
  }
  lines.push(line);
  return lines;
}

/** Less of a long word than this is not begun at the end of a line. */
const LEAST_PIECE = 12;

/** Pushes the full lines of a text without a place to break it, and returns what is left of it. */
function breakWord(word: string, width: number, lines: string[]): string {
  let rest = word;
  while (textWidth(rest) > width) {
    const head = takeCells(rest, width);
    // A wide character in a column of one cell fits nowhere; show it rather than loop.
    if (head === '') break;
    lines.push(head);
    rest = rest.slice(head.length);
  }
  return rest;
}

function takeCells(text: string, width: number): string {
  if (NARROW.test(text)) return text.slice(0, width);
  let taken = '';
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) {
    cells += stringWidth(segment);
    if (cells > width) break;
    taken += segment;
  }
  return taken;
}

function takeLast(reversed: readonly string[], width: number): string {
  let taken = '';
  let cells = 0;
  for (const segment of reversed) {
    cells += textWidth(segment);
    if (cells > width) break;
    taken = segment + taken;
  }
  return taken;
}
