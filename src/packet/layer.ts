/** Names of the headers that can come next: each decoder returns one, so that no decoder imports another. */

import { IP_PROTOCOL } from './decoded-packet.ts';

export const LAYER = {
  done: 0,
  ethernet: 1,
  /** What follows is told by `out.etherType`. */
  etherType: 2,
  vlan: 3,
  llc: 4,
  linuxCooked: 5,
  linuxCooked2: 6,
  bsdLoopback: 7,
  /** IPv4 or IPv6, told apart by the version. */
  ip: 8,
  ipv4: 9,
  ipv6: 10,
  /** IPv6 extension headers and AH; the first is told by `out.transport`. */
  extensionHeaders: 11,
  /** A piece of a datagram; `cursor.start` is the first byte of its data. */
  fragment: 12,
  /** What follows is told by `out.transport`. */
  transport: 13,
} as const;

export type LayerCode = (typeof LAYER)[keyof typeof LAYER];

export const ETHER_TYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ipv6: 0x86dd,
  serviceVlan: 0x88a8,
  oldServiceVlan: 0x9100,
  oldServiceVlan2: 0x9200,
  oldServiceVlan3: 0x9300,
} as const;

/** Types below this are the length of an 802.3 frame, whose body opens with LLC. */
export const FIRST_ETHER_TYPE = 0x600;

export function layerOfEtherType(etherType: number): LayerCode {
  if (etherType === ETHER_TYPE.ipv4) return LAYER.ipv4;
  if (etherType === ETHER_TYPE.ipv6) return LAYER.ipv6;
  switch (etherType) {
    case ETHER_TYPE.vlan:
    case ETHER_TYPE.serviceVlan:
    case ETHER_TYPE.oldServiceVlan:
    case ETHER_TYPE.oldServiceVlan2:
    case ETHER_TYPE.oldServiceVlan3:
      return LAYER.vlan;
    default:
      return LAYER.done;
  }
}

/** True for the headers between an IP header and its transport. */
export function isExtensionHeader(protocol: number): boolean {
  return (
    protocol === IP_PROTOCOL.hopByHop ||
    protocol === IP_PROTOCOL.routing ||
    protocol === IP_PROTOCOL.fragment ||
    protocol === IP_PROTOCOL.destinationOptions ||
    protocol === IP_PROTOCOL.ah
  );
}
