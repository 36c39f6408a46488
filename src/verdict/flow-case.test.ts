import { describe, expect, it } from 'vitest';
import { formatSeconds } from './flow-case.ts';

describe('a time in words', () => {
  it('has as many digits as matter', () => {
    expect([0, 2e5, 35e6, 4.1e9, 17e9].map(formatSeconds)).toEqual([
      '0.000 s',
      'less than 0.001 s',
      '0.035 s',
      '4.1 s',
      '17 s',
    ]);
    expect(formatSeconds(4 * 3600e9)).toBe('4 h');
  });
});
