/**
 * IPv6 and its extension headers, RFC 8200 sections 3 and 4; AH, RFC 4302.
 *
 *   0 version, class, flow label | 4 payload length | 6 next header | 7 hop limit | 8 source | 24 destination
 */

import { type Cursor, limitLength, stopDecoding } from './cursor.ts';
import { type DecodedPacket, IP_PROTOCOL } from './decoded-packet.ts';
import { followIp } from './ip.ts';
import { isExtensionHeader, LAYER, type LayerCode } from './layer.ts';
import { clearOuterPacket } from './reset-packet.ts';

const HEADER_BYTES = 40;
const PAYLOAD_LENGTH = 4;
const NEXT_HEADER = 6;
const HOP_LIMIT = 7;
const SOURCE = 8;
const DESTINATION = 24;

const FRAGMENT_HEADER_BYTES = 8;
const FRAGMENT_FIELD = 2;
const FRAGMENT_OFFSET = 0xfff8;
const MORE_FRAGMENTS = 1;
/** RFC 8200 lets each header occur once, destination options twice; more is an attack. */
const MAX_EXTENSION_HEADERS = 12;

export function decodeIpv6(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < HEADER_BYTES) {
    return stopDecoding(out, 'network', 'IPv6 header cut', start, HEADER_BYTES, available);
  }
  const view = out.view;
  if (view.getUint8(start) >> 4 !== 6) return stopDecoding(out, 'network', 'IPv6 version is not 6', start);

  // A payload length of 0 is a jumbogram, or a packet that the network card has yet to cut up.
  const payloadLength = view.getUint16(start + PAYLOAD_LENGTH);
  if (payloadLength !== 0) limitLength(cursor, start, HEADER_BYTES + payloadLength);

  readIpv6Header(cursor, out, start);
  cursor.start = start + HEADER_BYTES;
  return followIp(out);
}

/** Takes the fields over; the 40 bytes must be there and of version 6. */
export function readIpv6Header(cursor: Cursor, out: DecodedPacket, start: number): void {
  const view = out.view;
  clearOuterPacket(out);
  out.tunnel = cursor.tunnel;
  out.ipVersion = 6;
  out.networkStart = start;
  out.sourceAddress = start + SOURCE;
  out.destinationAddress = start + DESTINATION;
  out.ttl = view.getUint8(start + HOP_LIMIT);
  out.transport = view.getUint8(start + NEXT_HEADER);
}

/** Walks from `cursor.start`, the first extension header, to the transport; a fragment header ends the walk. */
export function decodeExtensionHeaders(cursor: Cursor, out: DecodedPacket): LayerCode {
  const view = out.view;
  for (let count = 0; isExtensionHeader(out.transport); count++) {
    const start = cursor.start;
    const available = cursor.end - start;
    if (count === MAX_EXTENSION_HEADERS) return stopDecoding(out, 'network', 'too many extension headers', start);
    if (available < FRAGMENT_HEADER_BYTES) {
      return stopDecoding(out, 'network', 'extension header cut', start, FRAGMENT_HEADER_BYTES, available);
    }
    const header = out.transport;
    out.transport = view.getUint8(start);
    if (header === IP_PROTOCOL.fragment) {
      cursor.start = start + FRAGMENT_HEADER_BYTES;
      if (readFragmentHeader(cursor, out, start)) return LAYER.fragment;
      continue;
    }
    const length = extensionHeaderLength(header, view.getUint8(start + 1));
    cursor.start = start + length;
    if (cursor.start > cursor.end) {
      return stopDecoding(out, 'network', 'extension header cut', start, length, available);
    }
  }
  return LAYER.transport;
}

function extensionHeaderLength(header: number, lengthField: number): number {
  // AH counts 4-byte words less two, the others 8-byte words less one.
  return header === IP_PROTOCOL.ah ? (lengthField + 2) << 2 : (lengthField + 1) << 3;
}

/** False for an atomic fragment (RFC 6946), which is a whole datagram. */
function readFragmentHeader(cursor: Cursor, out: DecodedPacket, start: number): boolean {
  const field = out.view.getUint16(start + FRAGMENT_FIELD);
  out.fragmentOffset = field & FRAGMENT_OFFSET;
  cursor.moreFragments = (field & MORE_FRAGMENTS) !== 0;
  out.isFragment = out.fragmentOffset !== 0 || cursor.moreFragments;
  return out.isFragment;
}
