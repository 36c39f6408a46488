/** Packets to a group in frames to another link address than the group's (RFC 1112 section 6.4, RFC 2464 section 7). */

import { parseAddress } from '../format/address.ts';
import { type Draft, evidence } from './draft.ts';
import type { CaptureCase, GroupCase } from './flow-case.ts';
import { groupName, groupQuotes, isMedium } from './multicast-words.ts';

export function checkGroupMac(group: GroupCase, capture: CaptureCase): Draft | null {
  const right = macOfGroup(group.group);
  const flow = group.flows.find(({ groupPacket }) => isWrong(groupPacket?.mac ?? null, right));
  const packet = flow?.groupPacket;
  if (flow === undefined || packet == null || right === null || !isMedium(flow)) return null;
  const isBroadcast = packet.mac === BROADCAST;
  // In a capture whose addresses were rewritten no group has the link address that belongs to it.
  const isProven = isBroadcast || capture.groups.some(hasRightMac);
  return {
    code: 'multicast-mac',
    verdict: isProven ? 'unexpected' : 'background',
    certainty: isProven ? 'confirmed' : 'inferred',
    cause: 'application',
    where: 'unknown',
    flows: isProven ? [flow] : [],
    related: isProven ? [] : [flow.id],
    groups: [group.group],
    rule: flow.row?.id ?? null,
    groupKey: `mac ${group.group}`,
    tell: () => ({
      title: `${flow.label} from ${flow.initiator.address} to ${groupName(group)} is in frames to ${packet.mac}, and those of the group go to ${right}`,
      quotes: groupQuotes(group),
      what: 'the link address is not that of the group',
      why: isBroadcast
        ? 'It is broadcast on the link: every host gets it, whether it joined or not, and no switch can prune it.'
        : 'Network cards filter by the link address: receivers that joined the group do not take these frames, and switches that snoop send them elsewhere.' +
          (isProven
            ? ''
            : ' No other group in this capture has its own link address either, so the addresses in it may simply have been rewritten.'),
      nextStep: `Look for what sets the link address between ${flow.initiator.address} and here: a static ARP entry, a load balancer, a bridge, or the sender's own driver.`,
      evidence: [evidence(packet, `packet to ${group.group} in a frame to ${packet.mac}`)],
    }),
  };
}

function hasRightMac({ group, flows }: GroupCase): boolean {
  const right = macOfGroup(group);
  return flows.some(({ groupPacket }) => groupPacket != null && groupPacket.mac === right);
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';

/** A frame to one host is what access points make of multicast for each of their stations: nothing is wrong with it. */
function isWrong(mac: string | null, right: string | null): boolean {
  if (mac === null || right === null || mac === right) return false;
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** 01:00:5e and 23 bits of an IPv4 group, 33:33 and 32 bits of an IPv6 one; null for what is no address. */
function macOfGroup(group: string): string | null {
  const bytes = parseAddress(group);
  if (bytes === null) return null;
  const [, first = 0, second = 0, third = 0] = bytes;
  const octets = bytes.length === 4 ? [1, 0, 0x5e, first & 0x7f, second, third] : [0x33, 0x33, ...bytes.subarray(12)];
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}
