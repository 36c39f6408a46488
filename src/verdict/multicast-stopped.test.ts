import { describe, expect, it } from 'vitest';
import {
  at,
  captureCase,
  controlCase,
  copiesOf,
  GROUP,
  groupCase,
  SERVER,
  seconds,
  streamCase,
} from '../../test/case-builder.ts';
import { NO_COPIES } from '../flow/copy-table.ts';
import type { FlowCase, MemberCase } from './flow-case.ts';
import { checkGroupStopped } from './multicast-stopped.ts';

/** Its RTCP, which says goodbye with the last packet. */
function goodbye(address: string): FlowCase {
  const ends = { initiator: { address, port: 40_001 }, responder: { address: GROUP, port: 5005 } };
  const flow = controlCase(20, { ...streamCase(), ...ends, protocol: 'rtcp', packets: [4, 0] });
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
  return checkGroupStopped(groupCase({ members: [member], flows }), captureCase(flows));
}

describe('a stream to a group that a member still wants', () => {
  it('cannot be judged when nothing comes any more, unless its own source said goodbye', () => {
    expect(judged(streamCase())).toMatchObject({ code: 'multicast-no-data', verdict: 'undetermined' });
    expect(judged(streamCase(), goodbye('10.10.2.99'))?.verdict).toBe('undetermined');
    expect(judged(streamCase(), goodbye(SERVER))).toBeNull();
  });

  it('is passed on no more where all of it was here twice, and then once', () => {
    const stopped = { packets: [500, 0], lastTimes: [seconds(60), Number.NEGATIVE_INFINITY] } as const;
    expect(judged(streamCase({ ...stopped, copies: [copiesOf(100, seconds(20)), NO_COPIES] }))).toMatchObject({
      code: 'multicast-no-data',
      verdict: 'blocked',
      where: 'beyond-capture-point',
    });
    const sparse = { ...copiesOf(100, seconds(20)), packets: 400 };
    expect(judged(streamCase({ ...stopped, copies: [sparse, NO_COPIES] }))).toBeNull();
  });
});
