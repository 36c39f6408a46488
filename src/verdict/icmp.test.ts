import { describe, expect, it } from 'vitest';
import {
  at,
  attempt,
  CLIENT,
  captureCase,
  controlCase,
  flowCase,
  hostInfo,
  icmpCase,
  mediaCase,
  rtcpCase,
  SERVER,
  seconds,
  tcpCase,
} from '../../test/case-builder.ts';
import { checkIcmp } from './icmp.ts';
import { checkPathMtu } from './path-mtu.ts';

const capture = captureCase([]);
const ROUTER = '10.10.1.1';

describe('an ICMP error', () => {
  it('is a filter when it says so, for IPv4 and IPv6', () => {
    expect(checkIcmp(attempt([0], { icmp: [icmpCase(3, 13, ROUTER)] }), capture)?.code).toBe('icmp-prohibited');
    const error = icmpCase(1, 1, 'fd00:1::1', { version: 6 });
    const found = checkIcmp(attempt([0], { icmp: [error] }), capture);
    expect(found).toMatchObject({ verdict: 'blocked', cause: 'icmp' });
    expect(found?.tell().evidence[0]?.fact).toContain('ICMPv6 1/1 from fd00:1::1');
  });

  it('is a refusal from the host itself, and a block from anyone else', () => {
    expect(checkIcmp(attempt([0], { icmp: [icmpCase(3, 3, SERVER)] }), capture)?.verdict).toBe('refused');
    expect(checkIcmp(attempt([0], { icmp: [icmpCase(3, 1, ROUTER)] }), capture)?.verdict).toBe('blocked');
  });

  it('that says late that the host cannot be reached comes from a router that has looked for it', () => {
    const late = icmpCase(3, 1, ROUTER, at(3.1));
    expect(checkIcmp(attempt([0, 1, 2, 3], { icmp: [late] }), capture)).toMatchObject({
      verdict: 'blocked',
      cause: 'host',
    });
    const other = icmpCase(3, 0, ROUTER, at(3.1));
    for (const error of [icmpCase(3, 1, ROUTER), other]) {
      expect(checkIcmp(attempt([0, 1, 2, 3], { icmp: [error] }), capture)?.cause).toBe('device-on-path');
    }
  });

  it('says nothing of connections that went on, and nothing when it is no unreachable', () => {
    expect(checkIcmp(flowCase({ icmp: [icmpCase(3, 1, ROUTER)] }), capture)).toBeNull();
    expect(checkIcmp(attempt([0], { icmp: [icmpCase(5, 1, ROUTER)] }), capture)).toBeNull();
  });

  it('that the packet went round until its hop limit was used up is a failure of the path, unless it was to find that path', () => {
    const icmp = [icmpCase(11, 0, ROUTER)];
    const draft = checkIcmp(attempt([0, 1], { icmp }), capture);
    expect(draft).toMatchObject({ code: 'icmp-unreachable', verdict: 'blocked', cause: 'device-on-path' });
    expect(draft?.tell().what).toContain('hop limit exceeded in transit');
    const traced = attempt([0, 1], { icmp });
    const events = traced.tcp?.events.map((event) => ({ ...event, ttl: 3 })) ?? [];
    expect(checkIcmp({ ...traced, tcp: tcpCase({ ...traced.tcp, events }) }, capture)).toBeNull();
  });

  it('of the tracks of a session is one thing for each host that refuses, whichever end of them was the first to send', () => {
    const control = controlCase(20);
    const keyOf = (reporter: string, direction: 0 | 1) => {
      const ends = { near: { address: CLIENT, port: 40_100 }, far: { address: SERVER, port: 50_200 } };
      const isReversed = (direction === 0) === (reporter === CLIENT);
      const [initiator, responder] = isReversed ? [ends.far, ends.near] : [ends.near, ends.far];
      const error = icmpCase(3, 3, reporter, { direction });
      return checkIcmp(mediaCase(control, { initiator, responder, packets: [5, 5], icmp: [error] }), capture)?.groupKey;
    };
    expect(keyOf(CLIENT, 0)).toBe(keyOf(CLIENT, 1));
    expect(keyOf(SERVER, 0)).toBe(keyOf(SERVER, 1));
    expect(keyOf(CLIENT, 0)).not.toBe(keyOf(SERVER, 0));
  });

  it('says nothing of media that goes on for long without another one', () => {
    const media = mediaCase(controlCase(20), {
      packets: [0, 100],
      lastTimes: [-Infinity, seconds(20)],
      icmp: [icmpCase(3, 3, '10.10.1.10', { ...at(1), direction: 1 })],
    });
    expect(checkIcmp(media, capture)).toBeNull();
    expect(checkIcmp({ ...media, lastTimes: [-Infinity, seconds(2)] }, capture)?.verdict).toBe('refused');
  });

  it('about media is about the reports beside it too, which may have raised none', () => {
    const control = controlCase(20);
    const error = icmpCase(3, 13, '10.10.2.1', { ...at(1), direction: 1 });
    const media = mediaCase(control, { packets: [0, 100], icmp: [error] });
    const silent = rtcpCase(control, media, { packets: [0, 3] });
    const rejected = checkIcmp(media, captureCase([control, media, silent]));
    expect(rejected?.flows.map(({ id }) => id)).toEqual([media.id, silent.id]);
    expect(rejected?.tell().subject).toBe(`RTP from ${SERVER} to ${CLIENT}:40100`);
    const neighbour = mediaCase(control, { initiator: { address: CLIENT, port: 40_098 }, packets: [0, 3] });
    const ports = { initiator: { address: CLIENT, port: 40_099 }, responder: { address: SERVER, port: 50_199 } };
    const its = rtcpCase(control, neighbour, ports);
    expect(checkIcmp(media, captureCase([control, media, neighbour, its]))?.flows).toEqual([media]);
    const heard = { ...silent, lastTimes: [seconds(6), seconds(6)] as const };
    expect(checkIcmp(media, captureCase([control, media, heard]))?.flows).toEqual([media]);
  });

  it('says nothing of reports that the other end does not take, where RTP beside them passes', () => {
    const host = icmpCase(3, 3, SERVER);
    const datagrams = { transport: 'udp', tcp: null, packets: [0, 100] } as const;
    const report = flowCase({
      ...datagrams,
      protocol: 'rtcp',
      packets: [1, 0],
      lastTimes: [0, -Infinity],
      icmp: [host],
    });
    const near = { address: CLIENT, port: 39_999 };
    const media = flowCase({
      ...datagrams,
      protocol: 'rtp',
      initiator: near,
      responder: { address: SERVER, port: 553 },
    });
    expect(checkIcmp(report, captureCase([report, media]))).toBeNull();
    const translated = { ...media, responder: { address: ROUTER, port: 600 } };
    expect(checkIcmp(report, captureCase([report, translated]))).toBeNull();
    expect(checkIcmp(report, captureCase([report]))?.verdict).toBe('refused');
    const elsewhere = { ...media, initiator: { ...near, port: 41_000 }, responder: { address: SERVER, port: 600 } };
    expect(checkIcmp(report, captureCase([report, elsewhere]))?.verdict).toBe('refused');
  });

  it('says nothing of refused reports of a session whose media comes, though its answer to SETUP is not in the capture', () => {
    const control = controlCase(20);
    const rtp = mediaCase(control, { id: 2, packets: [0, 100], announcement: { mayBeSilent: true } });
    const rtcp = mediaCase(control, {
      id: 3,
      packets: [1, 0],
      icmp: [icmpCase(3, 3, SERVER)],
      announcement: { protocol: 'rtcp', sends: 'both', mayBeSilent: true },
    });
    expect(checkIcmp(rtcp, captureCase([control, rtp, rtcp]))).toBeNull();
    expect(checkIcmp(rtcp, captureCase([control, { ...rtp, packets: [1, 0] }, rtcp]))?.verdict).toBe('refused');
  });

  it('says nothing of refused reports whose media comes from another host', () => {
    const control = controlCase(20);
    const rtp = mediaCase(control);
    const report = { protocol: 'rtcp', sends: 'both', mayBeSilent: true } as const;
    const rtcp = mediaCase(control, { packets: [1, 0], icmp: [icmpCase(3, 3, SERVER)], announcement: report });
    const farm = { initiator: { address: '10.10.2.77', port: 6000 }, responder: { address: CLIENT, port: 40_100 } };
    const served = flowCase({ transport: 'udp', tcp: null, protocol: 'rtp', ...farm });
    expect(checkIcmp(rtcp, captureCase([control, rtp, rtcp]))?.verdict).toBe('refused');
    expect(checkIcmp(rtcp, captureCase([control, rtp, rtcp, served]))).toBeNull();
  });

  it('in the name of a host is that of a device before it where its own packets come from little farther', () => {
    const refused = attempt([0], { icmp: [icmpCase(3, 3, SERVER, { ttl: 64 })] });
    const judge = (tcpTtl: number) =>
      checkIcmp(refused, captureCase([refused], { hosts: [hostInfo(SERVER, { tcpTtl })] }))?.verdict;
    expect([64, 63, 61, 60].map(judge)).toEqual(['refused', 'blocked', 'blocked', 'refused']);
  });

  it('says nothing of media whose session has just ended', () => {
    const media = mediaCase(controlCase(20), {
      packets: [0, 100],
      icmp: [icmpCase(3, 3, '10.10.1.10', { ...at(10), direction: 1 })],
    });
    media.media.end(at(9.9));
    expect(checkIcmp(media, capture)).toBeNull();
  });
});

describe('segments too large for a link', () => {
  const run = { count: 4, firstFrame: 10, lastFrame: 90, firstTime: seconds(1), lastTime: seconds(9) };
  const tooBig = icmpCase(3, 4, ROUTER, { ...at(1), direction: 1 });

  it('are told when their sender takes no notice', () => {
    const flow = flowCase({ icmp: [tooBig], tcp: tcpCase({ runs: [null, run] }) });
    expect(checkPathMtu(flow, capture)).toMatchObject({
      code: 'path-mtu',
      verdict: 'blocked',
      where: 'toward-initiator',
    });
    const six = { ...tooBig, version: 6, type: 2, code: 0 } as const;
    expect(checkPathMtu({ ...flow, icmp: [six] }, capture)?.code).toBe('path-mtu');
  });

  it('are nothing when smaller ones arrive, or other data is lost', () => {
    expect(checkPathMtu(flowCase({ icmp: [tooBig] }), capture)).toBeNull();
    expect(checkPathMtu(flowCase({ icmp: [tooBig], tcp: tcpCase({ runs: [run, null] }) }), capture)).toBeNull();
    expect(checkPathMtu(flowCase({ tcp: tcpCase({ runs: [null, run] }) }), capture)).toBeNull();
  });
});
