import { describe, expect, it } from 'vitest';
import { TimeSeries } from './time-series.ts';

const SECOND = 1e9;
const DAY = 86_400 * SECOND;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('TimeSeries', () => {
  it('counts packets into buckets from its beginning on', () => {
    const table = new TimeSeries(8, 1);
    const series = table.begin(5 * SECOND);
    table.add(series, 5 * SECOND, 100, 3);
    table.add(series, 5.1 * SECOND, 100, 7);
    table.add(series, 5.3 * SECOND, 50, 1);
    expect(table.read(series)).toEqual({
      start: 5 * SECOND,
      widthNs: 0.125 * SECOND,
      packets: [2, 0, 1],
      bytes: [200, 0, 50],
      lost: [0, 0, 0],
      peaks: [7, 0, 1],
    });
  });

  it('doubles the width when it is full, and loses no packet by it', () => {
    const table = new TimeSeries(8, 1);
    const series = table.begin(0);
    for (let i = 0; i < 80; i++) table.add(series, (i * SECOND) / 10, 10, i);
    const { widthNs, packets, bytes, peaks } = table.read(series);
    expect(widthNs).toBe(SECOND);
    expect(packets).toEqual(new Array(8).fill(10));
    expect(sum(bytes)).toBe(800);
    expect(peaks).toEqual([9, 19, 29, 39, 49, 59, 69, 79]);
  });

  it('keeps packets and losses of all series as they become more and wider', () => {
    const table = new TimeSeries(8, 40);
    const all = Array.from({ length: 40 }, () => {
      const series = table.begin(0);
      for (let i = 0; i < 80; i++) {
        table.add(series, (i * SECOND) / 10, 10, i);
        if (i % 10 === 9) table.addLoss(series, (i * SECOND) / 10, series + 1);
      }
      return series;
    });
    for (const series of all) {
      const { packets, lost } = table.read(series);
      expect(packets).toEqual(new Array(8).fill(10));
      expect(lost).toEqual(new Array(8).fill(series + 1));
    }
  });

  it('holds a silence of days in as few buckets', () => {
    const table = new TimeSeries(8, 1);
    const series = table.begin(0);
    table.add(series, 0, 10, 0);
    table.add(series, 3 * DAY, 10, 0);
    const { packets } = table.read(series);
    expect(packets.length).toBeLessThanOrEqual(8);
    expect(packets[0]).toBe(1);
    expect(packets.at(-1)).toBe(1);
  });

  it('counts what comes from before its beginning as its first moment', () => {
    const table = new TimeSeries(8, 1);
    const series = table.begin(SECOND);
    table.add(series, 0, 10, 0);
    expect(table.read(series).packets).toEqual([1]);
  });

  it('takes a packet that came late off the last loss', () => {
    const table = new TimeSeries(8, 1);
    const series = table.begin(0);
    table.addLoss(series, 0, 1);
    table.addLoss(series, 0.2 * SECOND, 2);
    table.add(series, 0.6 * SECOND, 10, 0);
    table.takeBackLoss(series);
    expect(table.read(series).lost).toEqual([1, 1, 0, 0, 0]);
  });

  it('has no more series than it may, and gives the place of a forgotten one again', () => {
    const table = new TimeSeries(8, 2);
    const first = table.begin(0);
    table.add(first, 0, 10, 0);
    expect([table.begin(0), table.begin(0)]).toEqual([1, -1]);
    table.forget(first);
    expect(table.read(table.begin(SECOND))).toMatchObject({ start: SECOND, packets: [] });
  });
});
