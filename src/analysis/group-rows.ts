/** The row of a multicast group for people and reports: who sends, who wants it, how soon it came and how soon it stopped. */

import { describeGroup } from '../format/multicast.ts';
import { VERDICTS, type Verdict } from '../verdict/finding.ts';
import { type FlowCase, type GroupCase, NS_PER_SECOND } from '../verdict/flow-case.ts';
import type { Judgement } from './judgement.ts';
import type { GroupFlowRow, GroupRow } from './snapshot.ts';

const NS_PER_MS = 1e6;
const MOST_FLOWS = 256;

export function groupRow(group: GroupCase, judgement: Judgement): GroupRow {
  const grave = judgement.findings
    .filter((finding) => finding.groups.includes(group.group))
    .map((finding) => finding.verdict);
  const carriesData = group.flows.length > 0;
  const usual: Verdict = group.isWellKnown || !carriesData ? 'background' : 'ok';
  return {
    group: group.group,
    name: group.name,
    sources: [...new Set(group.flows.map((flow) => flow.initiator.address))],
    ports: [...new Set(group.flows.map((flow) => flow.responder.port))].sort((a, b) => a - b),
    packets: group.flows.reduce((sum, flow) => sum + flow.packets[0], 0),
    bytes: payloadOf(group),
    members: group.members
      .filter((member) => member.leftAt === null)
      .map((member) => ({ address: member.address, version: member.version, lastReport: member.lastReportAt.time })),
    left: group.members.flatMap(({ address, version, leftAt }) =>
      leftAt === null ? [] : [{ address, version, leftAt: leftAt.time }],
    ),
    querier: group.querier?.address ?? null,
    verdict: VERDICTS.find((verdict) => grave.includes(verdict)) ?? usual,
    scope: describeGroup(group.group).scope,
    bitsPerSecond: rateOf(group),
    joinToFirstPacketMs: joinToFirstPacketMs(group),
    leaveToLastPacketMs: leaveToLastPacketMs(group),
    flows: group.flows.slice(0, MOST_FLOWS).map(groupFlow),
  };
}

function groupFlow(flow: FlowCase): GroupFlowRow {
  const seconds = (flow.lastTimes[0] - flow.firstTime) / NS_PER_SECOND;
  return {
    flow: flow.id,
    source: flow.initiator.address,
    port: flow.responder.port,
    protocol: flow.protocol,
    ttl: flow.groupPacket?.ttl ?? null,
    packets: flow.packets[0],
    bitsPerSecond: seconds > 0 ? Math.round((flow.payload[0] * 8) / seconds) : null,
  };
}

function payloadOf({ flows }: GroupCase): number {
  return flows.reduce((sum, flow) => sum + flow.payload[0], 0);
}

function firstPacketTime({ flows }: GroupCase): number {
  return flows.reduce((first, flow) => Math.min(first, flow.firstTime), Number.POSITIVE_INFINITY);
}

function lastPacketTime({ flows }: GroupCase): number {
  return flows.reduce((last, flow) => Math.max(last, flow.lastTimes[0]), Number.NEGATIVE_INFINITY);
}

function rateOf(group: GroupCase): number | null {
  const seconds = (lastPacketTime(group) - firstPacketTime(group)) / NS_PER_SECOND;
  return seconds > 0 ? (payloadOf(group) * 8) / seconds : null;
}

/** What was there before the first member asked for it did not come because of it. */
function joinToFirstPacketMs(group: GroupCase): number | null {
  const joinTime = group.members.reduce(
    (first, { joinedAt }) => Math.min(first, joinedAt.time),
    Number.POSITIVE_INFINITY,
  );
  const waitMs = (firstPacketTime(group) - joinTime) / NS_PER_MS;
  return Number.isFinite(waitMs) && waitMs >= 0 ? waitMs : null;
}

/** Negative where the data had stopped before; null while anybody is a member. */
function leaveToLastPacketMs(group: GroupCase): number | null {
  let leaveTime = Number.NEGATIVE_INFINITY;
  for (const { leftAt } of group.members) {
    if (leftAt === null) return null;
    leaveTime = Math.max(leaveTime, leftAt.time);
  }
  const tailMs = (lastPacketTime(group) - leaveTime) / NS_PER_MS;
  return Number.isFinite(tailMs) ? tailMs : null;
}
