import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placesInOrder } from './key-order.ts';

const key = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, -0, -Infinity, Infinity, 2 ** 48, 2 ** 48 + 1, 1e9 + 0.5),
);

it('is that of a stable comparison, up and down', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), fc.boolean(), (keys, isDescending) => {
      const places = keys.map((_, place) => place);
      const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
      const expected = places.toSorted((a, b) => (isDescending ? -1 : 1) * compare(keys[a] ?? 0, keys[b] ?? 0));
      expect([...placesInOrder(Float64Array.from(keys), isDescending)]).toEqual(expected);
    }),
  );
});
