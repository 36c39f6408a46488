/** A stream that reaches a router and is not passed on to those who joined, where a span shows both of its sides. */

import { type Draft, evidence } from './draft.ts';
import {
  type CaptureCase,
  type FlowCase,
  formatSeconds,
  type GroupCase,
  type MemberCase,
  NS_PER_SECOND,
} from './flow-case.ts';
import { groupName, groupQuotes, isMedium, wants } from './multicast-words.ts';
import { areNear } from './position.ts';
import { wasPartlyBlind } from './sight.ts';

/** Of packets that are all here once, hardly any are copies. */
const SHARE_OF_ONCE = 0.05;
/** Of packets that are all here twice, half are. */
const SHARE_OF_TWICE = 0.4;
const FEWEST_ONCE = 50;
/** A router passes a stream on within moments of the join. */
const SHORTEST_NS = 5 * NS_PER_SECOND;

export function checkGroupPassedOn(group: GroupCase, capture: CaptureCase): Draft | null {
  for (const flow of group.flows) {
    const member = isMedium(flow)
      ? group.members.find((each) => wants(each, flow) && isBeyond(each, flow, group, capture))
      : undefined;
    if (member !== undefined && isStoppedAtRouter(flow, member, capture)) return draftOf(group, flow, member, capture);
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

function isStoppedAtRouter(flow: FlowCase, member: MemberCase, capture: CaptureCase): boolean {
  const [from, until] = timesOf(flow, member);
  const isShownTwice = (capture.hosts.host(flow.initiator.address)?.forwarder ?? 0) !== 0;
  const isOnce = flow.copies[0].count <= flow.packets[0] * SHARE_OF_ONCE;
  // What has no hop left is no matter of the router's.
  const mayPass = flow.groupPacket !== null && flow.groupPacket.ttl > 1;
  if (!isShownTwice || !isOnce || !mayPass || flow.packets[0] < FEWEST_ONCE) return false;
  return until - from >= SHORTEST_NS && !wasPartlyBlind(capture, from, until);
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
    code: 'multicast-no-data',
    verdict: 'blocked',
    certainty: 'inferred',
    cause: 'silent-drop',
    where: 'beyond-capture-point',
    flows: group.flows.filter(({ initiator }) => initiator.address === source),
    related: [],
    groups: [group.group],
    rule: flow.row?.id ?? null,
    groupKey: `not passed on ${group.group}`,
    tell: () => ({
      subject: `Multicast from ${source} to ${groupName(group)}`,
      quotes: groupQuotes(group),
      what: `it reaches the router here, which does not pass it on to ${member.address}, who joined`,
      why:
        `Other packets of ${source} are here twice, before the router and behind it (MAC ${forwarder?.mac ?? ''} passes them on); ` +
        `the ${flow.packets[0]} packets of this stream are here once, for ${formatSeconds(until - from)} after the join. The source is alive, and the join is in the capture.`,
      nextStep: `Ask whoever runs the router whose two sides this capture shows: for an access list that stops ${group.group}, for its multicast route (show ip mroute ${group.group}), and whether it heard the join (show ip igmp groups).`,
      evidence: [
        evidence(member.joinedAt, `${member.address} joined ${group.group}`),
        {
          capture: flow.capture,
          frame: flow.firstFrames[0],
          time: flow.firstTime,
          fact: 'first packet to the group, here once',
        },
        {
          capture: flow.capture,
          frame: flow.lastFrames[0],
          time: flow.lastTimes[0],
          fact: 'last packet to the group, still here once',
        },
      ],
    }),
  };
}
