/** The contract of a view: from the scene to lines, and what Enter, `y` and `n` find under the cursor. */

import type { Data } from '../data.ts';
import { cutLine, EMPTY_LINE, type Line, line, lineWidth, span } from '../line.ts';
import type { Position, Shape } from '../scroll.ts';
import type { Page, State } from '../state.ts';
import type { Order } from '../table-choice.ts';
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

/** Where Enter leads: a page, or the flows that a filter selects. */
export type Goal = Page | { readonly kind: 'flows'; readonly where: string };

/** For the clipboard: a text and what it is called in the notice, or the display filter of a flow that has to be asked for. */
export type Copy =
  | { readonly kind: 'text'; readonly what: string; readonly text: string }
  | { readonly kind: 'flow'; readonly id: number };

export interface View {
  shape(scene: Scene): Shape;
  /** At most `scene.height` rows. */
  draw(scene: Scene, position: Position): readonly Row[];
  open?(scene: Scene, cursor: number): Goal | null;
  copy?(scene: Scene, cursor: number): Copy | null;
  /** What the item is called whatever its rank, and where it is now; for lists whose order changes. */
  identify?(scene: Scene, cursor: number): string | null;
  locate?(scene: Scene, id: string): number | null;
  /** A sentence on the item under the cursor, for the row below the tabs; empty when there is none. */
  remark?(scene: Scene, cursor: number): string;
  /** By what its rows can be ordered, each as it is first; empty where the analysis orders them. */
  orders?(scene: Scene): readonly Order[];
  /** Its columns, whether they are on screen or not. */
  columns?(scene: Scene): readonly ColumnState[];
  /** Ids of the flows whose details it shows of the item under the cursor. */
  wants?(scene: Scene, cursor: number): readonly number[];
  /** The nearest item that is a problem in that direction, null when none is known there. */
  findProblem?(scene: Scene, cursor: number, by: 1 | -1): number | Page | null;
}

export interface ColumnState {
  readonly title: string;
  readonly place: 'shown' | 'hidden' | 'no room';
}

/** A line of scrolled text with a margin of two cells; Enter on a line with `opens` opens that page. */
export interface TextLine {
  readonly line: Line;
  readonly opens?: Page;
}

export function row(line: Line, isSelected = false): Row {
  return { line, isSelected };
}

export const BLANK: Row = row(EMPTY_LINE);

/** The line between a list and what is said of the chosen item. */
export function ruleRow({ marks, width }: Scene): Row {
  return row(line(`  ${marks.rule.repeat(Math.max(0, width - 4))}`, 'barRest'));
}

/** As many lines as there is room for; the last one says so when there are more. */
export function fitLines(lines: readonly TextLine[], room: number): readonly TextLine[] {
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), text([span('  Enter shows all', 'dim')])];
}

/** Narrower screens have no room for a ladder beside a text. */
export const LEAST_COLUMNS_OF_TWO = 160;

/** Two texts side by side, the left one `width` cells wide. */
export function beside(left: readonly TextLine[], right: readonly TextLine[], width: number): TextLine[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const [near, far] = [cutLine(left[index]?.line ?? EMPTY_LINE, width), right[index]?.line];
    return text(far === undefined ? near : [...near, span(' '.repeat(width - lineWidth(near))), ...far]);
  });
}

/** A view that is text to scroll, with links where lines open something. */
export function textView(write: (scene: Scene) => readonly TextLine[], more: Omit<View, 'shape' | 'draw'> = {}): View {
  const written = new WeakMap<Scene, readonly TextLine[]>();
  const compose = (scene: Scene) => {
    const lines = written.get(scene) ?? write(scene);
    written.set(scene, lines);
    return lines;
  };
  return {
    copy(scene) {
      const lines = compose(scene).map((part) => textOf(part.line).replace(/^ {2}/, '').trimEnd());
      return { kind: 'text', what: 'the page', text: lines.join('\n') };
    },
    ...more,
    shape(scene) {
      const lines = compose(scene);
      const links = lines.flatMap((text, index) => (text.opens === undefined ? [] : [index]));
      return { kind: 'text', count: lines.length, links, room: scene.height };
    },
    draw(scene, { cursor, top }) {
      const lines = compose(scene).slice(top, top + scene.height);
      return lines.map((text, index) => {
        const isSelected = text.opens !== undefined && top + index === cursor;
        return row(isSelected ? marked(text.line, scene.marks) : text.line, isSelected);
      });
    },
    open(scene, cursor) {
      return compose(scene)[cursor]?.opens ?? more.open?.(scene, cursor) ?? null;
    },
  };
}

/** The line with the cursor's mark in its margin. */
function marked([margin, ...rest]: Line, { cursor }: Marks): Line {
  return margin === undefined ? [] : [span(`${cursor} `, 'key'), { ...margin, text: margin.text.slice(2) }, ...rest];
}

export function textOf(line: Line): string {
  return line.map((piece) => piece.text).join('');
}

export function text(content: Line | string): TextLine {
  return { line: typeof content === 'string' ? line(content) : content };
}
