import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { formatDay, formatLocalDay, formatSpan, formatTimeOfDay, formatTimestamp } from './time.ts';

/** 2026-11-21T10:00:00Z */
const ORIGIN = 1_795_255_200;

describe('moments', () => {
  it('keep their nanoseconds', () => {
    expect(formatTimestamp(1_039_000_001, ORIGIN)).toBe('2026-11-21T10:00:01.039000001Z');
    expect(formatTimeOfDay(1_039_000_001, ORIGIN)).toBe('10:00:01.039000');
    expect(formatDay(1_039_000_001, ORIGIN)).toBe('2026-11-21 10:00:01 UTC');
  });

  it('before the origin count down from it', () => {
    expect(formatTimestamp(-1, ORIGIN)).toBe('2026-11-21T09:59:59.999999999Z');
    expect(formatTimestamp(-1e9, ORIGIN)).toBe('2026-11-21T09:59:59.000000000Z');
  });

  it('are exact to the nanosecond for 104 days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (time) => {
        const text = formatTimestamp(time, 0);
        return Date.parse(`${text.slice(0, 19)}Z`) * 1e6 + Number(text.slice(20, 29)) === time;
      }),
    );
  });

  it('that no date can hold become the nearest that one can', () => {
    expect(formatTimestamp(0, 1e18)).toBe('9999-12-31T23:59:59.000000000Z');
    expect(formatTimestamp(0, -1e18)).toBe('0001-01-01T00:00:00.000000000Z');
  });

  it('in local time name their distance from UTC and are the same moment', () => {
    const [day, time, zone] = formatLocalDay(0, ORIGIN).split(' ');
    expect(Date.parse(`${day}T${time}${zone}`)).toBe(ORIGIN * 1000);
  });

  it.each([
    ['Asia/Kolkata', '2026-11-21 15:30:00 +05:30'],
    ['America/St_Johns', '2026-11-21 06:30:00 -03:30'],
  ])('in the zone %s are those of its clocks', (zone, text) => {
    vi.stubEnv('TZ', zone);
    expect(formatLocalDay(0, ORIGIN)).toBe(text);
    vi.unstubAllEnvs();
  });
});

describe('spans', () => {
  it('have the unit that fits', () => {
    expect([0.4, 35, 999.6, 11_400, 59_960, 125_000, 3_599_700, 11_220_000].map(formatSpan)).toEqual([
      '0.4 ms',
      '35 ms',
      '1.0 s',
      '11.4 s',
      '1 min 00 s',
      '2 min 05 s',
      '1 h 00 min',
      '3 h 07 min',
    ]);
  });
});
