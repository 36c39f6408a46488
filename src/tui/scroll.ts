/** Where the cursor stands and what is on screen, for lists of equal items and for text with links in it. */

export interface Position {
  /** Item under the cursor; in text the line of the chosen link, -1 when none is on screen. */
  readonly cursor: number;
  /** First item or line on screen. */
  readonly top: number;
}

export const START: Position = { cursor: 0, top: 0 };

/** What can be scrolled: `room` is in rows of the screen, `titleRows` stand above the items. */
export type Shape =
  | {
      readonly kind: 'list';
      readonly count: number;
      readonly itemRows: number;
      readonly room: number;
      readonly titleRows: number;
    }
  | { readonly kind: 'text'; readonly count: number; readonly links: readonly number[]; readonly room: number };

export type Motion = 'up' | 'down' | 'page-up' | 'page-down' | 'half-up' | 'half-down' | 'first' | 'last';

/** Whole items that fit on the screen. */
export function roomInItems(shape: Shape): number {
  return Math.max(1, shape.kind === 'list' ? Math.floor(shape.room / shape.itemRows) : shape.room);
}

export function move(position: Position, motion: Motion, shape: Shape): Position {
  return shape.kind === 'list' ? moveInList(position, motion, shape) : moveInText(position, motion, shape);
}

/** The same position made valid for what is there now: lists shrink when a filter is typed. */
export function settle(position: Position, shape: Shape): Position {
  if (shape.kind === 'list') return standOn(position, position.cursor, shape);
  const top = clamp(position.top, 0, lastTop(shape));
  const isLink = shape.links.includes(position.cursor);
  return linkOnScreen(isLink ? position.cursor : top, top, shape);
}

/** Puts the cursor on an item and scrolls as little as shows it. */
export function standOn(position: Position, cursor: number, shape: Shape): Position {
  if (shape.kind === 'text') return { ...position, cursor };
  const kept = clamp(cursor, 0, Math.max(0, shape.count - 1));
  const room = roomInItems(shape);
  const top = clamp(position.top, kept - room + 1, kept);
  return { cursor: kept, top: clamp(top, 0, lastTop(shape)) };
}

/** The item or link at a row of the body, null when there is none. */
export function itemAt({ top }: Position, shape: Shape, row: number): number | null {
  if (shape.kind === 'text') return shape.links.includes(top + row) ? top + row : null;
  const place = Math.floor((row - shape.titleRows) / shape.itemRows);
  const item = top + place;
  return place >= 0 && place < roomInItems(shape) && item < shape.count ? item : null;
}

function moveInList(position: Position, motion: Motion, shape: Shape): Position {
  const { cursor, top } = position;
  const by = stepOf(motion, shape);
  const isPage = motion === 'page-up' || motion === 'page-down' || motion === 'half-up' || motion === 'half-down';
  return standOn({ cursor, top: isPage ? top + by : top }, cursor + by, shape);
}

/** As in a text browser: the next link when it is on screen, else the text moves on by a row. */
function moveInText(position: Position, motion: Motion, shape: Extract<Shape, { kind: 'text' }>): Position {
  const { cursor, top } = position;
  const isVisible = (link: number, from: number) => link >= from && link < from + shape.room;
  if (motion === 'down') {
    const next = shape.links.find((link) => link > cursor && link >= top);
    if (next !== undefined && isVisible(next, top)) return { cursor: next, top };
  }
  if (motion === 'up') {
    const next = shape.links.findLast((link) => link < cursor || (cursor < 0 && link < top + shape.room));
    if (next !== undefined && isVisible(next, top)) return { cursor: next, top };
  }
  const moved = clamp(top + stepOf(motion, shape), 0, lastTop(shape));
  return linkOnScreen(cursor, moved, shape);
}

/** Keeps the chosen link while it is on screen, else takes the first one that is. */
function linkOnScreen(cursor: number, top: number, shape: Extract<Shape, { kind: 'text' }>): Position {
  const isVisible = (link: number) => link >= top && link < top + shape.room;
  if (shape.links.includes(cursor) && isVisible(cursor)) return { cursor, top };
  return { cursor: shape.links.find(isVisible) ?? -1, top };
}

function stepOf(motion: Motion, shape: Shape): number {
  const room = roomInItems(shape);
  switch (motion) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'page-up':
      return -Math.max(1, room - 1);
    case 'page-down':
      return Math.max(1, room - 1);
    case 'half-up':
      return -Math.max(1, room >> 1);
    case 'half-down':
      return Math.max(1, room >> 1);
    case 'first':
      return -shape.count;
    case 'last':
      return shape.count;
  }
}

function lastTop(shape: Shape): number {
  return Math.max(0, shape.count - roomInItems(shape));
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
