/**
 * IPv4, RFC 791 section 3.1.
 *
 *   0 version, header length | 1 TOS | 2 total length | 4 identification | 6 flags, fragment offset
 *   8 TTL | 9 protocol | 10 checksum | 12 source | 16 destination | 20 options
 */

import { type Cursor, limitLength, stopDecoding } from './cursor.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { LAYER, type LayerCode } from './layer.ts';
import { clearOuterPacket } from './reset-packet.ts';

const HEADER_BYTES = 20;
const TOTAL_LENGTH = 2;
const IDENTIFICATION = 4;
const FLAGS = 6;
const TTL = 8;
const PROTOCOL = 9;
const SOURCE = 12;
const DESTINATION = 16;

const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET = 0x1fff;

export function decodeIpv4(cursor: Cursor, out: DecodedPacket): LayerCode {
  const start = cursor.start;
  const available = cursor.end - start;
  if (available < HEADER_BYTES) {
    return stopDecoding(out, 'network', 'IPv4 header cut', start, HEADER_BYTES, available);
  }
  const view = out.view;
  const versionAndLength = view.getUint8(start);
  if (versionAndLength >> 4 !== 4) return stopDecoding(out, 'network', 'IPv4 version is not 4', start);
  const headerLength = (versionAndLength & 15) << 2;
  if (headerLength < HEADER_BYTES) return stopDecoding(out, 'network', 'IPv4 header length below 20', start);

  // A total length of 0 is a packet that the network card has yet to cut up: the frame's length is all there is.
  const totalLength = view.getUint16(start + TOTAL_LENGTH);
  if (totalLength !== 0) {
    if (totalLength < headerLength) {
      return stopDecoding(out, 'network', 'IPv4 total length below header length', start);
    }
    limitLength(cursor, start, totalLength);
  }

  readIpv4Header(cursor, out, start);
  cursor.start = start + headerLength;
  if (cursor.start > cursor.end) {
    return stopDecoding(out, 'network', 'IPv4 options cut', start, headerLength, available);
  }
  return out.isFragment ? LAYER.fragment : LAYER.transport;
}

/** Takes the fields over; the 20 bytes must be there and of version 4. */
export function readIpv4Header(cursor: Cursor, out: DecodedPacket, start: number): void {
  const view = out.view;
  clearOuterPacket(out);
  out.tunnel = cursor.tunnel;
  out.ipVersion = 4;
  out.networkStart = start;
  out.sourceAddress = start + SOURCE;
  out.destinationAddress = start + DESTINATION;
  out.ipId = view.getUint16(start + IDENTIFICATION);
  out.ttl = view.getUint8(start + TTL);
  out.transport = view.getUint8(start + PROTOCOL);
  const flags = view.getUint16(start + FLAGS);
  out.dontFragment = (flags & DONT_FRAGMENT) !== 0;
  out.fragmentOffset = (flags & FRAGMENT_OFFSET) << 3;
  out.isFragment = (flags & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) !== 0;
  cursor.moreFragments = (flags & MORE_FRAGMENTS) !== 0;
}
