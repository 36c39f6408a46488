/** The contract of a view: from the scene to lines, and what Enter, `y` and `n` find under the cursor. */

import type { Data } from '../data.ts';
import { EMPTY_LINE, type Line, line } from '../line.ts';
import type { Position, Shape } from '../scroll.ts';
import type { Page, State } from '../state.ts';
import type { Marks } from '../theme.ts';

/** All that a view may look at; `width` and `height` are the cells that it fills. */
export interface Scene {
  readonly state: State;
  readonly data: Data;
  readonly marks: Marks;
  readonly width: number;
  readonly height: number;
}

export interface Row {
  readonly line: Line;
  readonly isSelected: boolean;
}

/** For the clipboard: a text and what it is called in the notice, or the display filter of a flow that has to be asked for. */
export type Copy =
  | { readonly kind: 'text'; readonly what: string; readonly text: string }
  | { readonly kind: 'flow'; readonly id: number };

export interface View {
  shape(scene: Scene): Shape;
  /** At most `scene.height` rows. */
  draw(scene: Scene, position: Position): readonly Row[];
  open?(scene: Scene, cursor: number): Page | null;
  copy?(scene: Scene, cursor: number): Copy | null;
  /** The nearest item that is a problem in that direction, null when none is known there. */
  findProblem?(scene: Scene, cursor: number, by: 1 | -1): number | Page | null;
}

/** A line of scrolled text; Enter on a line with `opens` opens that page. */
export interface TextLine {
  readonly line: Line;
  readonly opens?: Page;
}

export function row(line: Line, isSelected = false): Row {
  return { line, isSelected };
}

export const BLANK: Row = row(EMPTY_LINE);

/** A view that is text to scroll, with links where lines open something. */
export function textView(
  compose: (scene: Scene) => readonly TextLine[],
  more: Omit<View, 'shape' | 'draw'> = {},
): View {
  return {
    ...more,
    shape(scene) {
      const lines = compose(scene);
      const links = lines.flatMap((text, index) => (text.opens === undefined ? [] : [index]));
      return { kind: 'text', count: lines.length, links, room: scene.height };
    },
    draw(scene, { cursor, top }) {
      const lines = compose(scene).slice(top, top + scene.height);
      return lines.map((text, index) => row(text.line, text.opens !== undefined && top + index === cursor));
    },
    open(scene, cursor) {
      return compose(scene)[cursor]?.opens ?? more.open?.(scene, cursor) ?? null;
    },
  };
}

export function text(content: Line | string): TextLine {
  return { line: typeof content === 'string' ? line(content) : content };
}
