/**
 * The packet that an ICMP or ICMPv6 error quotes (RFC 792, RFC 4443 section 3): its addresses and ports tell which flow
 * the error is about.
 */

import { Cursor } from './cursor.ts';
import { type DecodedPacket, IP_PROTOCOL } from './decoded-packet.ts';
import { readIpv4Header } from './ipv4.ts';
import { decodeExtensionHeaders, readIpv6Header } from './ipv6.ts';
import { readPorts } from './ports.ts';
import { resetPacket } from './reset-packet.ts';

/** Unreachable, source quench, redirect, time exceeded, parameter problem. */
const ICMP_ERRORS = [3, 4, 5, 11, 12];
/** Unreachable, packet too big, time exceeded, parameter problem. */
const LAST_ICMPV6_ERROR = 4;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
const TCP_SEQUENCE = 4;

const cursor = new Cursor();

/**
 * Fills `out` (not the same object as `packet`) with the IP header and what is there of ports and TCP sequence number; ports
 * stay 0 when the quotation is too short for them. False when `packet` is no error or quotes less than an IP header.
 */
export function decodeQuoted(packet: DecodedPacket, out: DecodedPacket): boolean {
  if (packet.transport === IP_PROTOCOL.icmp) {
    if (!ICMP_ERRORS.includes(packet.icmpType)) return false;
  } else if (packet.transport === IP_PROTOCOL.icmpv6) {
    if (packet.icmpType < 1 || packet.icmpType > LAST_ICMPV6_ERROR) return false;
  } else {
    return false;
  }
  resetPacket(out, packet.bytes, packet.view);
  cursor.reset(packet.payloadStart, packet.payloadEnd, packet.payloadStart + packet.payloadLength);
  cursor.tunnel = packet.tunnel;
  const isIpv4 = packet.transport === IP_PROTOCOL.icmp;
  if (!(isIpv4 ? quoteIpv4(out) : quoteIpv6(out))) return false;
  if (out.fragmentOffset !== 0) return true;

  out.transportStart = cursor.start;
  if (!hasPorts(out.transport) || !readPorts(cursor, out)) return true;
  if (out.transport === IP_PROTOCOL.tcp && cursor.end - cursor.start >= TCP_SEQUENCE + 4) {
    out.tcpSequence = out.view.getInt32(cursor.start + TCP_SEQUENCE);
  }
  return true;
}

/** The quoted total length is not looked at: some stacks quote it in their own byte order or without the header. */
function quoteIpv4(out: DecodedPacket): boolean {
  const start = cursor.start;
  if (cursor.end - start < IPV4_BYTES) return false;
  const versionAndLength = out.view.getUint8(start);
  const headerLength = (versionAndLength & 15) << 2;
  if (versionAndLength >> 4 !== 4 || headerLength < IPV4_BYTES) return false;
  readIpv4Header(cursor, out, start);
  cursor.start = start + headerLength;
  return true;
}

function quoteIpv6(out: DecodedPacket): boolean {
  const start = cursor.start;
  if (cursor.end - start < IPV6_BYTES || out.view.getUint8(start) >> 4 !== 6) return false;
  readIpv6Header(cursor, out, start);
  cursor.start = start + IPV6_BYTES;
  decodeExtensionHeaders(cursor, out);
  return true;
}

function hasPorts(transport: number): boolean {
  return transport === IP_PROTOCOL.tcp || transport === IP_PROTOCOL.udp || transport === IP_PROTOCOL.sctp;
}
