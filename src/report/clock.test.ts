import { afterEach, describe, expect, it } from 'vitest';
import { axisText, clockOf } from './clock.ts';

const ORIGIN = Date.UTC(2026, 10, 21, 23, 59, 58) / 1000;
const SECOND = 1e9;

afterEach(() => {
  process.env.TZ = 'UTC';
});

describe('moments of a report', () => {
  it('have their day only where there are several', () => {
    expect(clockOf(0, SECOND, ORIGIN)(0.5 * SECOND)).toBe('23:59:58.500000');
    expect(clockOf(0, 3 * SECOND, ORIGIN)(SECOND)).toBe('2026-11-21 23:59:59.000000');
    expect(clockOf(0, 3 * SECOND, ORIGIN)(2 * SECOND)).toBe('2026-11-22 00:00:00.000000');
  });

  it('are told in the zone of the reader too, where that differs', () => {
    const clock = clockOf(0, SECOND, ORIGIN);
    expect(axisText(0, clock, ORIGIN)).toBe('23:59:58.000000 UTC');
    process.env.TZ = 'Asia/Kolkata';
    expect(axisText(0, clock, ORIGIN)).toBe('23:59:58.000000 UTC (05:29:58 +05:30)');
  });
});
