/** How much of a frame remains when its payload is left out: what a packet says to the network, not to the other end. */

import { type DecodedPacket, IP_PROTOCOL } from '../packet/decoded-packet.ts';

const ARP = 0x0806;
/** The headers that an ICMP error quotes: IPv6 without extensions, and the ports (RFC 4443 section 3.1). */
const QUOTED_BYTES = 48;
/** Of what is not understood: Ethernet and IPv4. */
const UNKNOWN_BYTES = 34;

/** Bytes of the frame; never more than were captured. */
export function countHeaderBytes(packet: DecodedPacket): number {
  const captured = packet.frameEnd - packet.frameStart;
  return Math.min(captured, wantedBytes(packet, captured));
}

function wantedBytes(packet: DecodedPacket, captured: number): number {
  // Offsets are of the datagram then, not of the frame.
  if (packet.reassembled) return UNKNOWN_BYTES;
  const headers = packet.payloadStart - packet.frameStart;
  switch (packet.transport) {
    case IP_PROTOCOL.tcp:
    case IP_PROTOCOL.udp:
      return headers > 0 ? headers : UNKNOWN_BYTES;
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return headers > 0 ? headers + QUOTED_BYTES : UNKNOWN_BYTES;
    case IP_PROTOCOL.igmp:
    case IP_PROTOCOL.pim:
      return captured;
    default:
      return packet.etherType === ARP ? captured : UNKNOWN_BYTES;
  }
}
