import { describe, expect, it } from 'vitest';
import { chartRows, resample, sparkline } from './chart.ts';
import { createTheme } from './theme.ts';

const { marks } = createTheme('dark', 'none', true);
const ascii = createTheme('dark', 'none', false).marks;

describe('a sparkline', () => {
  it('leaves nothing blank, and shows whatever is more than nothing', () => {
    expect(sparkline([0, 1, 50, 100], 4, marks)).toBe(' ▁▄█');
    expect(sparkline([0, 0], 2, marks)).toBe('  ');
    expect(sparkline([], 3, marks)).toBe('   ');
  });

  it('takes the mean of what falls into a cell, or its peak', () => {
    expect(resample([0, 10, 4, 4], 2)).toEqual([5, 4]);
    expect(resample([0, 10, 4, 4], 2, true)).toEqual([10, 4]);
    expect(resample([1, 2], 4)).toEqual([1, 1, 2, 2]);
  });

  it('is ASCII where the terminal shows no more', () => {
    expect(sparkline([0, 1, 50, 100], 4, ascii)).toMatch(/^[\x20-\x7e]{4}$/);
  });
});

describe('a chart', () => {
  it('stands on its lowest row', () => {
    expect(chartRows([0, 1, 8, 16], 4, 2, marks)).toEqual(['   █', ' ▁██']);
  });
});
