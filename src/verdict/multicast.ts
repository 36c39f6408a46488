/** Groups: wanted but silent, flowing to nobody, fed by two, or where they cannot work. */

import { type Draft, evidence } from './draft.ts';
import { type CaptureCase, type FlowCase, formatSeconds, type GroupCase, NS_PER_SECOND } from './flow-case.ts';
import { findRouterBefore } from './position.ts';

const AMBER_NS = 3 * NS_PER_SECOND;
/** Data without a member must flow for this long: a join may follow its first packets. */
const SHORTEST_DATA_NS = 3 * NS_PER_SECOND;
/** Default query interval, IGMPv2 and v3 (RFC 3376 section 8.2): a member that is there has reported within it. */
const QUERY_INTERVAL_NS = 125 * NS_PER_SECOND;

export function checkGroup(group: GroupCase, capture: CaptureCase): Draft[] {
  if (group.isWellKnown) return [];
  const drafts = [
    checkNoData(group, capture),
    checkNoMember(group, capture),
    checkTwoSources(group),
    checkScope(group),
  ];
  return drafts.filter((draft) => draft !== null);
}

function groupName(group: GroupCase): string {
  return group.name === null ? group.group : `${group.group} (${group.name})`;
}

function checkNoData(group: GroupCase, capture: CaptureCase): Draft | null {
  const member = group.members[0];
  if (member === undefined || group.flows.some((flow) => flow.packets[0] > 0)) return null;
  const waited = (member.leftAt?.time ?? capture.endTime) - member.joinedAt.time;
  if (waited < AMBER_NS) return null;
  const isAlive = group.announcedAt !== null;
  return {
    code: 'multicast-no-data',
    verdict: 'undetermined',
    certainty: 'inferred',
    cause: 'unknown',
    where: 'unknown',
    flows: [],
    related: [],
    groups: [group.group],
    rule: null,
    groupKey: `no-data ${group.group}`,
    tell: () => ({
      subject: `Multicast group ${groupName(group)}`,
      what: `${listMembers(group)} joined and nothing arrived within ${formatSeconds(waited)}`,
      why:
        `The join is in the capture, a packet to the group is not. ` +
        (isAlive ? 'The group is announced, so its source may well be sending. ' : '') +
        'The source may be off, or a router, an access list or a missing rendezvous point between here and the source stops it; a capture of the receiving leg alone cannot tell which.' +
        (group.querier === null
          ? ' No querier was seen on this segment: where switches snoop, the membership will age out.'
          : ''),
      nextStep: `Look on the source's own segment whether packets to ${group.group} are sent; then follow the multicast route (show ip mroute ${group.group}) hop by hop.`,
      evidence: group.members
        .slice(0, 8)
        .map((each) => evidence(each.joinedAt, `${each.address} joined ${group.group}`)),
    }),
  };
}

function listMembers(group: GroupCase): string {
  const first = group.members[0]?.address ?? '';
  return group.members.length === 1 ? first : `${first} and ${group.members.length - 1} more`;
}

/** Only on a leg behind a router: on the source's own segment the data is there whether anybody joined or not. */
function checkNoMember(group: GroupCase, capture: CaptureCase): Draft | null {
  if (group.members.length > 0) return null;
  const flows = group.flows.filter((flow) => flow.packets[0] > 0);
  const first = flows.find((flow) => flow.lastTimes[0] - flow.firstTime >= SHORTEST_DATA_NS);
  if (first === undefined) return null;
  const router = findRouterBefore(first.initiator.address, capture) ?? findQuerierBefore(first, group, capture);
  if (router === null) return null;
  const watched = capture.endTime - capture.startTime;
  const isProven = watched > QUERY_INTERVAL_NS && group.querier !== null;
  return {
    code: 'multicast-no-member',
    verdict: 'unexpected',
    certainty: isProven ? 'confirmed' : 'inferred',
    cause: 'unknown',
    where: 'unknown',
    flows,
    related: [],
    groups: [group.group],
    rule: first.row?.id ?? null,
    groupKey: `no-member ${group.group}`,
    tell: () => ({
      subject: `Multicast from ${first.initiator.address} to ${groupName(group)}`,
      what: `it flows here, and nobody was seen to join in ${formatSeconds(watched)}`,
      why:
        `The packets were routed onto this segment (${router.fact}, frame ${router.frame}), yet no membership report for the group is in the capture. ` +
        'The switch floods it (snooping off, or no querier), or the group is set statically.' +
        (isProven
          ? ''
          : ' A member that reported before the capture began would not show: reports are repeated only when a querier asks.'),
      nextStep: 'Check IGMP snooping and the querier on this segment, and static groups on the router.',
      evidence: [
        {
          capture: first.capture,
          frame: first.firstFrames[0],
          time: first.firstTime,
          fact: 'first packet to the group',
        },
        {
          capture: first.capture,
          frame: first.lastFrames[0],
          time: first.lastTimes[0],
          fact: 'last packet to the group, still without a member',
        },
      ],
    }),
  };
}

/** A MAC that sends for the source and for the querier, which is mostly the router of the segment. */
function findQuerierBefore(
  flow: FlowCase,
  group: GroupCase,
  capture: CaptureCase,
): { readonly fact: string; readonly frame: number } | null {
  const { querier } = group;
  if (querier === null || querier.address === flow.initiator.address) return null;
  const own = capture.hosts.host(flow.initiator.address)?.macs ?? [];
  const shared = capture.hosts.host(querier.address)?.macs.find((mac) => own.includes(mac));
  const mac = shared === undefined ? null : capture.hosts.macs.byId(shared);
  if (mac === null) return null;
  return { fact: `MAC ${mac.mac} also sends for the querier ${querier.address}`, frame: querier.at.frame };
}

function checkTwoSources(group: GroupCase): Draft | null {
  const media = group.flows.filter((flow) => flow.packets[0] > 0 && isMedium(flow));
  for (const flow of media) {
    const rival = media.find(
      (other) =>
        other.responder.port === flow.responder.port &&
        other.initiator.address !== flow.initiator.address &&
        overlaps(flow, other),
    );
    if (rival === undefined) continue;
    return {
      code: 'multicast-two-sources',
      verdict: 'unexpected',
      certainty: 'confirmed',
      cause: 'application',
      where: 'unknown',
      flows: [flow, rival],
      related: [],
      groups: [group.group],
      rule: flow.row?.id ?? null,
      groupKey: `two ${group.group} ${flow.responder.port}`,
      tell: () => ({
        subject: `Multicast group ${groupName(group)} port ${flow.responder.port}`,
        what: `${flow.initiator.address} and ${rival.initiator.address} send to it at the same time`,
        why: 'A receiver that joined for any source gets both streams mixed, and plays neither well.',
        nextStep: 'Give one of the senders another group, or let receivers join for one source (IGMPv3).',
        evidence: [flow, rival].map((each) => ({
          capture: each.capture,
          frame: each.firstFrames[0],
          time: each.firstTime,
          fact: `${each.initiator.address} sends to ${group.group}:${each.responder.port}`,
        })),
      }),
    };
  }
  return null;
}

/** Reports go to the group from every receiver (RFC 3550 section 6), announcements from every announcer. */
function isMedium(flow: FlowCase): boolean {
  return flow.isStreaming && flow.protocol !== 'sap' && flow.protocol !== 'rtcp';
}

function overlaps(a: FlowCase, b: FlowCase): boolean {
  return a.firstTime < b.lastTimes[0] - NS_PER_SECOND && b.firstTime < a.lastTimes[0] - NS_PER_SECOND;
}

/** Media in the link-local block is never forwarded by a router (RFC 5771 section 4, RFC 4291 section 2.7). */
function checkScope(group: GroupCase): Draft | null {
  const isLinkLocal = group.group.startsWith('224.0.0.') || /^ff[0-9a-f]2:/.test(group.group);
  const first = group.flows.find((flow) => flow.packets[0] > 0 && isMedium(flow));
  if (!isLinkLocal || first === undefined) return null;
  return {
    code: 'multicast-scope',
    verdict: 'unexpected',
    certainty: 'confirmed',
    cause: 'application',
    where: 'unknown',
    flows: [first],
    related: [],
    groups: [group.group],
    rule: first.row?.id ?? null,
    groupKey: `scope ${group.group}`,
    tell: () => ({
      subject: `${first.label} from ${first.initiator.address} to ${groupName(group)}`,
      what: 'media is sent to a group that no router forwards',
      why: `${group.group} is in the block for control within one link: routers never pass it on, and switches flood it to every port.`,
      nextStep: 'Move the stream to a group within 239.0.0.0/8 (or ff08::/16) that is meant for this site.',
      evidence: [
        {
          capture: first.capture,
          frame: first.firstFrames[0],
          time: first.firstTime,
          fact: `first ${first.label} packet`,
        },
      ],
    }),
  };
}
