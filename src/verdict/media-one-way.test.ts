import { describe, expect, it } from 'vitest';
import {
  at,
  CLIENT,
  controlCase,
  copiesOf,
  hostInfo,
  mediaCase,
  rtcpCase,
  SERVER,
  seconds,
} from '../../test/case-builder.ts';
import { type Changes, verdicts } from '../../test/media-verdicts.ts';
import { NO_COPIES } from '../flow/copy-table.ts';
import type { FlowCase } from './flow-case.ts';

describe('media that passes here', () => {
  const session = (packets: FlowCase['packets']) => {
    const control = controlCase(28, { packets });
    const media = mediaCase(control, {
      packets: [0, 2000],
      lastTimes: [Number.NEGATIVE_INFINITY, seconds(28)],
    });
    const reports = rtcpCase(control, media);
    return { control, media, reports };
  };

  it('is one-way when nothing shows that it arrives', () => {
    const { control, media, reports } = session([10, 10]);
    expect(verdicts(control, [media, reports])).toEqual({ 'media-one-way': 'undetermined' });
  });

  it('is one-way and blocked when the client gave it up', () => {
    const { control, media } = session([10, 10]);
    media.media.fellBack(at(20), 'SETUP RTP/AVP/TCP');
    expect(verdicts(control, [media])).toHaveProperty('media-one-way', 'blocked');
  });

  it('is fine when the receiver reports, or announced no reports', () => {
    const { control, media, reports } = session([10, 10]);
    expect(verdicts(control, [media, { ...reports, packets: [3, 0] }])).toEqual({});
    expect(verdicts(control, [media])).toEqual({});
  });

  it('may be one-way where the receiver only opened the path and much of it went unreported', () => {
    const { control, media, reports } = session([10, 10]);
    const punched = { ...reports, packets: [1, 0] as const, lastTimes: [seconds(1), -Infinity] as const };
    const long = { ...media, payload: [0, 500_000] as const };
    expect(verdicts(control, [long, punched])).toEqual({ 'media-one-way': 'undetermined' });
    expect(verdicts(control, [{ ...long, payload: [0, 200_000] }, punched])).toEqual({});
    expect(verdicts(control, [long, { ...punched, lastTimes: [seconds(6), -Infinity] }])).toEqual({});
  });

  it('may be one-way where no report of the receiver speaks of a medium', () => {
    const { control, media, reports } = session([10, 10]);
    const last = [seconds(25), Number.NEGATIVE_INFINITY] as const;
    const denying = { ...reports, packets: [3, 0] as const, lastTimes: last, emptyReports: [3, 0] as const };
    expect(verdicts(control, [media, denying])).toEqual({ 'media-one-way': 'undetermined' });
    expect(verdicts(control, [media, { ...denying, emptyReports: [1, 0] }])).toEqual({});
    expect(verdicts(control, [media, { ...denying, reportsMedia: [true, false] }])).toEqual({});
  });

  it('is stopped where a span shows the control connection on both legs of a router and the media on one', () => {
    const { control, media, reports } = session([20, 20]);
    const hosts = [hostInfo(CLIENT, { tcpTtl: 64 }), hostInfo(SERVER, { tcpTtl: 64 })];
    const twice = { ...control, copies: [copiesOf(10), copiesOf(10)] as const };
    const judged = (flows: readonly FlowCase[], by = twice) => verdicts(by, flows, { hosts });
    expect(judged([media, reports])).toEqual({ 'media-one-way': 'blocked' });
    expect(judged([{ ...media, copies: [NO_COPIES, copiesOf(1000, seconds(28))] as const }, reports])).toEqual({});
    expect(judged([media, reports], control)).toEqual({});
    const forThird = { ...media, initiator: { address: '10.10.1.77', port: 40_100 } };
    expect(judged([forThird, reports])).toEqual({ 'media-one-way': 'undetermined' });
    const reported = { ...reports, packets: [4, 4] as const, lastTimes: [seconds(20), seconds(20)] as const };
    expect(judged([media, reported])).toEqual({});
    // Then the other leg may be the one that was not seen.
    const down = { start: seconds(5), end: Number.POSITIVE_INFINITY, part: { captures: null, isWhole: true } };
    expect(verdicts(twice, [media, reports], { hosts, gaps: [down] })).toEqual({});
  });

  it('is passed on no more where its packets were twice on such a span, and then once', () => {
    const { control, media, reports } = session([20, 20]);
    const until = (second: number) => [copiesOf(10, seconds(second)), copiesOf(10, seconds(second))] as const;
    const cut = { ...media, copies: [NO_COPIES, copiesOf(300, seconds(10))] as const };
    const judged = (flows: readonly FlowCase[], lastCopy: number, changes: Changes = {}) =>
      verdicts({ ...control, copies: until(lastCopy) }, flows, changes);
    const reported = { ...reports, packets: [2, 2] as const, lastTimes: [seconds(9), seconds(28)] as const };
    expect(judged([cut, reported], 29)).toEqual({ 'media-one-way': 'blocked' });
    expect(judged([cut, reported], 9)).toEqual({ 'media-one-way': 'undetermined' });
    const heard = { ...reported, lastTimes: [seconds(27), seconds(28)] as const };
    expect(judged([cut, heard], 29)).toEqual({});
    expect(judged([{ ...cut, copies: [NO_COPIES, copiesOf(300, seconds(27))] }, reported], 29)).toEqual({});
    const down = { start: seconds(9), end: seconds(20), part: { captures: null, isWhole: false } };
    expect(judged([cut, reported], 29, { gaps: [down] })).toEqual({});
  });

  it('is not held against a capture of one side', () => {
    const { control, media, reports } = session([0, 10]);
    expect(verdicts(control, [media, reports])).toEqual({});
  });
});
