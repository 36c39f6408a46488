/** ICMP (RFC 792) and ICMPv6 (RFC 4443): type, code, checksum (2 bytes), and 4 bytes that depend on the type. */

import { type Cursor, stopDecoding, takePayload } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import type { LayerCode } from './layer.ts';

/** What follows these is the payload: for an error, the packet that it quotes. */
const ICMP_HEADER_BYTES = 8;
const NEEDED_BYTES = 2;

export function decodeIcmp(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  out.transportStart = start;
  if (available < NEEDED_BYTES) {
    return stopDecoding(out, 'transport', 'ICMP header cut', start, ICMP_HEADER_BYTES, available);
  }
  out.icmpType = out.view.getUint8(start);
  out.icmpCode = out.view.getUint8(start + 1);
  if (available < ICMP_HEADER_BYTES) {
    stopDecoding(out, 'transport', 'ICMP header cut', start, ICMP_HEADER_BYTES, available);
  }
  return takePayload(cursor, out, start + ICMP_HEADER_BYTES);
}
