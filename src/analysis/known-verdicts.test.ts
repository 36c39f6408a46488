import { expect, it } from 'vitest';
import { KnownVerdicts } from './known-verdicts.ts';

it('knows the verdict of a flow, not of the next one in its slot, and nothing of slots that came later', () => {
  const known = new KnownVerdicts(2);
  expect(known.get(1, 0)).toBeNull();
  known.set(0, 7, 'blocked');
  known.set(1, 2 ** 32 - 1, 'background');
  known.set(2, 9, 'ok');
  known.set(-1, 10, 'ok');
  expect(known.get(0, 7)).toBe('blocked');
  expect(known.get(1, 2 ** 32 - 1)).toBe('background');
  for (const [slot, id] of [
    [0, 8],
    [2, 9],
    [-1, 10],
  ] as const)
    expect(known.get(slot, id)).toBeNull();
});
