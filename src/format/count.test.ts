import { describe, expect, it } from 'vitest';
import { counted, formatBitRate, formatBytes, formatCount, formatPercent } from './count.ts';

describe('counts', () => {
  it('have a comma every three digits', () => {
    expect([0, 999, 1000, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('agree with their noun', () => {
    expect([counted(1, 'flow'), counted(0, 'flow'), counted(2000, 'query', 'queries')]).toEqual([
      '1 flow',
      '0 flows',
      '2,000 queries',
    ]);
  });
});

describe('sizes and rates', () => {
  it('keep three digits', () => {
    expect([0, 999, 1000, 12_345, 999_999, 1.5e9, 2e15].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.00 kB',
      '12.3 kB',
      '1.00 MB',
      '1.50 GB',
      '2000 TB',
    ]);
  });

  it('are bits each second, and unknown where no time has passed', () => {
    expect(formatBitRate(500_000, 1)).toBe('4.00 Mbit/s');
    expect(formatBitRate(500_000, 0)).toBe('-');
  });

  it('never show a loss as none', () => {
    expect([
      formatPercent(0, 10),
      formatPercent(1, 100_000),
      formatPercent(1, 40),
      formatPercent(1, 2),
      formatPercent(1, 0),
    ]).toEqual(['0.0%', '<0.1%', '2.5%', '50%', '-']);
  });
});
