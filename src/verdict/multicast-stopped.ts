/**
 * A stream to a group that stops although somebody still wants it: nothing of it comes any more, or a span of both sides of a
 * router shows that it is passed on no more. Groups have no session that would tell when a stream ends.
 */

import { indexOf } from './capture-index.ts';
import { type Draft, evidence, lastPacket } from './draft.ts';
import {
  type CaptureCase,
  type FlowCase,
  formatSeconds,
  type GroupCase,
  type MemberCase,
  NS_PER_SECOND,
} from './flow-case.ts';
import { arrivedAfter, groupName, groupQuotes, isLinkLocalGroup, isMedium, wants } from './multicast-words.ts';
import { seenUntil, wasPartlyBlind } from './sight.ts';

const SHORTEST_SILENCE_NS = 10 * NS_PER_SECOND;
/** Silence of so many times the usual distance of packets is no pause of the stream. */
const SILENT_INTERVALS = 20;
/** Fewer packets have no rhythm. */
const FEWEST_PACKETS = 10;
/** A source says goodbye by RTCP at about its last packet. */
const GOODBYE_NS = 3 * NS_PER_SECOND;
/** Of packets that are all here twice, half are copies. */
const SHARE_OF_TWICE = 0.4;
const FEWEST_TWICE = 25;
const FEWEST_ONCE = 50;
const SHORTEST_ONCE_NS = 5 * NS_PER_SECOND;

export function checkGroupStopped(group: GroupCase, capture: CaptureCase): Draft | null {
  if (isLinkLocalGroup(group.group)) return null;
  const media = group.flows.filter((flow) => flow.packets[0] >= FEWEST_PACKETS && isMedium(flow));
  for (const flow of media) {
    const draft = checkPassedNoMore(flow, group, capture);
    if (draft !== null) return draft;
  }
  return media.some(isAskedFor) ? null : checkSilence(media, group, capture);
}

/** Of a session that tells itself when its media has to flow. */
function isAskedFor({ announced }: FlowCase): boolean {
  return announced.some(({ media }) => media.startedAt !== null || media.stoppedAt !== null);
}

/** Every packet had its copy, and then many came that have none, while somebody still wanted them. */
function checkPassedNoMore(flow: FlowCase, group: GroupCase, capture: CaptureCase): Draft | null {
  const { count, packets, lastTime, lastFrame } = flow.copies[0];
  const member = group.members.find(
    (each) =>
      wants(each, flow) &&
      each.joinedAt.time <= lastTime &&
      (each.leftAt?.time ?? Infinity) - lastTime >= SHORTEST_ONCE_NS,
  );
  if (member === undefined || count < FEWEST_TWICE || count < packets * SHARE_OF_TWICE) return null;
  const until = Math.min(flow.lastTimes[0], member.leftAt?.time ?? Infinity);
  const once = flow.packets[0] - packets;
  // What still reaches it takes a way that this capture does not see, such as another link of a bundle.
  if (arrivedAfter(member, group) > lastTime + NS_PER_SECOND) return null;
  if (
    once < FEWEST_ONCE ||
    flow.again[0] >= once * SHARE_OF_TWICE ||
    until - lastTime < SHORTEST_ONCE_NS ||
    wasPartlyBlind(capture, lastTime, until)
  )
    return null;
  // Where nothing of the other side is here any more, the span itself may have lost it.
  const heard = Math.max(member.lastReportAt.time, member.leftAt?.time ?? Number.NEGATIVE_INFINITY);
  const isProven = Math.max(indexOf(capture).lastCopy, heard) > lastTime + NS_PER_SECOND;
  return {
    ...common(flow, group, isProven),
    where: 'beyond-capture-point',
    groupKey: `passed on no more ${group.group} ${isProven}`,
    tell: () => ({
      ...subjectOf(flow, group),
      what: `the router here passed it on for ${formatSeconds(lastTime - flow.firstTime)} and then no more, though ${member.address} still wanted it`,
      why:
        `Its packets were here twice, before the router and behind it; the last ${once} of them, over ${formatSeconds(flow.lastTimes[0] - lastTime)}, are here once. ` +
        (isProven
          ? `${heard > lastTime + NS_PER_SECOND ? `Reports of ${member.address} are still here` : 'Other packets are still here twice'}, so what lies behind the router is still seen.`
          : 'Nothing else of what lies behind the router is here any more either, so the capture may have lost the other side of the router.'),
      nextStep: `Ask whoever runs the router for a change at that time: an access list that stops ${group.group}, its multicast route (show ip mroute ${group.group}), a membership that it let time out.`,
      evidence: [
        evidence(member.joinedAt, `${member.address} joined ${group.group}`),
        evidence(
          { capture: flow.capture, frame: lastFrame, time: lastTime },
          'last packet of the stream that is here twice',
        ),
        lastPacket(flow, 0, 'last packet of the stream'),
      ],
    }),
  };
}

function checkSilence(media: readonly FlowCase[], group: GroupCase, capture: CaptureCase): Draft | null {
  const last = media.toSorted((a, b) => b.lastTimes[0] - a.lastTimes[0])[0];
  if (last === undefined || hasGoodbye(last, group)) return null;
  const stoppedAt = last.lastTimes[0];
  // Whatever else still comes to the group shows that it is passed on.
  if (group.flows.some((flow) => flow.lastTimes[0] > stoppedAt + SHORTEST_SILENCE_NS)) return null;
  const members = group.members.filter((each) => wants(each, last) && each.joinedAt.time <= stoppedAt);
  const [member] = members;
  if (member === undefined) return null;
  // A segment on which nothing else happens is silent too.
  const wait = { capture: last.capture, since: stoppedAt, heard: stoppedAt, anyHeard: Number.POSITIVE_INFINITY };
  const silence = Math.min(lastLeave(members), seenUntil(capture, wait)) - stoppedAt;
  const interval = (stoppedAt - last.firstTime) / last.packets[0];
  if (silence < Math.max(SHORTEST_SILENCE_NS, interval * SILENT_INTERVALS)) return null;
  return {
    ...common(last, group, false),
    where: 'unknown',
    groupKey: `stopped ${group.group}`,
    tell: () => ({
      ...subjectOf(last, group),
      what: `it stopped after ${formatSeconds(stoppedAt - last.firstTime)}, and nothing came in the next ${formatSeconds(silence)} though ${member.address} still wanted it`,
      why:
        'No RTCP BYE came before. A source that is switched off looks like this; so do a router or a switch that passes the stream on no more: a changed rule, another route, a membership that was let time out.' +
        (group.querier === null
          ? ' No querier was seen on this segment: where switches snoop, they forget members that nobody asks for.'
          : ''),
      nextStep: `Look on the segment of ${last.initiator.address} whether it still sends to ${group.group}; if it does, follow the multicast route (show ip mroute ${group.group}) hop by hop.`,
      evidence: [
        evidence(member.joinedAt, `${member.address} joined ${group.group}`),
        lastPacket(last, 0, 'last packet of the stream'),
        ...(member.leftAt === null ? [] : [evidence(member.leftAt, `${member.address} left only then`)]),
      ],
    }),
  };
}

function lastLeave(members: readonly MemberCase[]): number {
  return Math.max(...members.map(({ leftAt }) => leftAt?.time ?? Number.POSITIVE_INFINITY));
}

/** Of its source: others of the group speak for themselves. */
function hasGoodbye({ initiator: source, lastTimes }: FlowCase, group: GroupCase): boolean {
  return group.flows.some(({ initiator, record }) => {
    const closedAt = initiator.address === source.address ? (record?.closedAt ?? null) : null;
    return closedAt !== null && Math.abs(closedAt.time - lastTimes[0]) <= GOODBYE_NS;
  });
}

function common(flow: FlowCase, group: GroupCase, isProven: boolean) {
  const { address } = flow.initiator;
  return {
    code: 'multicast-no-data',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: 'inferred',
    cause: isProven ? 'silent-drop' : 'unknown',
    flows: group.flows.filter(({ initiator }) => initiator.address === address),
    related: [],
    groups: [group.group],
    rule: flow.row?.id ?? null,
  } as const;
}

function subjectOf({ initiator }: FlowCase, group: GroupCase) {
  return { subject: `Multicast from ${initiator.address} to ${groupName(group)}`, quotes: groupQuotes(group) };
}
