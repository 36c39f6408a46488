/** Media on groups that no router forwards, or that are meant for the whole Internet. */

import { type Draft, firstPacket } from './draft.ts';
import type { GroupCase } from './flow-case.ts';
import { groupName, groupQuotes, isLinkLocalGroup, isMedium } from './multicast-words.ts';
import { isPrivateIpv4 } from './private-address.ts';

/** Media in the link-local block is never forwarded by a router (RFC 5771 section 4, RFC 4291 section 2.7). */
export function checkScope(group: GroupCase): Draft | null {
  const first = group.flows.find((flow) => flow.packets[0] > 0 && isMedium(flow));
  if (!isLinkLocalGroup(group.group) || first === undefined) return null;
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
      quotes: groupQuotes(group),
      what: 'media is sent to a group that no router forwards',
      why: `${group.group} is in the block for control within one link: routers never pass it on, and switches flood it to every port.`,
      nextStep: 'Move the stream to a group within 239.0.0.0/8 (or ff08::/16) that is meant for this site.',
      evidence: [firstPacket(first, 0, `first ${first.label} packet`)],
    }),
  };
}

/** First octets of blocks with a meaning of their own: source-specific, GLOP, unicast-prefix based, administrative. */
const MEANT_BLOCKS: readonly number[] = [232, 233, 234, 239];

/** On an intranet media belongs into 239/8 (RFC 2365): other groups are the Internet's, and their scope ends nowhere. */
export function checkGlobalScope(group: GroupCase): Draft | null {
  const [first = 0, second = 0] = group.group.split('.').map(Number);
  const isGlobal = !group.group.includes(':') && !MEANT_BLOCKS.includes(first) && !(first === 224 && second === 0);
  const flow = group.flows.find((each) => each.packets[0] > 0 && isMedium(each));
  if (!isGlobal || flow === undefined || !isPrivateIpv4(flow.initiator.address)) return null;
  return {
    code: 'multicast-scope',
    verdict: 'background',
    certainty: 'confirmed',
    cause: 'application',
    where: 'unknown',
    flows: [],
    related: [flow.id],
    groups: [group.group],
    rule: flow.row?.id ?? null,
    groupKey: `global ${group.group}`,
    tell: () => ({
      title: `${flow.label} from ${flow.initiator.address} goes to ${groupName(group)}, a group of the Internet and not of this site`,
      quotes: groupQuotes(group),
      what: 'the group is not in 239.0.0.0/8',
      why: `${flow.initiator.address} is a private address, and ${group.group} is a group of global scope: no boundary for private groups stops it, and its number may belong to somebody else.`,
      nextStep: 'Move the stream to a group within 239.0.0.0/8.',
      evidence: [firstPacket(flow, 0, `first ${flow.label} packet`)],
    }),
  };
}
