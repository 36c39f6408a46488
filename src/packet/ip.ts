/** What IPv4 and IPv6 share: telling them apart, and what follows a whole datagram. */

import { type Cursor, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { isExtensionHeader, LAYER, type LayerCode } from './layer.ts';

/** For links that carry IP and say nothing of its version. */
export function decodeIp(cursor: Cursor, out: DecodedPacket): LayerCode {
  if (cursor.start >= cursor.end) return stopDecoding(out, 'network', 'IP header cut', cursor.start, 1, 0);
  const version = out.view.getUint8(cursor.start) >> 4;
  if (version === 4) return LAYER.ipv4;
  if (version === 6) return LAYER.ipv6;
  return stopDecoding(out, 'network', 'neither IPv4 nor IPv6', cursor.start);
}

/** What `out.transport` names, after the IP header or a fragment header. */
export function followIp(out: DecodedPacket): LayerCode {
  if (out.ipVersion === 6 && isExtensionHeader(out.transport)) return LAYER.extensionHeaders;
  return LAYER.transport;
}
