/** The way from the IP protocol number to the transport's header. */

import { type Cursor, takePayload } from './cursor.ts';
import { type DecodedPacket, IP_PROTOCOL } from './decoded-packet.ts';
import { decodeIcmp } from './icmp.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { decodePorts } from './ports.ts';
import { decodeTcp } from './tcp.ts';
import { decodeUdp } from './udp.ts';

const SCTP_HEADER_BYTES = 12;

export function decodeTransport(cursor: Cursor, out: DecodedPacket): LayerCode {
  switch (out.transport) {
    case IP_PROTOCOL.udp:
      return decodeUdp(cursor, out);
    case IP_PROTOCOL.tcp:
      return decodeTcp(cursor, out);
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return decodeIcmp(cursor, out);
    case IP_PROTOCOL.sctp:
      return decodePorts(cursor, out, SCTP_HEADER_BYTES);
    case IP_PROTOCOL.ah:
      return LAYER.extensionHeaders;
    default:
      out.transportStart = cursor.start;
      return takePayload(cursor, out, cursor.start);
  }
}
