/** The screen as Ink draws it, row by row. */

import { renderToString, Text } from 'ink';
import { paint } from './line.ts';
import type { Theme } from './theme.ts';
import type { Row } from './views/view.ts';

/**
 * Ink's cost is by the character, some 30 ms for a screen of 200 by 50. So each row is drawn by itself, as one text that
 * was composed and coloured beforehand, and a row of the last frame is not drawn again.
 */
export class FrameRenderer {
  #drawn: ReadonlyMap<string, string> = new Map();

  /** The rows of a terminal that is `width` cells wide, with colours, one a line. */
  render(rows: readonly Row[], width: number, theme: Theme): string {
    const drawn = new Map<string, string>();
    const lines = rows.map(({ line, isSelected }) => {
      const painted = paint(line, theme, width, isSelected);
      const row =
        this.#drawn.get(painted) ?? renderToString(<Text wrap="truncate">{painted}</Text>, { columns: width });
      drawn.set(painted, row);
      return row;
    });
    this.#drawn = drawn;
    return lines.join('\n');
  }
}
