import { describe, expect, it } from 'vitest';
import { NO_CHOICE, type Order, orderedByNext, reversed, withColumn } from './table-choice.ts';

const OFFERED: readonly Order[] = [
  { title: 'From', isDescending: false },
  { title: 'Lost', isDescending: true },
];

describe('what a table is wanted like', () => {
  it('goes through the orders that it offers and back to its own', () => {
    const first = orderedByNext(NO_CHOICE, OFFERED, 1);
    const second = orderedByNext(first, OFFERED, 1);
    expect([first.order, second.order]).toEqual(OFFERED);
    expect(orderedByNext(second, OFFERED, 1).order).toBeNull();
    expect(orderedByNext(NO_CHOICE, OFFERED, -1).order).toEqual(OFFERED[1]);
    expect(orderedByNext(NO_CHOICE, [], 1).order).toBeNull();
  });

  it('turns an order round, where there is one', () => {
    expect(reversed(orderedByNext(NO_CHOICE, OFFERED, 1)).order).toEqual({ title: 'From', isDescending: true });
    expect(reversed(NO_CHOICE)).toBe(NO_CHOICE);
  });

  it('leaves out a column that is on screen, and shows one that is not', () => {
    const hidden = withColumn(NO_CHOICE, 'Lost', true);
    expect(hidden.columns).toEqual({ Lost: 'hidden' });
    expect(withColumn(hidden, 'Lost', false).columns).toEqual({ Lost: 'shown' });
  });
});
