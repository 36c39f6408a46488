import { describe, expect, it } from 'vitest';
import { FirstFragmentTable } from './first-fragments.ts';

const at = (frame: number) => ({ capture: 0, frame, time: frame * 1e9 });

describe('first fragments', () => {
  it('are counted once for each datagram, by side', () => {
    const table = new FirstFragmentTable();
    table.note(3, 1, 500, at(1));
    table.note(3, 1, 500, at(2));
    table.note(3, 1, 501, at(3));
    table.complete(3, 1);
    expect(table.of(3, 1)).toEqual({ begun: 2, whole: 1, again: 1, first: at(1), last: at(3) });
    expect(table.of(3, 0)).toBeNull();
  });

  it('count each where the identification of datagrams is not known', () => {
    const table = new FirstFragmentTable();
    table.note(0, 0, -1, at(1));
    table.note(0, 0, -1, at(2));
    expect(table.of(0, 0)?.begun).toBe(2);
  });

  it('are none where only whole datagrams were seen, and after the flow was evicted', () => {
    const table = new FirstFragmentTable();
    table.complete(7, 0);
    expect(table.of(7, 0)).toBeNull();
    table.note(7, 0, 1, at(1));
    table.release(7);
    expect(table.of(7, 0)).toBeNull();
  });
});
