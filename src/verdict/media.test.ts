import { describe, expect, it } from 'vitest';
import {
  at,
  CLIENT,
  captureCase,
  controlCase,
  flowCase,
  hostInfo,
  mediaCase,
  rtcpCase,
  SERVER,
  seconds,
} from '../../test/case-builder.ts';
import { type Changes, verdicts } from '../../test/media-verdicts.ts';
import type { Verdict } from './finding.ts';
import type { FlowCase } from './flow-case.ts';
import { checkMedia } from './media.ts';

describe('announced media that never came', () => {
  it('is blocked after ten seconds, and earlier when the client gave it up', () => {
    const control = controlCase(20);
    expect(verdicts(control, [mediaCase(control)])).toEqual({ 'media-never-arrived': 'blocked' });
    const short = controlCase(5);
    const given = mediaCase(short);
    given.media.fellBack(at(4), 'SETUP RTP/AVP/TCP');
    expect(verdicts(short, [given])).toEqual({ 'media-never-arrived': 'blocked' });
  });

  it('may be muted beside a track that is in an older flow, whose ports are used again, or that nothing is seen to ask for', () => {
    const control = controlCase(20);
    const absent = (port: number, id: number) => mediaCase(control, { id, initiator: { address: CLIENT, port } });
    const tracks = [absent(40_100, 10), absent(40_102, 11)];
    const [reused] = tracks;
    const coming = { packets: [0, 300], lastTimes: [Number.NEGATIVE_INFINITY, seconds(20)] } as const;
    const older = { ...reused, ...coming, id: 12, announced: [] } as FlowCase;
    const told = (flows: readonly FlowCase[]) =>
      verdicts(
        control,
        flows.filter((flow) => flow !== older),
        { flows: [control, ...flows] },
      );
    expect([told(tracks), told([...tracks, older])]).toEqual([
      { 'media-never-arrived': 'blocked' },
      { 'media-never-arrived': 'undetermined' },
    ]);
    const unasked = { ...mediaCase(control, { ...coming, id: 13 }), initiator: { address: CLIENT, port: 40_104 } };
    unasked.media.startedAt = null;
    expect(told([...tracks, unasked])).toEqual({ 'media-never-arrived': 'undetermined' });
  });

  it('asks for each of their ports', () => {
    const control = controlCase(20);
    const media = [40_100, 40_102].map((port, index) =>
      mediaCase(control, {
        id: 10 + index,
        initiator: { address: CLIENT, port },
        announcement: { initiator: { address: null, port } },
      }),
    );
    const [draft] = checkMedia(control, captureCase([control, ...media], { endSecond: 30 }));
    expect(draft?.tell().nextStep).toMatch(/ ports 40100, 40102 to be permitted/);
    const [lone] = checkMedia(control, captureCase([control, ...media.slice(0, 1)], { endSecond: 30 }));
    expect(lone?.tell().nextStep).toMatch(/ port 40100 to be permitted/);
  });

  describe('and a new connection over TCP', () => {
    const opened = (changes: Partial<FlowCase> = {}, leftAt = 5) => {
      const control = controlCase(leftAt);
      control.record.closedAt = at(leftAt);
      const next = controlCase(20, { firstTime: seconds(leftAt + 0.1), ...changes });
      for (const { record } of [control, next]) record.fact('url', 'rtsp://10.10.2.20/lobby');
      next.record.fact('transport', 'TCP interleaved');
      return verdicts(control, [mediaCase(control), next], { endSecond: 20 });
    };

    it('are blocked media where the player asked at once for the same stream', () => {
      expect(opened()).toEqual({ 'media-never-arrived': 'blocked' });
    });

    it('prove nothing where the player left before it could miss anything', () => {
      expect(opened({}, 2.5)).toEqual({});
    });

    it('prove nothing where another client asks, or later', () => {
      expect(opened({ firstTime: seconds(9) })).toEqual({ 'media-never-arrived': 'undetermined' });
      expect(opened({ initiator: { address: '10.10.1.11', port: 40_001 } })).toEqual({
        'media-never-arrived': 'undetermined',
      });
    });
  });

  it('is blocked at once where its sender reports that it sends it and its receiver that nothing comes', () => {
    const control = controlCase(6);
    const media = mediaCase(control);
    const reports = rtcpCase(control, media, {
      packets: [2, 2],
      lastTimes: [seconds(5), seconds(5)],
      sentByReports: [0, 200],
      emptyReports: [2, 0],
    });
    const verdictsWith = (changes: Partial<FlowCase>) =>
      verdicts(control, [media, { ...reports, ...changes }], { endSecond: 6 });
    expect(verdictsWith({})).toEqual({ 'media-never-arrived': 'blocked' });
    const unclear: Partial<FlowCase>[] = [
      { sentByReports: [0, 0] },
      { sentByReports: [200, 0] },
      { emptyReports: [1, 0] },
      { emptyReports: [0, 2] },
    ];
    for (const changes of unclear) {
      expect(verdictsWith(changes)).toEqual({ 'media-never-arrived': 'undetermined' });
    }
  });

  it('is not blocked along with another track that is', () => {
    const control = controlCase(28);
    const track = (port: number, packets: FlowCase['packets'], changes: Partial<FlowCase> = {}) => {
      const lastTimes = [-Infinity, packets[1] > 0 ? seconds(28) : -Infinity] as const;
      const media = mediaCase(control, { ...ends(port), packets, lastTimes });
      return [media, rtcpCase(control, media, { ...ends(port + 1), ...changes })];
    };
    const reported = { packets: [2, 2], sentByReports: [0, 200], emptyReports: [2, 0] } as const;
    const arrives = track(6000, [0, 500], { packets: [2, 2], reportsMedia: [true, false] });
    const [missed, unheard] = [track(6002, [0, 0], reported), track(6004, [0, 0])];
    const drafts = checkMedia(control, captureCase([control, ...arrives, ...missed, ...unheard]));
    const never = drafts.filter(({ code }) => code === 'media-never-arrived');
    const flowsOf = (verdict: Verdict) => never.find((draft) => draft.verdict === verdict)?.flows;
    expect(flowsOf('blocked')).toEqual([missed[0]]);
    expect(flowsOf('undetermined')).toEqual(unheard);
  });

  it('takes its own RTCP along, wherever that was agreed on, and none of its neighbours', () => {
    const control = controlCase(20);
    const missing = mediaCase(control, ends(6002));
    const given = rtcpCase(control, missing, ends(7400));
    const others = [6000, 6004].map((port) =>
      mediaCase(control, { ...ends(port), announcement: { mayBeSilent: true } }),
    );
    const theirs = others.map((other, index) => rtcpCase(control, other, ends(6001 + 2 * index)));
    const [draft] = checkMedia(control, captureCase([control, missing, given, ...others, ...theirs]));
    expect(draft?.flows).toEqual([missing, given]);
  });

  it('leaves out its RTCP where packets of its sender come on those ports', () => {
    const control = controlCase(20);
    const missing = mediaCase(control);
    const heard = rtcpCase(control, missing, { packets: [2, 1] });
    const [draft] = checkMedia(control, captureCase([control, missing, heard]));
    expect(draft?.flows).toEqual([missing]);
  });

  it('cannot be judged after five seconds', () => {
    const control = controlCase(6);
    expect(verdicts(control, [mediaCase(control)], { endSecond: 6 })).toEqual({
      'media-never-arrived': 'undetermined',
    });
  });

  it('cannot be judged where the capture holds nothing but TCP', () => {
    const control = controlCase(20);
    const media = mediaCase(control);
    expect(verdicts(control, [media], { isOnlyTcp: true })).toEqual({ 'media-never-arrived': 'undetermined' });
  });

  it('may take another way where who announced it speaks for others', () => {
    const phone = '10.10.3.30';
    const proxied = controlCase(20, { protocol: 'sip', label: 'SIP' });
    const media = (control: FlowCase) => mediaCase(control, { responder: { address: phone, port: 50_200 } });
    expect(verdicts(proxied, [media(proxied)])).toEqual({ 'media-never-arrived': 'undetermined' });
    const between = flowCase({ responder: { address: phone, port: 80 } });
    expect(verdicts(proxied, [media(proxied), between])).toEqual({ 'media-never-arrived': 'blocked' });
    const hosts = [hostInfo(CLIENT, { tcpTtl: 64 }), hostInfo(SERVER, { tcpTtl: 63 })];
    expect(verdicts(proxied, [media(proxied)], { hosts })).toEqual({ 'media-never-arrived': 'blocked' });
    const beside = mediaCase(proxied, { responder: { address: '10.10.1.30', port: 50_200 } });
    expect(verdicts(proxied, [beside], { hosts })).toEqual({ 'media-never-arrived': 'undetermined' });
    const oneWay = { ...between, packets: [10, 0] } as const;
    expect(verdicts(proxied, [media(proxied), oneWay])).toEqual({ 'media-never-arrived': 'undetermined' });
  });

  describe('on a group', () => {
    const group = '239.1.1.1';
    const member = {
      address: CLIENT,
      version: 'IGMPv2',
      joinedAt: at(1),
      lastReportAt: at(1),
      leftAt: null,
      sources: null,
    };
    const known = { group, name: null, isWellKnown: false, querier: null, flows: [], absent: [], announcedAt: null };
    const asked = (changes: Changes) => {
      const control = controlCase(20);
      const announcement = { isMulticast: true, responder: { address: group, port: 5000 } };
      const media = mediaCase(control, { announcement, responder: { address: group, port: 5000 }, isMulticast: true });
      return verdicts(control, [media], changes);
    };

    it('is lost where it was joined, and may be elsewhere where nobody did', () => {
      expect(asked({ groups: [{ ...known, members: [member] }] })).toEqual({ 'media-never-arrived': 'blocked' });
      expect(asked({ groups: [{ ...known, members: [] }] })).toEqual({ 'media-never-arrived': 'undetermined' });
      expect(asked({})).toEqual({ 'media-never-arrived': 'undetermined' });
    });
  });

  it('is not waited for across a silence of the whole capture', () => {
    const control = controlCase(2);
    const gaps = [{ start: seconds(2), end: seconds(9000) }];
    expect(verdicts(control, [mediaCase(control)], { endSecond: 9000, gaps })).toEqual({});
  });

  it('may be other media of the same sender that nothing announced', () => {
    const control = controlCase(20);
    const stray = flowCase({
      transport: 'udp',
      protocol: 'rtp',
      tcp: null,
      initiator: { address: SERVER, port: 10_004 },
      responder: { address: '10.10.1.16', port: 10_004 },
      packets: [900, 0],
      firstTime: seconds(1.2),
    });
    expect(verdicts(control, [mediaCase(control), stray])).toEqual({ 'media-never-arrived': 'undetermined' });
    const later = { ...stray, firstTime: seconds(25) };
    expect(verdicts(control, [mediaCase(control), later])).toEqual({ 'media-never-arrived': 'blocked' });
  });

  it('came where another host sent to its port since it had to start', () => {
    const control = controlCase(20);
    const farm = { initiator: { address: '10.10.2.77', port: 6000 }, responder: { address: CLIENT, port: 40_100 } };
    const until = (second: number) =>
      flowCase({ ...farm, transport: 'udp', tcp: null, protocol: 'rtp', lastTimes: [seconds(second), -Infinity] });
    expect(verdicts(control, [mediaCase(control), until(19)])).toEqual({});
    expect(verdicts(control, [mediaCase(control), until(0.5)])).toEqual({ 'media-never-arrived': 'blocked' });
  });

  it('may be muted beside other tracks, and was not sent when the capture is beside its sender', () => {
    const control = controlCase(20);
    const flowing = mediaCase(control, {
      initiator: { address: CLIENT, port: 40_102 },
      packets: [0, 900],
      lastTimes: [seconds(20), seconds(20)],
    });
    expect(verdicts(control, [mediaCase(control), flowing], { endSecond: 21 })).toEqual({
      'media-never-arrived': 'undetermined',
    });
    const hosts = [hostInfo(SERVER, { tcpTtl: 64 }), hostInfo(CLIENT, { tcpTtl: 63 })];
    expect(verdicts(control, [mediaCase(control)], { hosts })).toEqual({ 'media-never-arrived': 'undetermined' });
  });

  it('is nothing while it was not asked for, or while it is paused', () => {
    const control = controlCase(20);
    const paused = mediaCase(control);
    paused.media.pause(at(1.5));
    expect(verdicts(control, [paused])).toEqual({});
    const unasked = mediaCase(control);
    unasked.media.startedAt = null;
    expect(verdicts(control, [unasked])).toEqual({});
  });
});

it('media that its receiver reports may have come another way, unless the client gives it up', () => {
  const control = controlCase(20);
  const judge = (media: ReturnType<typeof mediaCase>, reportsMedia: readonly [boolean, boolean]) =>
    verdicts(control, [media, rtcpCase(control, media, { packets: [3, 0], reportsMedia })]);
  expect(judge(mediaCase(control), [true, false])).toEqual({ 'media-never-arrived': 'undetermined' });
  expect(judge(mediaCase(control), [false, true])).toEqual({ 'media-never-arrived': 'blocked' });
  const given = mediaCase(control);
  given.media.fellBack(at(9), 'SETUP RTP/AVP/TCP');
  expect(judge(given, [true, false])).toEqual({ 'media-never-arrived': 'blocked' });
});

describe('media of a call', () => {
  /** The caller speaks all the time or until `spoken`; `heard` are the packets of the called end and its last second. */
  const callWith = (heard: number, until: number, reports: Partial<FlowCase> | null, spoken = 30) => {
    const control = controlCase(30, { protocol: 'h323-h245' });
    const media = mediaCase(control, {
      announcement: { sends: 'both' },
      packets: [1500, heard],
      lastTimes: [seconds(spoken), heard === 0 ? Number.NEGATIVE_INFINITY : seconds(until)],
    });
    const report = reports === null ? [] : [rtcpCase(control, media, reports)];
    return verdicts(control, [media, ...report]);
  };
  const silent = { packets: [6, 0], lastTimes: [seconds(30), Number.NEGATIVE_INFINITY] } as const;

  it('never came one way, where not even a report of that end did', () => {
    expect(callWith(0, 0, silent)).toEqual({ 'media-never-arrived': 'blocked' });
  });

  it('cannot be judged where that end reports, or where no reports were agreed on', () => {
    const reported = { packets: [6, 6], lastTimes: [seconds(30), seconds(29)] } as const;
    expect(callWith(0, 0, reported)).toEqual({ 'media-never-arrived': 'undetermined' });
    expect(callWith(0, 0, null)).toEqual({ 'media-never-arrived': 'undetermined' });
  });

  it('is cut one way with its reports, muted while they go on, and either without any', () => {
    expect(callWith(300, 6, { packets: [6, 2], lastTimes: [seconds(30), seconds(6)] })).toEqual({
      'media-cut': 'blocked',
    });
    expect(callWith(300, 6, { packets: [6, 6], lastTimes: [seconds(30), seconds(29)] })).toEqual({});
    expect(callWith(300, 6, silent)).toEqual({ 'media-cut': 'undetermined' });
  });

  it('is not cut for certain where both ends fell silent together', () => {
    const reported = { packets: [6, 2], lastTimes: [seconds(6), seconds(6)] } as const;
    expect(callWith(300, 6, reported, 6.4)).toEqual({ 'media-cut': 'undetermined' });
    expect(callWith(300, 6, reported, 9)).toEqual({ 'media-cut': 'blocked' });
  });
});

function ends(port: number): Pick<FlowCase, 'initiator' | 'responder'> {
  return { initiator: { address: CLIENT, port }, responder: { address: SERVER, port: port + 20_000 } };
}
