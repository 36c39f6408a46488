/** Learns hosts and routers from what is no flow: ARP, neighbour discovery, router announcements and group reports. */

import { readUint8, readUint16 } from '../bytes/read.ts';
import { type HostTable, SEEN } from '../flow/host-table.ts';
import type { Sighting } from '../flow/mac-table.ts';
import { formatAddressAt } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';

/** Body of ARP for IPv4 over Ethernet (RFC 826): operation, sender's MAC and address, target's MAC and address. */
const ARP_BYTES = 28;
const ARP_OPERATION = 6;
const ARP_SENDER_MAC = 8;
const ARP_SENDER = 14;
const ARP_TARGET = 24;
const ARP_REQUEST = 1;

const ROUTER_ADVERTISEMENT = 134;
const NEIGHBOUR_SOLICITATION = 135;
const NEIGHBOUR_ADVERTISEMENT = 136;
/** Offset of the target address, and of the flags, in neighbour discovery (RFC 4861 sections 4.3 and 4.4). */
const ND_TARGET = 8;
const ND_FLAGS = 4;
const ND_ROUTER_FLAG = 0x80;
const ND_BYTES = 24;

/** A frame whose EtherType is ARP. */
export function learnFromArp(hosts: HostTable, packet: DecodedPacket, at: Sighting): void {
  const start = packet.networkStart;
  if (start < 0 || packet.frameEnd - start < ARP_BYTES) return;
  const isEthernet = readUint16(packet.bytes, start) === 1 && readUint16(packet.bytes, start + 2) === 0x0800;
  if (!isEthernet) return;
  const mac = hosts.macs.at(packet, start + ARP_SENDER_MAC);
  const sender = formatAddressAt(packet.bytes, start + ARP_SENDER, 4);
  if (sender !== '0.0.0.0') {
    hosts.note(packet, start + ARP_SENDER, 4, SEEN.sent, at);
    hosts.note(packet, start + ARP_SENDER, 4, SEEN.found, at);
    hosts.macs.noteResolved(mac, sender, at);
  }
  const isRequest = readUint16(packet.bytes, start + ARP_OPERATION) === ARP_REQUEST;
  const isGratuitous = sender === formatAddressAt(packet.bytes, start + ARP_TARGET, 4);
  // A request may go to its target alone, where its answer is known and only asked for again.
  const isToTarget = !isRequest || !isGroupMac(packet);
  if (isToTarget) hosts.note(packet, start + ARP_TARGET, 4, SEEN.reached, at);
  // Who asks without an address of its own is about to take the one it asks for (RFC 5227): silence is what it wants.
  if (isRequest && !isGratuitous && sender !== '0.0.0.0') hosts.note(packet, start + ARP_TARGET, 4, SEEN.sought, at);
}

function isGroupMac({ bytes, destinationMac }: DecodedPacket): boolean {
  return destinationMac < 0 || (readUint8(bytes, destinationMac) & 1) !== 0;
}

/** Neighbour discovery and router advertisements. */
export function learnFromIcmpv6(hosts: HostTable, packet: DecodedPacket, at: Sighting): void {
  const start = packet.transportStart;
  const mac = hosts.macs.at(packet, packet.sourceMac);
  if (packet.icmpType === ROUTER_ADVERTISEMENT) hosts.macs.noteRouter(mac, 'it sent a router advertisement', at);
  const isSolicitation = packet.icmpType === NEIGHBOUR_SOLICITATION;
  if (!isSolicitation && packet.icmpType !== NEIGHBOUR_ADVERTISEMENT) return;
  if (start < 0 || packet.frameEnd - start < ND_BYTES) return;
  // The same from the unspecified address (RFC 4862 section 5.4).
  const isProbe = isSolicitation && formatAddressAt(packet.bytes, packet.sourceAddress, 16) === '::';
  if (!isProbe) hosts.note(packet, start + ND_TARGET, 16, isSolicitation ? SEEN.sought : SEEN.found, at);
  if (isSolicitation) return;
  hosts.macs.noteResolved(mac, formatAddressAt(packet.bytes, start + ND_TARGET, 16), at);
  if ((readUint8(packet.bytes, start + ND_FLAGS) & ND_ROUTER_FLAG) !== 0) {
    hosts.macs.noteRouter(mac, 'its neighbour advertisement has the router flag', at);
  }
}

/** 224.0.0.2, and ff02::2 with its wider scopes (RFC 4291 section 2.7.1). */
function isRouterGroup(group: string): boolean {
  return group === '224.0.0.2' || /^ff0[1258]::2$/.test(group);
}

/** A report of membership: only routers join the all-routers groups. */
export function learnFromReport(hosts: HostTable, packet: DecodedPacket, group: string, at: Sighting): void {
  if (isRouterGroup(group)) {
    hosts.macs.noteRouter(hosts.macs.at(packet, packet.sourceMac), `it joined the all-routers group ${group}`, at);
  }
}
