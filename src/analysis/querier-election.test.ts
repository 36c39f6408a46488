import { describe, expect, it } from 'vitest';
import { QuerierElection } from './querier-election.ts';

const LOW = '10.10.1.1';
const HIGH = '10.10.2.1';

/** Pairs that are told apart by who asks at which second. */
function apart(...queries: readonly (readonly [address: string, second: number])[]): string[] {
  const election = new QuerierElection();
  for (const [address, second] of queries) election.note(address, { capture: 0, frame: second, time: second * 1e9 });
  return election.apart.map(({ queriers, at }) => `${queriers.toSorted().join(' ')} by ${at.frame}`);
}

describe('two queriers', () => {
  it('are on two segments where the higher one asks on right after the lower', () => {
    expect(apart([HIGH, 1], [LOW, 50], [HIGH, 55], [HIGH, 80])).toEqual([`${LOW} ${HIGH} by 55`]);
  });

  it('are on two segments where the higher one asks on soon, and once between two queries of the lower', () => {
    expect(apart([HIGH, 1], [LOW, 86], [HIGH, 126], [LOW, 211])).toEqual([`${LOW} ${HIGH} by 211`]);
  });

  it('may be on one where the higher one is new: it asks before it has heard the other', () => {
    expect(apart([LOW, 1], [HIGH, 3], [LOW, 126], [LOW, 251])).toEqual([]);
    expect(apart([LOW, 1], [HIGH, 60], [HIGH, 91], [LOW, 126], [LOW, 251])).toEqual([]);
  });

  it('may be on one where the higher one waits for less than the lower lets pass', () => {
    expect(apart([HIGH, 1], [LOW, 3], [HIGH, 123], [LOW, 128], [HIGH, 248], [LOW, 253])).toEqual([]);
    expect(apart([LOW, 1], [HIGH, 66], [HIGH, 96], [LOW, 126], [HIGH, 191], [HIGH, 221], [LOW, 251])).toEqual([]);
  });

  it('may be on one where the lower takes over, or falls silent for long', () => {
    expect(apart([HIGH, 1], [LOW, 3], [LOW, 128])).toEqual([]);
    expect(apart([LOW, 1], [HIGH, 257], [HIGH, 382])).toEqual([]);
    expect(apart([LOW, 1], [HIGH, 257], [LOW, 400])).toEqual([]);
  });

  it('are none where one asks without an address, or in IPv6', () => {
    expect(apart(['0.0.0.0', 1], [LOW, 2], ['fe80::1', 3])).toEqual([]);
  });

  it('are told of in bounded number', () => {
    const election = new QuerierElection();
    for (let i = 0; i < 4000; i++) {
      election.note(`10.0.${i >> 8}.${i & 255}`, { capture: 0, frame: i, time: i * 1e6 });
    }
    expect(election.apart.length).toBeLessThanOrEqual(64);
    expect(election.lastOf('10.0.0.1')?.frame).toBe(1);
    expect(election.lastOf('10.0.15.1')).toBeNull();
  });
});
