import { describe, expect, it } from 'vitest';
import { CopyTable, NO_COPIES } from './copy-table.ts';

describe('CopyTable', () => {
  it('keeps both sides of each flow apart, and where the last copy was', () => {
    const copies = new CopyTable();
    copies.note(7, 0, 2, 11, 100);
    copies.note(7, 0, 4, 13, 200);
    copies.note(7, 1, 2, 14, 300);
    expect(copies.of(7, 0)).toEqual({ count: 2, packets: 4, lastFrame: 13, lastTime: 200 });
    expect(copies.of(7, 1)).toEqual({ count: 1, packets: 2, lastFrame: 14, lastTime: 300 });
    expect([copies.count(7), copies.count(6), copies.count(4000)]).toEqual([3, 0, 0]);
    expect(copies.of(4000, 1)).toBe(NO_COPIES);
  });

  it('takes a copy back that was the beginning of another one', () => {
    const copies = new CopyTable();
    copies.note(3, 1, 2, 11, 100);
    copies.takeBack(3, 1);
    copies.takeBack(3, 1);
    copies.takeBack(4000, 0);
    expect(copies.count(3)).toBe(0);
  });

  it('knows nothing of the flow that had the slot before', () => {
    const copies = new CopyTable();
    copies.note(3, 1, 2, 11, 100);
    copies.release(3);
    copies.release(4000);
    expect([copies.count(3), copies.of(3, 1)]).toEqual([0, NO_COPIES]);
  });
});
