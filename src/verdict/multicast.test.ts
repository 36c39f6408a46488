import { describe, expect, it } from 'vitest';
import { at, captureCase, groupCase, hostInfo, macInfo, SERVER, seconds, streamCase } from '../../test/case-builder.ts';
import type { GroupCase, MemberCase } from './flow-case.ts';
import { checkGroup } from './multicast.ts';

const member = (leftAt: number | null = null): MemberCase => ({
  address: '10.10.1.10',
  version: 'IGMPv3',
  joinedAt: at(0),
  lastReportAt: at(1),
  leftAt: leftAt === null ? null : at(leftAt),
  sources: null,
});

const ROUTED = {
  hosts: [hostInfo(SERVER, { macs: [1] })],
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
    expect(codes(groupCase({ flows: [streamCase()] }), ROUTED)).toEqual({ 'multicast-no-member': 'unexpected' });
    const hosts = [hostInfo(SERVER, { macs: [1] }), hostInfo(QUERIER.address, { macs: [1] })];
    expect(
      codes(groupCase({ flows: [streamCase()], querier: QUERIER }), { hosts, macs: [macInfo(1), macInfo(2)] }),
    ).toEqual({
      'multicast-no-member': 'unexpected',
    });
  });

  it('that is routed to nobody cannot be judged where a filter of the capture may have left out the joins', () => {
    expect(codes(groupCase({ flows: [streamCase()] }), { ...ROUTED, isOnlyTcpOrUdp: true })).toEqual({
      'multicast-no-member': 'undetermined',
    });
  });

  it('that is routed to nobody cannot be judged where no frame of the segment itself is seen', () => {
    const alone = { ...ROUTED, macs: ROUTED.macs.slice(0, 1) };
    expect(codes(groupCase({ flows: [streamCase()] }), alone)).toEqual({ 'multicast-no-member': 'undetermined' });
  });

  it('is fine on its own segment, and with a member', () => {
    expect(codes(groupCase({ flows: [streamCase()] }))).toEqual({});
    expect(codes(groupCase({ flows: [streamCase()], members: [member()] }), ROUTED)).toEqual({});
  });

  it('with two media senders at one time is unexpected, with receivers that report it is not', () => {
    const other = { address: '10.10.2.21', port: 40_000 };
    expect(codes(groupCase({ flows: [streamCase(), streamCase({ initiator: other })] }))).toEqual({
      'multicast-two-sources': 'unexpected',
    });
    const reports = streamCase({ initiator: other, protocol: 'rtcp', label: 'RTCP' });
    expect(
      codes(
        groupCase({ flows: [streamCase(), reports, { ...reports, initiator: { ...other, address: '10.0.0.9' } }] }),
      ),
    ).toEqual({});
    const later = streamCase({
      initiator: other,
      firstTime: seconds(21),
      lastTimes: [seconds(40), Number.NEGATIVE_INFINITY],
    });
    expect(codes(groupCase({ flows: [streamCase(), later] }))).toEqual({});
  });

  it('of the link-local block is no place for media, one of the Internet is worth knowing', () => {
    const local = '224.0.0.200';
    expect(codes(groupCase({ group: local, flows: [streamCase({}, local)] }))).toEqual({
      'multicast-scope': 'unexpected',
    });
    const global = '224.5.6.7';
    expect(codes(groupCase({ group: global, flows: [streamCase({}, global)] }))).toEqual({
      'multicast-scope': 'background',
    });
    const specific = '232.5.6.7';
    expect(codes(groupCase({ group: specific, flows: [streamCase({}, specific)] }))).toEqual({});
    const abroad = streamCase({ initiator: { address: '203.0.113.9', port: 40_000 } }, global);
    expect(codes(groupCase({ group: global, flows: [abroad] }))).toEqual({});
  });

  describe('whose media has TTL 1', () => {
    const short = (changes: Parameters<typeof captureCase>[1]) => {
      const groupPacket = { ...at(0), ttl: 1, mac: null };
      return codes(groupCase({ flows: [streamCase({ groupPacket })], members: [member()], querier: QUERIER }), changes);
    };
    const beside = { ...QUERIER, address: '10.10.2.1' };
    const found = hostInfo(SERVER, { macs: [1], foundAt: at(0) });

    it('does not leave the segment that its source is on', () => {
      expect(short({ hosts: [found], macs: [macInfo(1)] })).toEqual({ 'multicast-scope': 'background' });
      expect(short({})).toEqual({});
    });

    it('has less of what it left with behind a router', () => {
      expect(short({ hosts: [found], macs: ROUTED.macs })).toEqual({});
    });

    it('is not on the segment of a querier whose MAC it shares: that is the router that passed it on', () => {
      const groupPacket = { ...at(0), ttl: 1, mac: null };
      const group = groupCase({ flows: [streamCase({ groupPacket })], members: [member()], querier: beside });
      const own = [hostInfo(SERVER, { macs: [1] }), hostInfo(beside.address, { macs: [2] })];
      const shared = [hostInfo(SERVER, { macs: [2] }), hostInfo(beside.address, { macs: [2] })];
      const macs = [macInfo(1), macInfo(2)];
      expect(codes(group, { hosts: own, macs })).toEqual({ 'multicast-scope': 'background' });
      expect(codes(group, { hosts: shared, macs })).toEqual({});
    });
  });

  it('without a querier will stop, which takes minutes to know', () => {
    const flow = streamCase({ lastTimes: [seconds(150), Number.NEGATIVE_INFINITY] });
    const joined = groupCase({ flows: [flow], members: [member()] });
    expect(codes(joined, { endSecond: 150 })).toEqual({ 'multicast-no-querier': 'background' });
    expect(codes(joined, { endSecond: 60 })).toEqual({});
    expect(codes({ ...joined, querier: QUERIER }, { endSecond: 150 })).toEqual({});
    const gaps = [{ start: seconds(20), end: seconds(140) }];
    expect(codes(joined, { endSecond: 150, gaps })).toEqual({});
  });
});
