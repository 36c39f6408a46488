import { describe, expect, it } from 'vitest';
import type { FlowCase, GroupCase, MemberCase } from '../verdict/flow-case.ts';
import { groupRow } from './group-rows.ts';
import type { Judgement } from './judgement.ts';
import type { GroupRow } from './snapshot.ts';

const SECOND = 1e9;
const UNJUDGED = { findings: [] as Judgement['findings'] } as Judgement;

function member(joined: number, left: number | null): MemberCase {
  const at = (time: number) => ({ capture: 0, frame: 1, time });
  const leftAt = left === null ? null : at(left);
  return {
    address: `10.0.0.${joined / SECOND}`,
    version: 'IGMPv2',
    joinedAt: at(joined),
    lastReportAt: at(joined),
    leftAt,
    sources: null,
  };
}

/** A megabyte from second 5 to second 15. */
function rowOf(members: readonly MemberCase[], hasData = true): GroupRow {
  const flow = {
    initiator: { address: '10.0.1.1', port: 4000 },
    responder: { address: '239.1.2.3', port: 5004 },
    packets: [1000, 0],
    payload: [1_000_000, 0],
    firstTime: 5 * SECOND,
    lastTimes: [15 * SECOND, Number.NEGATIVE_INFINITY],
  };
  const group: GroupCase = {
    group: '239.1.2.3',
    name: null,
    isWellKnown: false,
    members,
    querier: null,
    flows: hasData ? [flow as unknown as FlowCase] : [],
    absent: [],
    announcedAt: null,
  };
  return groupRow(group, UNJUDGED);
}

describe('groupRow', () => {
  it('names what is sent to it', () => {
    expect(rowOf([]).flows).toMatchObject([{ source: '10.0.1.1', port: 5004, packets: 1000, bitsPerSecond: 800_000 }]);
    expect(rowOf([], false).flows).toEqual([]);
  });

  it('tells who is a member, and who was one', () => {
    const { members, left } = rowOf([member(4 * SECOND, null), member(6 * SECOND, 12 * SECOND)]);
    expect(members).toEqual([{ address: '10.0.0.4', version: 'IGMPv2', lastReport: 4 * SECOND }]);
    expect(left).toEqual([{ address: '10.0.0.6', version: 'IGMPv2', leftAt: 12 * SECOND }]);
  });

  it('tells rate and scope', () => {
    expect(rowOf([])).toMatchObject({ bitsPerSecond: 800_000, scope: 'administrative', joinToFirstPacketMs: null });
    expect(rowOf([], false)).toMatchObject({ bitsPerSecond: null, verdict: 'background' });
  });

  it('measures from the first join to the first packet, unless that was there before', () => {
    expect(rowOf([member(4.9 * SECOND, null), member(9 * SECOND, null)]).joinToFirstPacketMs).toBeCloseTo(100, 6);
    expect(rowOf([member(6 * SECOND, null)]).joinToFirstPacketMs).toBeNull();
    expect(rowOf([member(1 * SECOND, null)], false).joinToFirstPacketMs).toBeNull();
  });

  it('measures from the last leave to the last packet, once nobody is a member', () => {
    expect(rowOf([member(1 * SECOND, 9 * SECOND), member(2 * SECOND, 14 * SECOND)]).leaveToLastPacketMs).toBe(1000);
    expect(rowOf([member(1 * SECOND, 9 * SECOND), member(2 * SECOND, null)]).leaveToLastPacketMs).toBeNull();
  });
});
