/** The screen as Ink draws it, row by row. */

import { renderToString, Text } from 'ink';
import { paint } from './line.ts';
import type { Theme } from './theme.ts';
import type { Row } from './views/view.ts';

/** Rows that are kept for when they are shown again: some thirty screens. */
const MOST_ROWS = 2000;

/**
 * Ink's cost is by the character, some 30 ms for a screen of 200 by 50. So each row is drawn by itself, as one text that
 * was composed and coloured beforehand, and a row that was drawn lately is not drawn again.
 */
export class FrameRenderer {
  readonly #drawn = new Map<string, string>();
  #width = 0;

  /** The rows of a terminal that is `width` cells wide, with colours, one a line. */
  render(rows: readonly Row[], width: number, theme: Theme): string {
    if (this.#drawn.size > MOST_ROWS || width !== this.#width) this.#drawn.clear();
    this.#width = width;
    return rows.map(({ line, isSelected }) => this.#draw(paint(line, theme, width, isSelected))).join('\n');
  }

  #draw(painted: string): string {
    let row = this.#drawn.get(painted);
    if (row === undefined) {
      row = renderToString(<Text wrap="truncate">{painted}</Text>, { columns: this.#width });
      this.#drawn.set(painted, row);
    }
    return row;
  }
}
