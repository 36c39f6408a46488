/** The screen as Ink draws it, row by row. */

import { renderToString, Text } from 'ink';
import { layOutScreen } from './layout.ts';
import { paint } from './line.ts';
import type { Theme } from './theme.ts';
import type { Scene } from './views/view.ts';

/**
 * Ink's cost is by the character, some 30 ms for a screen of 200 by 50. So each row is drawn by itself, as one text that
 * was composed and coloured beforehand, and a row of the last frame is not drawn again.
 */
export class FrameRenderer {
  #drawn: ReadonlyMap<string, string> = new Map();

  /** The rows of the terminal, with colours, one a line. */
  render(scene: Scene, theme: Theme): string {
    const { width } = scene;
    const drawn = new Map<string, string>();
    const rows = layOutScreen(scene).map(({ line, isSelected }) => {
      const painted = paint(line, theme, width, isSelected);
      const row =
        this.#drawn.get(painted) ?? renderToString(<Text wrap="truncate">{painted}</Text>, { columns: width });
      drawn.set(painted, row);
      return row;
    });
    this.#drawn = drawn;
    return rows.join('\n');
  }
}
