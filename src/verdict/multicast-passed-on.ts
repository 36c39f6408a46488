/** A stream that reaches a router and is not passed on to those who joined, where a span shows both of its sides. */

import type { Sighting } from '../flow/mac-table.ts';
import { type Draft, evidence, firstPacket, lastPacket } from './draft.ts';
import {
  type CaptureCase,
  type FlowCase,
  formatSeconds,
  type GroupCase,
  type MemberCase,
  NS_PER_SECOND,
} from './flow-case.ts';
import { arrivedAfter, groupName, groupQuotes, isMedium, wants } from './multicast-words.ts';
import { areNear } from './position.ts';
import { wasPartlyBlind } from './sight.ts';

/** Of packets that are all here once, hardly any are copies. */
const SHARE_OF_ONCE = 0.05;
/** Of packets that are all here twice, half are. */
const SHARE_OF_TWICE = 0.4;
const FEWEST_ONCE = 50;
/** A router passes a stream on within moments of the join. */
const SHORTEST_NS = 5 * NS_PER_SECOND;

/** What still comes of the member's segment so long after the stream would have come shows that it would have been seen. */
const SHORTEST_SIGHT_NS = 2 * NS_PER_SECOND;

export function checkGroupPassedOn(group: GroupCase, capture: CaptureCase): Draft | null {
  for (const flow of group.flows.filter(isMedium)) {
    const members = group.members.filter(
      (each) => wants(each, flow) && isStoppedFor(each, flow, capture) && arrivedAfter(each, group) < flow.firstTime,
    );
    const beyond = members.find((each) => isShownTwice(flow, capture) && isBeyond(each, flow, group, capture));
    if (beyond !== undefined) return draftOf(group, flow, beyond, capture);
    for (const member of members) {
      const border = findBorder(member, flow, capture);
      if (border !== null && !isServedNear(member, group)) return draftOfBorder(group, flow, member, border);
    }
  }
  return null;
}

/**
 * Whether a member is behind that router, and not beside the source in a wide network: what they say to each other is passed
 * on, or the router's own address there is beside the member's. Its report is seen on its own segment alone, so the stream
 * would be seen there too.
 */
function isBeyond(
  { address }: MemberCase,
  { initiator }: FlowCase,
  { querier }: GroupCase,
  capture: CaptureCase,
): boolean {
  const source = initiator.address;
  if (address === source || areNear(address, source)) return false;
  const forwarder = capture.hosts.host(source)?.forwarder ?? 0;
  const isQuerier = querier !== null && capture.hosts.host(querier.address)?.macs.includes(forwarder) === true;
  const gateway = isQuerier ? querier.address : capture.hosts.macs.byId(forwarder)?.resolved?.address;
  if (gateway !== undefined && areNear(gateway, address)) return true;
  return capture.flows.some(({ initiator: one, responder: other, packets, copies }) => {
    const isBetween = [one.address, other.address].every((end) => end === source || end === address);
    return isBetween && copies[0].count + copies[1].count > (packets[0] + packets[1]) * SHARE_OF_TWICE;
  });
}

/** Whether anything of the source is here on both sides of a router. */
function isShownTwice({ initiator }: FlowCase, { hosts }: CaptureCase): boolean {
  return (hosts.host(initiator.address)?.forwarder ?? 0) !== 0;
}

/** Whether the stream is here once only, for long after this member asked for it. */
function isStoppedFor(member: MemberCase, flow: FlowCase, capture: CaptureCase): boolean {
  const [from, until] = timesOf(flow, member);
  const isOnce = flow.copies[0].count + flow.again[0] <= flow.packets[0] * SHARE_OF_ONCE;
  // What has no hop left is no matter of the router's.
  const mayPass = flow.groupPacket !== null && flow.groupPacket.ttl > 1;
  if (!isOnce || !mayPass || flow.packets[0] < FEWEST_ONCE) return false;
  return until - from >= SHORTEST_NS && !wasPartlyBlind(capture, from, until);
}

/** Queriers of the source's segment and of the member's, which are two. */
interface Border {
  readonly near: string;
  readonly far: string;
  readonly at: Sighting;
  /** The member's segment is still seen when the stream should have come. */
  readonly isWatched: boolean;
}

/** Null where the two may be on one segment, or where the stream that is here is the one on the member's. */
function findBorder(member: MemberCase, flow: FlowCase, capture: CaptureCase): Border | null {
  const source = flow.initiator.address;
  if (areNear(member.address, source)) return null;
  for (const { queriers, at } of capture.apart) {
    const near = queriers.find((each) => areNear(each, source));
    const far = queriers.find((each) => areNear(each, member.address));
    if (near === undefined || far === undefined || near === far) continue;
    const own = capture.hosts.host(source)?.macs ?? [];
    const routers = capture.hosts.host(far)?.macs ?? [];
    if (own.length === 0 || own.some((mac) => routers.includes(mac))) continue;
    const heard = Math.max(
      member.lastReportAt.time,
      member.leftAt?.time ?? -Infinity,
      capture.lastQuery(far)?.time ?? -Infinity,
    );
    return { near, far, at, isWatched: heard >= timesOf(flow, member)[0] + SHORTEST_SIGHT_NS };
  }
  return null;
}

/** Two segments may each have a source of its own for one group. */
function isServedNear({ address }: MemberCase, { flows }: GroupCase): boolean {
  return flows.some((flow) => isMedium(flow) && areNear(flow.initiator.address, address));
}

/** While the stream flowed and the member wanted it. */
function timesOf(flow: FlowCase, { joinedAt, leftAt }: MemberCase): [number, number] {
  return [
    Math.max(flow.firstTime, joinedAt.time),
    Math.min(flow.lastTimes[0], leftAt?.time ?? Number.POSITIVE_INFINITY),
  ];
}

function draftOf(group: GroupCase, flow: FlowCase, member: MemberCase, capture: CaptureCase): Draft {
  const source = flow.initiator.address;
  const [from, until] = timesOf(flow, member);
  const forwarder = capture.hosts.macs.byId(capture.hosts.host(source)?.forwarder ?? 0);
  return {
    ...commonFacts(group, flow, true),
    tell: () => ({
      ...commonWords(group, flow, member),
      why:
        `Other packets of ${source} are here twice, before the router and behind it (MAC ${forwarder?.mac ?? ''} passes them on); ` +
        `the ${flow.packets[0]} packets of this stream are here once, for ${formatSeconds(until - from)} after the join. The source is alive, and the join is in the capture.`,
    }),
  };
}

function draftOfBorder(group: GroupCase, flow: FlowCase, member: MemberCase, border: Border): Draft {
  const source = flow.initiator.address;
  const { near, far, at, isWatched } = border;
  const [from, until] = timesOf(flow, member);
  return {
    ...commonFacts(group, flow, isWatched),
    tell: () => {
      const words = commonWords(group, flow, member);
      const unwatched = {
        what: `it is here on the segment of ${source} alone, and ${member.address} joined on another`,
        nextStep: `Capture on the segment of ${member.address} for longer, and look whether the stream comes.`,
      };
      return {
        ...words,
        ...(isWatched ? {} : unwatched),
        why:
          `Two segments are in this capture: ${near} asks for members on that of ${source}, and ${far} on that of ${member.address}; on one and the same only one of them would ask. ` +
          `The ${flow.packets[0]} packets of the stream are here once, from ${source} itself, for ${formatSeconds(until - from)} after the join. ` +
          (isWatched
            ? 'The source is alive, the join is in the capture, and so is what came on the segment of the member later on.'
            : 'But nothing else of the segment of the member is here after the join, so that the stream may not have been seen there.'),
        evidence: [
          evidence(at, `a query that would not have been sent on one segment with ${near} and ${far}`),
          ...words.evidence,
        ],
      };
    },
  };
}

/** What is so however the two sides of the router are known. */
function commonFacts(group: GroupCase, flow: FlowCase, isProven: boolean) {
  const source = flow.initiator.address;
  return {
    code: 'multicast-no-data',
    verdict: isProven ? 'blocked' : 'undetermined',
    certainty: 'inferred',
    cause: isProven ? 'silent-drop' : 'unknown',
    where: 'beyond-capture-point',
    flows: group.flows.filter(({ initiator }) => initiator.address === source),
    related: [],
    groups: [group.group],
    rule: flow.row?.id ?? null,
    groupKey: `not passed on ${group.group}`,
  } as const;
}

/** And what is told alike. */
function commonWords(group: GroupCase, flow: FlowCase, member: MemberCase) {
  return {
    subject: `Multicast from ${flow.initiator.address} to ${groupName(group)}`,
    quotes: groupQuotes(group),
    what: `it reaches the router here, which does not pass it on to ${member.address}, who joined`,
    nextStep: `Ask whoever runs the router whose two sides this capture shows: for an access list that stops ${group.group}, for its multicast route (show ip mroute ${group.group}), and whether it heard the join (show ip igmp groups).`,
    evidence: [
      evidence(member.joinedAt, `${member.address} joined ${group.group}`),
      firstPacket(flow, 0, 'first packet to the group, here once'),
      lastPacket(flow, 0, 'last packet to the group, still here once'),
    ],
  };
}
