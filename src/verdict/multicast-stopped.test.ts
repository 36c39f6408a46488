import { describe, expect, it } from 'vitest';
import { at, captureCase, controlCase, copiesOf, flowCase, seconds } from '../../test/case-builder.ts';
import { NO_COPIES } from '../flow/copy-table.ts';
import type { FlowCase, GroupCase, MemberCase } from './flow-case.ts';
import { checkGroupStopped } from './multicast-stopped.ts';

const GROUP = '239.255.12.42';
const SOURCE = '10.10.2.20';

/** What a source sends to the group until second 20. */
function stream(changes: Partial<FlowCase> = {}): FlowCase {
  return flowCase({
    transport: 'udp',
    tcp: null,
    initiator: { address: SOURCE, port: 40_000 },
    responder: { address: GROUP, port: 5004 },
    isMulticast: true,
    protocol: 'rtp',
    label: 'RTP',
    packets: [500, 0],
    lastTimes: [seconds(20), Number.NEGATIVE_INFINITY],
    ...changes,
  });
}

/** Its RTCP, which says goodbye with the last packet. */
function goodbye(address: string): FlowCase {
  const ends = { initiator: { address, port: 40_001 }, responder: { address: GROUP, port: 5005 } };
  const flow = controlCase(20, { ...stream(), ...ends, protocol: 'rtcp', packets: [4, 0] });
  flow.record.closedAt = at(20);
  return flow;
}

const member: MemberCase = {
  address: '10.10.1.10',
  version: 'IGMPv2',
  joinedAt: at(0),
  lastReportAt: at(50),
  leftAt: null,
  sources: null,
};

function judged(...flows: readonly FlowCase[]) {
  const group: GroupCase = {
    group: GROUP,
    name: null,
    isWellKnown: false,
    members: [member],
    querier: null,
    flows,
    absent: [],
    announcedAt: null,
  };
  return checkGroupStopped(group, captureCase(flows));
}

describe('a stream to a group that a member still wants', () => {
  it('cannot be judged when nothing comes any more, unless its own source said goodbye', () => {
    expect(judged(stream())).toMatchObject({ code: 'multicast-no-data', verdict: 'undetermined' });
    expect(judged(stream(), goodbye('10.10.2.99'))?.verdict).toBe('undetermined');
    expect(judged(stream(), goodbye(SOURCE))).toBeNull();
  });

  it('is passed on no more where all of it was here twice, and then once', () => {
    const stopped = { packets: [500, 0], lastTimes: [seconds(60), Number.NEGATIVE_INFINITY] } as const;
    expect(judged(stream({ ...stopped, copies: [copiesOf(100, seconds(20)), NO_COPIES] }))).toMatchObject({
      code: 'multicast-no-data',
      verdict: 'blocked',
      where: 'beyond-capture-point',
    });
    const sparse = { ...copiesOf(100, seconds(20)), packets: 400 };
    expect(judged(stream({ ...stopped, copies: [sparse, NO_COPIES] }))).toBeNull();
  });
});
