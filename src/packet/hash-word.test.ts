import { expect, it, vi } from 'vitest';

it('begins in another way in each run, so that nobody can make packets for one place of a table', async () => {
  const seeds = new Set<number>();
  for (let run = 0; run < 3; run++) {
    vi.resetModules();
    seeds.add((await import('./hash-word.ts')).HASH_SEED);
  }
  expect(seeds.size).toBe(3);
});
