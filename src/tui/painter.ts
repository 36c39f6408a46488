/** Rows -> what a terminal must be sent to show them. */

import { renderFrame } from './frame.ts';
import { ScreenWriter } from './screen-writer.ts';
import type { Theme } from './theme.ts';
import type { Row } from './views/view.ts';

export class Painter {
  readonly #theme: Theme;
  readonly #draw: typeof renderFrame;
  readonly #writer = new ScreenWriter();

  constructor(theme: Theme, draw: typeof renderFrame = renderFrame) {
    this.#theme = theme;
    this.#draw = draw;
  }

  /** What changed since the last time. */
  paint(rows: readonly Row[], width: number): string {
    return this.#writer.update(this.#draw(rows, width, this.#theme));
  }

  /** After this everything is painted: the screen was cleared, resized or belonged to someone else. */
  forget(): void {
    this.#writer.forget();
  }
}
