import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemAt, type Motion, move, roomInItems, type Shape, START, settle, standOn } from './scroll.ts';

function list(count: number, room: number, itemRows = 1): Shape {
  return { kind: 'list', count, room, itemRows, titleRows: 1 };
}

const MOTIONS: readonly Motion[] = ['up', 'down', 'page-up', 'page-down', 'half-up', 'half-down', 'first', 'last'];

describe('a list', () => {
  it('scrolls only when the cursor would leave the screen', () => {
    const shape = list(10, 3);
    const second = move(START, 'down', shape);
    expect(second).toEqual({ cursor: 1, top: 0 });
    expect(move(move(second, 'down', shape), 'down', shape)).toEqual({ cursor: 3, top: 1 });
  });

  it('stops at both ends', () => {
    const shape = list(4, 10);
    expect(move(START, 'up', shape)).toEqual(START);
    expect(move(START, 'last', shape)).toEqual({ cursor: 3, top: 0 });
    expect(move(START, 'page-down', shape)).toEqual({ cursor: 3, top: 0 });
  });

  it('takes the cursor along when it shrinks', () => {
    expect(settle({ cursor: 90, top: 80 }, list(5, 3))).toEqual({ cursor: 4, top: 2 });
    expect(settle({ cursor: 90, top: 80 }, list(0, 3))).toEqual(START);
  });

  it('always has its cursor on screen and no room wasted, whatever is pressed', () => {
    const motions = fc.array(fc.constantFrom(...MOTIONS), { maxLength: 30 });
    fc.assert(
      fc.property(
        motions,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 2, max: 40 }),
        (pressed, count, room) => {
          const shape = list(count, room, 2);
          const { cursor, top } = pressed.reduce((position, motion) => move(position, motion, shape), START);
          const shown = roomInItems(shape);
          expect(cursor).toBeGreaterThanOrEqual(top);
          expect(cursor).toBeLessThan(Math.min(count, top + shown));
          expect(top).toBeLessThanOrEqual(Math.max(0, count - shown));
        },
      ),
    );
  });

  it('finds the item under the mouse, and none on the title or below the last', () => {
    const shape = list(3, 8, 2);
    expect(itemAt(START, shape, 0)).toBeNull();
    expect(itemAt(START, shape, 4)).toBe(1);
    expect(itemAt(START, shape, 7)).toBeNull();
  });
});

describe('a text with links', () => {
  const shape: Shape = { kind: 'text', count: 30, links: [2, 20, 21], room: 10 };

  it('begins at the first link that is on screen', () => {
    expect(settle(START, shape)).toEqual({ cursor: 2, top: 0 });
    expect(settle(START, { ...shape, links: [20] })).toEqual({ cursor: -1, top: 0 });
  });

  it('goes on by a row until the next link comes into sight', () => {
    let position = settle(START, shape);
    for (let step = 0; step < 12; step++) position = move(position, 'down', shape);
    expect(position.cursor).toBe(20);
    expect(move(position, 'down', shape).cursor).toBe(21);
    expect(move(move(position, 'down', shape), 'up', shape).cursor).toBe(20);
  });

  it('ends with its last row at the bottom', () => {
    expect(move(START, 'last', shape).top).toBe(20);
    expect(move(START, 'last', { ...shape, count: 4 }).top).toBe(0);
  });

  it('lets the mouse hit links only', () => {
    expect(itemAt({ cursor: 2, top: 15 }, shape, 5)).toBe(20);
    expect(itemAt({ cursor: 2, top: 15 }, shape, 4)).toBeNull();
    expect(standOn({ cursor: 2, top: 15 }, 20, shape)).toEqual({ cursor: 20, top: 15 });
  });
});
