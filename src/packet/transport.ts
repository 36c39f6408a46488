/** The way from the IP protocol number to the transport's header. */

import { type Cursor, takePayload } from './cursor.ts';
import { type DecodedPacket, IP_PROTOCOL } from './decoded-packet.ts';
import { decodeIcmp } from './icmp.ts';
import { LAYER, type LayerCode, layerOfIpTunnel, layerOfUdpPort } from './layer.ts';
import { decodeSctp } from './sctp.ts';
import { decodeTcp } from './tcp.ts';
import { decodeUdp } from './udp.ts';

export function decodeTransport(cursor: Cursor, out: DecodedPacket): LayerCode {
  switch (out.transport) {
    case IP_PROTOCOL.udp:
      decodeUdp(cursor, out);
      return cursor.mayEnterTunnel ? layerOfUdpTunnel(cursor, out) : LAYER.done;
    case IP_PROTOCOL.tcp:
      return decodeTcp(cursor, out);
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return decodeIcmp(cursor, out);
    case IP_PROTOCOL.sctp:
      return decodeSctp(cursor, out);
    case IP_PROTOCOL.ah:
      return LAYER.extensionHeaders;
    default:
      out.transportStart = cursor.start;
      takePayload(cursor, out, cursor.start);
      return cursor.mayEnterTunnel ? layerOfIpTunnel(out.transport) : LAYER.done;
  }
}

/** The tunnel that either port suggests, with `cursor.start` at the UDP payload. */
function layerOfUdpTunnel(cursor: Cursor, out: DecodedPacket): LayerCode {
  cursor.start = out.payloadStart;
  const layer = layerOfUdpPort(out.destinationPort);
  return layer === LAYER.done ? layerOfUdpPort(out.sourcePort) : layer;
}
