import { describe, expect, it } from 'vitest';
import {
  at,
  CLIENT,
  captureCase,
  controlCase,
  icmpCase,
  mediaCase,
  seconds,
  tcpCase,
} from '../../test/case-builder.ts';
import { verdicts } from '../../test/media-verdicts.ts';
import { NO_COPIES } from '../flow/copy-table.ts';
import type { FlowCase } from './flow-case.ts';
import { checkMedia } from './media.ts';

describe('media that stops', () => {
  const until = (control: FlowCase, second: number) =>
    mediaCase(control, {
      packets: [0, 300],
      firstTime: seconds(1),
      firstFrames: [0, 11],
      lastTimes: [Number.NEGATIVE_INFINITY, seconds(second)],
      lastFrames: [0, second * 10],
    });

  it('is cut when nobody said goodbye', () => {
    const control = controlCase(28);
    expect(verdicts(control, [until(control, 6)])).toEqual({ 'media-cut': 'blocked' });
    const second = controlCase(14);
    expect(verdicts(second, [until(second, 8)], { endSecond: 14 })).toEqual({ 'media-cut': 'undetermined' });
  });

  it('may have been ended by a server whose player had gone half a minute before', () => {
    const control = controlCase(5);
    const media = until(control, 40);
    expect(verdicts(control, [media], { endSecond: 60 })).toEqual({ 'media-cut': 'undetermined' });
    const later = controlCase(20);
    expect(verdicts(later, [until(later, 40)], { endSecond: 60 })).toEqual({ 'media-cut': 'blocked' });
  });

  it('is not seen any more where its sender is asked in vain, and nobody asks it again', () => {
    const asked = (runs: NonNullable<FlowCase['tcp']>['runs'], lastHeard: number) => {
      const lastTimes = [seconds(28), seconds(lastHeard)] as const;
      const control = controlCase(28, { lastTimes, tcp: tcpCase({ runs }) });
      control.record.message(at(10), 0, 'GET_PARAMETER');
      return verdicts(control, [until(control, 6)]);
    };
    const run = { count: 4, firstFrame: 101, lastFrame: 140, firstTime: seconds(10.2), lastTime: seconds(14) };
    expect(asked([null, null], 6)).toEqual({ 'media-cut': 'undetermined' });
    expect(asked([null, null], 10.1)).toEqual({ 'media-cut': 'undetermined' });
    expect(asked([run, null], 6)).toEqual({ 'media-cut': 'blocked' });
  });

  it('may pause where its packets were never close together', () => {
    const control = controlCase(50);
    const sparse = { ...until(control, 20), packets: [0, 10] } as const;
    expect(verdicts(control, [sparse], { endSecond: 50 })).toEqual({});
    expect(verdicts(control, [until(control, 20)], { endSecond: 50 })).toEqual({ 'media-cut': 'blocked' });
  });

  it('may be too little to tell a rhythm, though a span shows it twice', () => {
    const judged = (copies: number) => {
      const control = controlCase(28);
      const twice = [NO_COPIES, { ...NO_COPIES, count: copies }] as const;
      const sparse = { ...until(control, 6), packets: [0, 14], copies: twice } as const;
      const other = { ...until(control, 28), id: 78, initiator: { address: CLIENT, port: 42_000 } };
      return verdicts(control, [sparse, other]);
    };
    expect([judged(7), judged(0)]).toEqual([{}, { 'media-cut': 'undetermined' }]);
  });

  it('may have been told to stop, or how long it lasts, in what the capture lacks of its connection', () => {
    const lacking = (second: number) => {
      const control = controlCase(28);
      control.record.missedAt = at(second);
      return verdicts(control, [until(control, 6)]);
    };
    expect([lacking(7), lacking(0), lacking(2)]).toEqual([
      { 'media-cut': 'undetermined' },
      { 'media-cut': 'undetermined' },
      { 'media-cut': 'blocked' },
    ]);
    const late = controlCase(28, { tcp: tcpCase({ flags: [0x10, 0x10] }) });
    expect(verdicts(late, [until(late, 6)])).toEqual({ 'media-cut': 'undetermined' });
    const cutShort = controlCase(28, { tcp: tcpCase({ isEndMissing: [true, false] }) });
    expect(verdicts(cutShort, [until(cutShort, 6)])).toEqual({ 'media-cut': 'undetermined' });
  });

  it('stops where its receiver says itself that nothing takes it any more', () => {
    const control = controlCase(28);
    const told = (reporter: string, second: number) => {
      const error = icmpCase(3, 3, reporter, { ...at(second), direction: 1 });
      return verdicts(control, [{ ...until(control, 6), icmp: [error] }]);
    };
    expect(told(CLIENT, 6)).toEqual({});
    expect(told(CLIENT, 2)).toEqual({ 'media-cut': 'blocked' });
  });

  it('is not cut where the clock was set back since its start', () => {
    const control = controlCase(28);
    const media = until(control, 6);
    expect(verdicts(control, [{ ...media, lastTimes: [Number.NEGATIVE_INFINITY, seconds(-3600)] }])).toEqual({});
  });

  it('is one track of several where others go on of which the announcement is missing', () => {
    const control = controlCase(28);
    const media = until(control, 6);
    const other = (second: number) => ({
      ...until(control, second),
      id: 77,
      announced: [],
      confidence: 'content' as const,
      initiator: { address: media.initiator.address, port: 41_000 },
    });
    const judged = (second: number) => verdicts(control, [media], { flows: [other(second)] });
    expect([judged(28), judged(6)]).toEqual([{ 'media-cut': 'undetermined' }, { 'media-cut': 'blocked' }]);
  });

  it('is over when its recording is', () => {
    const control = controlCase(28);
    control.record.fact('range', 'npt=0.000-5.2');
    expect(verdicts(control, [until(control, 6)])).toEqual({});
  });

  it('is a header that did not arrive where its player, which would ask for the media next, asks for nothing', () => {
    const told = (askedAt: readonly number[]) => {
      const control = controlCase(28, { protocol: 'mms' });
      control.record.clientDirection = 0;
      for (const second of askedAt) control.record.message(at(second), 0, 'a request');
      const header = { ...until(control, 1), protocol: 'mmsu', packets: [0, 1] } as const;
      return checkMedia(control, captureCase([control, header], { endSecond: 30 }))[0];
    };
    expect(told([0.5])).toMatchObject({ verdict: 'undetermined', cause: 'unknown' });
    expect(told([0.5])?.tell().why).toContain('the header of the stream');
    expect(told([0.5, 2])?.tell().why).not.toContain('the header of the stream');
  });

  it('is over when the session is, or the capture', () => {
    const closed = controlCase(28);
    closed.record.closedAt = at(6.2);
    expect(verdicts(closed, [until(closed, 6)])).toEqual({});
    const control = controlCase(7);
    expect(verdicts(control, [until(control, 6)], { endSecond: 7 })).toEqual({});
  });
});
