/** Media that leaves its source with TTL 1, which no router passes on (RFC 1112 section 6.1). */

import { type Draft, evidence } from './draft.ts';
import type { CaptureCase, FlowCase, GroupCase } from './flow-case.ts';
import { groupName, groupQuotes, isLinkLocalGroup, isMedium } from './multicast-words.ts';
import { areNear, findRouterBefore, isOnSegment } from './position.ts';

/**
 * Only on the source's own segment: farther on, TTL 1 is what is left of more. That it is meant for others is proven by an
 * announcement with a higher TTL; without one it is worth knowing, since it is what some senders do unless they are told.
 */
export function checkTtl(group: GroupCase, capture: CaptureCase): Draft | null {
  if (isLinkLocalGroup(group.group)) return null;
  const flow = group.flows.find((each) => each.groupPacket?.ttl === 1 && isMedium(each));
  const packet = flow?.groupPacket;
  if (flow === undefined || packet == null || !isOnLink(flow.initiator.address, group, capture)) return null;
  const announced = announcedTtl(flow);
  const isMeantFarther = announced !== null && announced > 1;
  return {
    code: 'multicast-scope',
    verdict: isMeantFarther ? 'unexpected' : 'background',
    certainty: 'confirmed',
    cause: 'application',
    where: 'unknown',
    flows: isMeantFarther ? [flow] : [],
    related: isMeantFarther ? [] : [flow.id],
    groups: [group.group],
    rule: flow.row?.id ?? null,
    groupKey: `ttl ${group.group}`,
    tell: () => ({
      title: `${flow.label} from ${flow.initiator.address} to ${groupName(group)} has TTL 1: it does not leave its own segment`,
      quotes: groupQuotes(group),
      what: 'its packets leave with TTL 1',
      why:
        `Each router takes one from the TTL, and drops what has none left: receivers behind the first router get nothing, and no router says so. ` +
        (isMeantFarther
          ? `It is announced with TTL ${announced}, so it is meant for more than this segment.`
          : 'That is in order where all receivers are on this segment.'),
      nextStep: `Set the TTL of the sender ${flow.initiator.address} to the number of routers to its farthest receiver, and some to spare.`,
      evidence: [evidence(packet, `first ${flow.label} packet, TTL 1`)],
    }),
  };
}

function announcedTtl(flow: FlowCase): number | null {
  return flow.announced.map(({ media }) => media.announcement.ttl).find((ttl) => ttl !== null) ?? null;
}

/**
 * By a packet that no router has passed on, by its answer to ARP or neighbour discovery, by its own membership reports, or by an
 * address beside that of the segment's querier.
 */
function isOnLink(address: string, { querier }: GroupCase, capture: CaptureCase): boolean {
  if (findRouterBefore(address, capture) !== null) return false;
  if (isOnSegment(address, capture) === true || capture.hosts.host(address)?.foundAt != null) return true;
  if (querier !== null && areNear(address, querier.address) && !shareMac(address, querier.address, capture))
    return true;
  return capture.groups.some(({ members }) => members.some((member) => member.address === address));
}

function shareMac(one: string, other: string, { hosts }: CaptureCase): boolean {
  const macs = hosts.host(other)?.macs ?? [];
  return hosts.host(one)?.macs.some((mac) => macs.includes(mac)) === true;
}
