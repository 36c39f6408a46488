import { describe, expect, it } from 'vitest';
import { captureCase, seconds } from '../../test/case-builder.ts';
import type { CaptureGap } from './flow-case.ts';
import { isFirstSight, seenUntil, wasPartlyBlind, watchedTime } from './sight.ts';

const ALL = { captures: null, isWhole: true };
const FILE = { captures: new Set([1]), isWhole: true };
const INTERFACE = { captures: new Set([0]), isWhole: false };

function gap(start: number, end: number, part?: CaptureGap['part']): CaptureGap {
  const times = { start: seconds(start), end: seconds(end) };
  return part === undefined ? times : { ...times, part };
}

function until(gaps: readonly CaptureGap[], heard: number, since = heard, anyHeard = since): number {
  const wait = { capture: 0, since: seconds(since), heard: seconds(heard), anyHeard: seconds(anyHeard) };
  return seenUntil(captureCase([], { gaps }), wait) / 1e9;
}

describe('seenUntil', () => {
  it('is the end of the capture, or a silence of all of it after anybody was heard', () => {
    expect(until([], 10)).toBe(60);
    expect(until([gap(5, 9), gap(30, 55)], 10)).toBe(30);
    expect(until([gap(30, 55)], 10, 10, 40)).toBe(60);
  });

  it('is where an interface was down, unless who is waited for was heard meanwhile', () => {
    expect(until([gap(30, 40, ALL)], 10, 10, 59)).toBe(30);
    expect(until([gap(30, 40, ALL)], 35)).toBe(60);
    expect(until([gap(30, Infinity, ALL)], 10, 31)).toBe(30);
    expect(until([gap(2, 4, ALL)], Number.NEGATIVE_INFINITY, 10)).toBe(60);
  });

  it('takes no notice of another file, nor of an interface that did not fall silent together with it', () => {
    expect(until([gap(30, Infinity, FILE)], 10)).toBe(60);
    expect(until([gap(30, Infinity, INTERFACE)], 10)).toBe(60);
    expect(until([gap(12, Infinity, INTERFACE)], 10)).toBe(12);
  });
});

describe('isFirstSight', () => {
  it('holds for the beginning of the capture, of a file, and behind a silence', () => {
    const gaps = [gap(10, 20), gap(Number.NEGATIVE_INFINITY, 40, FILE)];
    const isFirst = (index: number, time: number) =>
      isFirstSight(captureCase([], { gaps }), index, seconds(time), seconds(3));
    expect([1, 9, 19, 21, 24, 41].filter((time) => isFirst(0, time))).toEqual([1, 21]);
    expect([1, 21, 39, 41].filter((time) => isFirst(1, time))).toEqual([1, 21, 41]);
  });
});

describe('wasPartlyBlind', () => {
  it('speaks of parts only', () => {
    const capture = captureCase([], { gaps: [gap(10, 20), gap(30, 40, FILE)] });
    expect(wasPartlyBlind(capture, seconds(5), seconds(25))).toBe(false);
    expect(wasPartlyBlind(capture, seconds(5), seconds(31))).toBe(true);
  });
});

describe('watchedTime', () => {
  it('leaves out silences of all of the capture, and when the file had not begun or was over', () => {
    const ofOneInterface = gap(22, 40, INTERFACE);
    const gaps = [gap(10, 20), gap(Number.NEGATIVE_INFINITY, 5, FILE), gap(50, Infinity, FILE), ofOneInterface];
    expect(watchedTime(captureCase([], { gaps }), 0)).toBe(seconds(50));
    expect(watchedTime(captureCase([], { gaps }), 1)).toBe(seconds(35));
  });
});
