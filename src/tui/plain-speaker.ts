/** The screen as lines for screen readers: what is new since it last spoke, top to bottom, and nothing twice. */

import { inAscii } from './text-width.ts';
import type { Row } from './views/view.ts';

/** What a screen has to say. */
export interface Speech {
  /** Where the person is; everything is told anew when it changes. */
  readonly place: string;
  /** What the columns of a list are called; told where it begins. */
  readonly titles: readonly Row[];
  /** What is there: of a list only the selected rows are told, of a text all. */
  readonly rows: readonly Row[];
  readonly isText: boolean;
  /** What is said beside that, in the order of urgency. */
  readonly asides: readonly string[];
}

export class PlainSpeaker {
  readonly #isUnicode: boolean;
  #place: string | null = null;
  #told = '';
  #asides: readonly string[] = [];

  constructor(isUnicode = true) {
    this.#isUnicode = isUnicode;
  }

  /** Lines, each with its end; empty when nothing is new. */
  speak({ place, titles, rows, isText, asides }: Speech): string {
    const lines: string[] = [];
    const selected = linesOf(rows.filter(({ isSelected }) => isSelected));
    const isNewPlace = place !== this.#place;
    if (isNewPlace) lines.push('', place, ...linesOf(titles));
    if (isNewPlace && isText) lines.push(...linesOf(rows));
    else if (selected.join('\n') !== this.#told) lines.push(...selected);
    lines.push(...asides.filter((aside) => aside !== '' && !this.#asides.includes(aside)));
    this.#place = place;
    this.#told = selected.join('\n');
    this.#asides = asides;
    return lines.map((text) => `${this.#isUnicode ? text : inAscii(text)}\r\n`).join('');
  }

  /** After this everything is told again. */
  forget(): void {
    this.#place = null;
  }
}

/** Columns, rules, shafts of arrows and charts are for the eye: they shrink. */
function linesOf(rows: readonly Row[]): string[] {
  const texts = rows.map(({ line }) =>
    line
      .map(({ text }) => text)
      .join('')
      .replace(/[\u2580-\u259f]+|([^\p{L}\p{N}\s])\1{2,}/gu, ' ')
      .replace(/ {2,}/g, '  ')
      .trim(),
  );
  return texts.filter((text) => /[\p{L}\p{N}]/u.test(text));
}
