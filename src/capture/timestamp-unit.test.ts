import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanosecondsOfFraction, TimestampUnit } from './timestamp-unit.ts';

const word = fc.nat(0xffff_ffff);

function splitExactly(value: bigint, unitsPerSecond: bigint): [bigint, bigint] {
  return [value / unitsPerSecond, ((value % unitsPerSecond) * 1_000_000_000n) / unitsPerSecond];
}

describe('TimestampUnit', () => {
  it('splits any 64-bit time of any decimal resolution, whose seconds a number can hold, as exact arithmetic does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 19 }), word, word, (exponent, high, low) => {
        const unit = new TimestampUnit(exponent, false, 0);
        unit.split(high, low);
        const [seconds, nanoseconds] = splitExactly((BigInt(high) << 32n) | BigInt(low), 10n ** BigInt(exponent));
        expect([unit.seconds, unit.nanoseconds]).toEqual([Number(seconds), Number(nanoseconds)]);
      }),
    );
  });

  it('splits any 64-bit time of any binary resolution, whose seconds a number can hold, as exact arithmetic does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 11, max: 63 }), word, word, (exponent, high, low) => {
        const unit = new TimestampUnit(exponent, true, 0);
        unit.split(high, low);
        const [seconds, nanoseconds] = splitExactly((BigInt(high) << 32n) | BigInt(low), 2n ** BigInt(exponent));
        expect([unit.seconds, unit.nanoseconds]).toEqual([Number(seconds), Number(nanoseconds)]);
      }),
    );
  });

  it('gives the same for the same upper word as for a new one', () => {
    const unit = new TimestampUnit(9, false, 0);
    unit.split(400_000_000, 7);
    const first = [unit.seconds, unit.nanoseconds];
    unit.split(1, 1);
    unit.split(400_000_000, 7);
    expect([unit.seconds, unit.nanoseconds]).toEqual(first);
  });

  it('adds the offset of the interface, which may be negative', () => {
    const unit = new TimestampUnit(6, false, -100);
    unit.split(0, 5_000_001);
    expect([unit.seconds, unit.nanoseconds]).toEqual([-95, 1000]);
  });
});

describe('nanosecondsOfFraction', () => {
  it('rounds to the nearest nanosecond, up to the next second', () => {
    expect(nanosecondsOfFraction(0xffff_ffff, 'nearest')).toBe(1_000_000_000);
    expect(nanosecondsOfFraction(0xffff_ffff, 'down')).toBe(999_999_999);
    expect(nanosecondsOfFraction(0x8000_0000, 'nearest')).toBe(500_000_000);
    expect(nanosecondsOfFraction(3, 'nearest')).toBe(1);
    expect(nanosecondsOfFraction(3, 'down')).toBe(0);
  });
});
