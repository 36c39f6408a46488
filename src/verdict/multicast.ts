/** Groups: wanted but silent, flowing to nobody, fed by two, or where they cannot work. */

import { indexOf } from './capture-index.ts';
import { type Draft, evidence, firstPacket, lastPacket } from './draft.ts';
import type { Evidence } from './finding.ts';
import {
  type CaptureCase,
  type FlowCase,
  formatSeconds,
  type GroupCase,
  type MemberCase,
  NS_PER_SECOND,
} from './flow-case.ts';
import { checkGroupMac } from './multicast-mac.ts';
import { checkGroupPassedOn } from './multicast-passed-on.ts';
import { checkGroupPort } from './multicast-port.ts';
import { checkGlobalScope, checkScope } from './multicast-scope.ts';
import { checkGroupStopped } from './multicast-stopped.ts';
import { checkTtl } from './multicast-ttl.ts';
import { groupName, groupQuotes, isLinkLocalGroup, isMedium, wants } from './multicast-words.ts';
import { findRouterBefore, type RouterSighting } from './position.ts';
import { seenUntil, watchedTime } from './sight.ts';

/** That are named. */
const MOST_SOURCES = 3;
const AMBER_NS = 3 * NS_PER_SECOND;
/** Data without a member must flow for this long: a join may follow its first packets. */
const SHORTEST_DATA_NS = 3 * NS_PER_SECOND;
/** Default query interval, IGMPv2 and v3 (RFC 3376 section 8.2): a member that is there has reported within it. */
const QUERY_INTERVAL_NS = 125 * NS_PER_SECOND;

export function checkGroup(group: GroupCase, capture: CaptureCase): Draft[] {
  if (group.isWellKnown) return [];
  const drafts = [
    checkNoData(group, capture),
    checkGroupPassedOn(group, capture),
    checkGroupStopped(group, capture),
    checkNoMember(group, capture),
    checkTwoSources(group),
    checkScope(group),
    checkGlobalScope(group),
    checkTtl(group, capture),
    checkGroupMac(group, capture),
    checkGroupPort(group),
    checkNoQuerier(group, capture),
  ];
  return drafts.filter((draft) => draft !== null);
}

function checkNoData(group: GroupCase, capture: CaptureCase): Draft | null {
  const flows = group.flows.filter((flow) => flow.packets[0] > 0);
  const hungry = group.members.filter((each) => !flows.some((flow) => wants(each, flow)));
  const member = hungry[0];
  // Within one link groups serve control and discovery: no medium is expected there, and no router would bring one.
  if (member === undefined || isLinkLocalGroup(group.group)) return null;
  const { capture: index, time: since } = member.joinedAt;
  // A segment on which nothing is asked and nothing is sent is silent for long, which is what the member finds.
  const unseen = seenUntil(capture, { capture: index, since, heard: since, anyHeard: Number.POSITIVE_INFINITY });
  const waited = Math.min(member.leftAt?.time ?? unseen, unseen) - since;
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
      quotes: groupQuotes(group),
      what: `${listMembers(hungry)} joined${wantedWords(member)} and nothing arrived within ${formatSeconds(waited)}`,
      why:
        (flows[0] === undefined
          ? `The join is in the capture, a packet to the group is not. `
          : `The join is in the capture, and no packet of a source that it names; ${flows[0].initiator.address} does send to the group, which ${member.address} has not asked for. `) +
        (isAlive ? 'The group is announced, so its source may well be sending. ' : '') +
        'The source may be off, or a router, an access list or a missing rendezvous point between here and the source stops it; a capture of the receiving leg alone cannot tell which.' +
        (group.querier === null
          ? ' No querier was seen on this segment: where switches snoop, the membership will age out.'
          : ''),
      nextStep:
        (flows[0] === undefined
          ? ''
          : `Check that ${member.address} names the source by the address that it sends from. `) +
        `Look on the source's own segment whether packets to ${group.group} are sent; then follow the multicast route (show ip mroute ${group.group}) hop by hop.`,
      evidence: hungry.slice(0, 8).map((each) => evidence(each.joinedAt, `${each.address} joined ${group.group}`)),
    }),
  };
}

function listMembers(members: readonly MemberCase[]): string {
  const first = members[0]?.address ?? '';
  return members.length === 1 ? first : `${first} and ${members.length - 1} more`;
}

function wantedWords({ sources }: MemberCase): string {
  if (sources === null) return '';
  return ` for ${sources.slice(0, MOST_SOURCES).join(', ')}${sources.length > MOST_SOURCES ? ', …' : ''} alone`;
}

/** Only on a leg behind a router: on the source's own segment the data is there whether anybody joined or not. */
function checkNoMember(group: GroupCase, capture: CaptureCase): Draft | null {
  if (group.members.length > 0) return null;
  const flows = group.flows.filter((flow) => flow.packets[0] > 0);
  const first = flows.find((flow) => flow.lastTimes[0] - flow.firstTime >= SHORTEST_DATA_NS);
  if (first === undefined || flows.some((flow) => isAskedFor(flow, capture))) return null;
  const router = findRouterBefore(first.initiator.address, capture) ?? findQuerierBefore(first, group, capture);
  if (router === null) return null;
  const watched = watchedTime(capture, first.capture);
  const hidden = whyHidden(first, capture);
  const isProven = watched > QUERY_INTERVAL_NS && group.querier !== null && hidden === null;
  return {
    code: 'multicast-no-member',
    verdict: hidden === null ? 'unexpected' : 'undetermined',
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
      quotes: groupQuotes(group),
      what: `it flows here, and nobody was seen to join in ${formatSeconds(watched)}`,
      why:
        `The packets were routed onto this segment (${router.fact}, frame ${router.frame}), yet no membership report for the group is in the capture. ` +
        'The switch floods it (snooping off, or no querier), or the group is set statically.' +
        (hidden === null ? '' : ` But ${hidden}: then reports would not show.`) +
        (isProven
          ? ''
          : ' A member that reported before the capture began would not show: reports are repeated only when a querier asks.'),
      nextStep: 'Check IGMP snooping and the querier on this segment, and static groups on the router.',
      evidence: [
        evidence(router, router.fact),
        ...proofOfSight(first, capture),
        firstPacket(first, 0, 'first packet to the group'),
        lastPacket(first, 0, 'last packet to the group, still without a member'),
      ],
    }),
  };
}

/** Why the reports of members may not show in this capture; null where they would. */
function whyHidden({ initiator }: FlowCase, capture: CaptureCase): string | null {
  if (capture.isOnlyTcpOrUdp)
    return 'this capture holds nothing but TCP and UDP, so it was probably filtered when it was taken';
  // A span of one direction shows what the router sends onto the segment, and nothing of who is on it.
  const own = capture.hosts.host(initiator.address)?.macs.length ?? 0;
  return capture.hosts.macs.met <= own
    ? 'every frame here is from that router, and none from a host of the segment'
    : null;
}

/** A packet of a host of the segment, beside which its report would have shown. */
function proofOfSight({ initiator }: FlowCase, capture: CaptureCase): Evidence[] {
  const seen = indexOf(capture).sentBesides(capture.hosts.host(initiator.address)?.macs ?? []);
  if (seen === null) return [];
  return [firstPacket(seen, 0, `a packet of ${seen.initiator.address}: hosts of this segment are seen here`)];
}

/** Whether a player asked for it by a connection of its own: then it wants the group, though the capture lost its report. */
function isAskedFor(flow: FlowCase, capture: CaptureCase): boolean {
  return flow.announced.some(({ announcer, media }) => {
    const control = capture.flow(announcer);
    return control !== null && !control.isMulticast && media.startedAt !== null;
  });
}

/** A MAC that sends for the source and for the querier, which is mostly the router of the segment. */
function findQuerierBefore(flow: FlowCase, group: GroupCase, capture: CaptureCase): RouterSighting | null {
  const { querier } = group;
  if (querier === null || querier.address === flow.initiator.address) return null;
  const own = capture.hosts.host(flow.initiator.address)?.macs ?? [];
  const shared = capture.hosts.host(querier.address)?.macs.find((mac) => own.includes(mac));
  const mac = shared === undefined ? null : capture.hosts.macs.byId(shared);
  if (mac === null) return null;
  return { ...querier.at, fact: `MAC ${mac.mac} also sends for the querier ${querier.address}` };
}

/** Receivers of a source-specific group name the source that they want (RFC 4607): 232/8 and ff3x::/32. */
function isSourceSpecific(group: string): boolean {
  return group.startsWith('232.') || /^ff3[0-9a-f]:(0:|:)/.test(group);
}

function checkTwoSources(group: GroupCase): Draft | null {
  if (isSourceSpecific(group.group)) return null;
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
        quotes: groupQuotes(group),
        what: `${flow.initiator.address} and ${rival.initiator.address} send to it at the same time`,
        why: 'A receiver that joined for any source gets both streams mixed, and plays neither well.',
        nextStep: 'Give one of the senders another group, or let receivers join for one source (IGMPv3).',
        evidence: [flow, rival].map((each) =>
          firstPacket(each, 0, `${each.initiator.address} sends to ${group.group}:${each.responder.port}`),
        ),
      }),
    };
  }
  return null;
}

function overlaps(a: FlowCase, b: FlowCase): boolean {
  return a.firstTime < b.lastTimes[0] - NS_PER_SECOND && b.firstTime < a.lastTimes[0] - NS_PER_SECOND;
}

/** Members with data, and nobody who asks for them: where switches snoop, the membership ages out and the stream dies. */
function checkNoQuerier(group: GroupCase, capture: CaptureCase): Draft | null {
  const member = group.members.find((each) => each.leftAt === null);
  const first = group.flows.find((flow) => flow.packets[0] > 0 && isMedium(flow));
  if (member === undefined || first === undefined || group.querier !== null) return null;
  const { capture: index, time: since } = member.joinedAt;
  const watched = seenUntil(capture, { capture: index, since, heard: since }) - since;
  if (watched < QUERY_INTERVAL_NS) return null;
  return {
    code: 'multicast-no-querier',
    verdict: 'background',
    certainty: 'inferred',
    cause: 'device-on-path',
    where: 'unknown',
    flows: [],
    related: [first.id],
    groups: [group.group],
    rule: first.row?.id ?? null,
    groupKey: 'no-querier',
    tell: () => ({
      title: `Nobody asks for the members of ${groupName(group)} and other groups here: where switches snoop, streams will stop`,
      quotes: groupQuotes(group),
      what: 'no querier was seen',
      why: `${member.address} joined ${group.group} and gets it, but in ${formatSeconds(watched)} no IGMP or MLD query came, although queries are due every 125 s. A snooping switch forgets members that nobody asks for, 260 s after their last report.`,
      nextStep: 'Turn on the IGMP (MLD) querier of a router or switch in this VLAN.',
      evidence: [
        evidence(member.joinedAt, `${member.address} joined ${group.group}`),
        evidence(member.lastReportAt, 'its last report'),
      ],
    }),
  };
}
