import { describe, expect, it } from 'vitest';
import { at, captureCase, flowCase, hostInfo, macInfo, seconds } from '../../test/case-builder.ts';
import type { FlowCase, GroupCase, MemberCase } from './flow-case.ts';
import { checkGroup } from './multicast.ts';

const GROUP = '239.255.12.42';
const SOURCE = '10.10.2.20';

function stream(changes: Partial<FlowCase> = {}, group = GROUP): FlowCase {
  return flowCase({
    transport: 'udp',
    tcp: null,
    initiator: { address: SOURCE, port: 40_000 },
    responder: { address: group, port: 5004 },
    isMulticast: true,
    protocol: 'rtp',
    label: 'RTP',
    packets: [500, 0],
    lastTimes: [seconds(20), Number.NEGATIVE_INFINITY],
    ...changes,
  });
}

const member = (leftAt: number | null = null): MemberCase => ({
  address: '10.10.1.10',
  version: 'IGMPv3',
  joinedAt: at(0),
  lastReportAt: at(1),
  leftAt: leftAt === null ? null : at(leftAt),
  sources: null,
});

function groupCase(changes: Partial<GroupCase> = {}): GroupCase {
  return {
    group: GROUP,
    name: null,
    isWellKnown: false,
    members: [],
    querier: null,
    flows: [],
    absent: [],
    announcedAt: null,
    ...changes,
  };
}

const ROUTED = {
  hosts: [hostInfo(SOURCE, { macs: [1] })],
  macs: [macInfo(1, { router: { ...at(0), fact: 'it sends for three hosts' } }), macInfo(2)],
};
const QUERIER = { address: '10.10.1.1', queries: 2, at: at(0) };

function codes(group: GroupCase, changes: Parameters<typeof captureCase>[1] = {}): Record<string, string> {
  return Object.fromEntries(
    checkGroup(group, captureCase([], { endSecond: 25, ...changes })).map(({ code, verdict }) => [code, verdict]),
  );
}

describe('a multicast group', () => {
  it('that is joined and silent cannot be judged', () => {
    expect(codes(groupCase({ members: [member()] }))).toEqual({ 'multicast-no-data': 'undetermined' });
    expect(codes(groupCase({ members: [member(20)] }))).toEqual({ 'multicast-no-data': 'undetermined' });
    expect(codes(groupCase({ members: [member(1)] }))).toEqual({});
    expect(codes(groupCase({ members: [member()], isWellKnown: true }))).toEqual({});
    expect(codes(groupCase({ group: 'ff02::db8:1122:3344', members: [member()] }))).toEqual({});
  });

  it('that is routed to nobody is unexpected', () => {
    expect(codes(groupCase({ flows: [stream()] }), ROUTED)).toEqual({ 'multicast-no-member': 'unexpected' });
    const hosts = [hostInfo(SOURCE, { macs: [1] }), hostInfo(QUERIER.address, { macs: [1] })];
    expect(
      codes(groupCase({ flows: [stream()], querier: QUERIER }), { hosts, macs: [macInfo(1), macInfo(2)] }),
    ).toEqual({
      'multicast-no-member': 'unexpected',
    });
  });

  it('that is routed to nobody cannot be judged where a filter of the capture may have left out the joins', () => {
    expect(codes(groupCase({ flows: [stream()] }), { ...ROUTED, isOnlyTcpOrUdp: true })).toEqual({
      'multicast-no-member': 'undetermined',
    });
  });

  it('that is routed to nobody cannot be judged where no frame of the segment itself is seen', () => {
    const alone = { ...ROUTED, macs: ROUTED.macs.slice(0, 1) };
    expect(codes(groupCase({ flows: [stream()] }), alone)).toEqual({ 'multicast-no-member': 'undetermined' });
  });

  it('is fine on its own segment, and with a member', () => {
    expect(codes(groupCase({ flows: [stream()] }))).toEqual({});
    expect(codes(groupCase({ flows: [stream()], members: [member()] }), ROUTED)).toEqual({});
  });

  it('with two media senders at one time is unexpected, with receivers that report it is not', () => {
    const other = { address: '10.10.2.21', port: 40_000 };
    expect(codes(groupCase({ flows: [stream(), stream({ initiator: other })] }))).toEqual({
      'multicast-two-sources': 'unexpected',
    });
    const reports = stream({ initiator: other, protocol: 'rtcp', label: 'RTCP' });
    expect(
      codes(groupCase({ flows: [stream(), reports, { ...reports, initiator: { ...other, address: '10.0.0.9' } }] })),
    ).toEqual({});
    const later = stream({
      initiator: other,
      firstTime: seconds(21),
      lastTimes: [seconds(40), Number.NEGATIVE_INFINITY],
    });
    expect(codes(groupCase({ flows: [stream(), later] }))).toEqual({});
  });

  it('of the link-local block is no place for media, one of the Internet is worth knowing', () => {
    const local = '224.0.0.200';
    expect(codes(groupCase({ group: local, flows: [stream({}, local)] }))).toEqual({ 'multicast-scope': 'unexpected' });
    const global = '224.5.6.7';
    expect(codes(groupCase({ group: global, flows: [stream({}, global)] }))).toEqual({
      'multicast-scope': 'background',
    });
    const specific = '232.5.6.7';
    expect(codes(groupCase({ group: specific, flows: [stream({}, specific)] }))).toEqual({});
    const abroad = stream({ initiator: { address: '203.0.113.9', port: 40_000 } }, global);
    expect(codes(groupCase({ group: global, flows: [abroad] }))).toEqual({});
  });

  describe('whose media has TTL 1', () => {
    const short = (changes: Parameters<typeof captureCase>[1]) => {
      const groupPacket = { ...at(0), ttl: 1, mac: null };
      return codes(groupCase({ flows: [stream({ groupPacket })], members: [member()], querier: QUERIER }), changes);
    };
    const beside = { ...QUERIER, address: '10.10.2.1' };
    const found = hostInfo(SOURCE, { macs: [1], foundAt: at(0) });

    it('does not leave the segment that its source is on', () => {
      expect(short({ hosts: [found], macs: [macInfo(1)] })).toEqual({ 'multicast-scope': 'background' });
      expect(short({})).toEqual({});
    });

    it('has less of what it left with behind a router', () => {
      expect(short({ hosts: [found], macs: ROUTED.macs })).toEqual({});
    });

    it('is not on the segment of a querier whose MAC it shares: that is the router that passed it on', () => {
      const groupPacket = { ...at(0), ttl: 1, mac: null };
      const group = groupCase({ flows: [stream({ groupPacket })], members: [member()], querier: beside });
      const own = [hostInfo(SOURCE, { macs: [1] }), hostInfo(beside.address, { macs: [2] })];
      const shared = [hostInfo(SOURCE, { macs: [2] }), hostInfo(beside.address, { macs: [2] })];
      const macs = [macInfo(1), macInfo(2)];
      expect(codes(group, { hosts: own, macs })).toEqual({ 'multicast-scope': 'background' });
      expect(codes(group, { hosts: shared, macs })).toEqual({});
    });
  });

  it('without a querier will stop, which takes minutes to know', () => {
    const flow = stream({ lastTimes: [seconds(150), Number.NEGATIVE_INFINITY] });
    const joined = groupCase({ flows: [flow], members: [member()] });
    expect(codes(joined, { endSecond: 150 })).toEqual({ 'multicast-no-querier': 'background' });
    expect(codes(joined, { endSecond: 60 })).toEqual({});
    expect(codes({ ...joined, querier: QUERIER }, { endSecond: 150 })).toEqual({});
    const gaps = [{ start: seconds(20), end: seconds(140) }];
    expect(codes(joined, { endSecond: 150, gaps })).toEqual({});
  });
});
