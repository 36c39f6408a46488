/** BSD loopback headers: LINKTYPE_NULL (0, address family in the order of the machine that captured) and LINKTYPE_LOOP (108). */

import { type Cursor, leaveBody, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { LAYER, type LayerCode } from './layer.ts';

const HEADER_BYTES = 4;
const FAMILY_IPV4 = 2;
/** AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS. */
const FAMILIES_IPV6 = [10, 23, 24, 28, 30];

/** Address and control: serial links of routers were captured under this link type too. */
const PPP_FRAMING = 0xff03;
const CISCO_HDLC_FRAMING = 0x0f00;

export function decodeBsdLoopback(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < HEADER_BYTES) return stopDecoding(out, 'link', 'loopback header cut', start, HEADER_BYTES, available);

  // Families are small numbers: the order that makes this one small is the right one.
  const bigEndian = out.view.getUint32(start);
  const family = bigEndian <= 0xffff ? bigEndian : out.view.getUint32(start, true);
  if (bigEndian >>> 16 === PPP_FRAMING) return LAYER.ppp;
  if (bigEndian >>> 16 === CISCO_HDLC_FRAMING) return LAYER.ciscoHdlc;
  cursor.start = start + HEADER_BYTES;
  if (family === FAMILY_IPV4) return LAYER.ipv4;
  if (FAMILIES_IPV6.includes(family)) return LAYER.ipv6;
  return leaveBody(cursor, out, cursor.start);
}
