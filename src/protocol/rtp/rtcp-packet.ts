/**
 * Compound packets of RTCP, RFC 3550 section 6 and RFC 4585 section 6.1: packets of one datagram, each with its length.
 *
 *  0 |V=2|P|count|  1 type  2 length in 32-bit words minus one  4 SSRC of the sender  8 ...
 */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';

export const RTCP_TYPE = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  bye: 203,
  application: 204,
  transportFeedback: 205,
  payloadFeedback: 206,
  extendedReport: 207,
} as const;

const RTCP_HEADER_BYTES = 8;
/** One report block of a sender or receiver report. */
export const REPORT_BLOCK_BYTES = 24;
/** SSRC, NTP time, RTP time, packets, octets. */
export const SENDER_INFO_BYTES = 24;
/** RFC 3711 section 3.4: E flag and index, then a tag of at least 4 bytes. */
const SMALLEST_SRTCP_TRAILER = 8;

/** Length in bytes of the packet at `offset`, or 0 when no RTCP packet can start there. */
export function readRtcpLength(bytes: Uint8Array, offset: number, end: number): number {
  if (offset + 4 > end || readUint8(bytes, offset) >> 6 !== 2) return 0;
  const type = readUint8(bytes, offset + 1);
  if (type < 192 || type > 213) return 0;
  return (readUint16(bytes, offset + 2) + 1) * 4;
}

/** Report blocks in the sender or receiver report at `offset`, or -1 when its count and its length disagree. */
export function countReportBlocks(bytes: Uint8Array, offset: number): number {
  const type = readUint8(bytes, offset + 1);
  if (type !== RTCP_TYPE.senderReport && type !== RTCP_TYPE.receiverReport) return -1;
  const blocks = readUint8(bytes, offset) & 0x1f;
  const fixed = type === RTCP_TYPE.senderReport ? 4 + SENDER_INFO_BYTES : RTCP_HEADER_BYTES;
  // A profile may add words of its own after the blocks.
  return (readUint16(bytes, offset + 2) + 1) * 4 >= fixed + blocks * REPORT_BLOCK_BYTES ? blocks : -1;
}

/**
 * A whole compound that begins with a report proves itself: version, type, and every length. What begins otherwise
 * (reduced size, RFC 5506) or is encrypted after its first words (SRTCP) needs a second one from the same sender.
 */
export function recognizeRtcp(bytes: Uint8Array, start: number, end: number, wireLength: number): Recognition {
  const first = readRtcpLength(bytes, start, end);
  if (first < RTCP_HEADER_BYTES || first > wireLength) return 'no';
  const wireEnd = start + wireLength;
  if (countReportBlocks(bytes, start) >= 0 && hasOrdinaryLength(bytes, start)) {
    if (isWholeCompound(bytes, start, end, wireEnd)) return 'yes';
    return first + SMALLEST_SRTCP_TRAILER <= wireLength ? 'maybe' : 'no';
  }
  return isWholeCompound(bytes, start, end, wireEnd) && isKnownOpening(bytes, start) ? 'maybe' : 'no';
}

/** Reports with words of a profile after their blocks are rare, and cost the test most of its strength. */
function hasOrdinaryLength(bytes: Uint8Array, start: number): boolean {
  const fixed = readUint8(bytes, start + 1) === RTCP_TYPE.senderReport ? 4 + SENDER_INFO_BYTES : RTCP_HEADER_BYTES;
  const blocks = readUint8(bytes, start) & 0x1f;
  return (readUint16(bytes, start + 2) + 1) * 4 === fixed + blocks * REPORT_BLOCK_BYTES;
}

/** Packets follow each other to exactly the end; past a snap length the rest is believed. Encrypted ones do not. */
export function isWholeCompound(bytes: Uint8Array, start: number, end: number, wireEnd: number): boolean {
  let at = start;
  while (at < wireEnd) {
    if (at + 4 > end) return end < wireEnd;
    const length = readRtcpLength(bytes, at, end);
    if (length === 0) return false;
    const isPadded = (readUint8(bytes, at) & 0x20) !== 0;
    at += length;
    if (isPadded && at < wireEnd) return false;
  }
  return at === wireEnd;
}

function isKnownOpening(bytes: Uint8Array, start: number): boolean {
  const type = readUint8(bytes, start + 1);
  const count = readUint8(bytes, start) & 0x1f;
  if (type === RTCP_TYPE.transportFeedback || type === RTCP_TYPE.payloadFeedback) return count >= 1 && count <= 15;
  if (type >= RTCP_TYPE.sourceDescription) return type <= RTCP_TYPE.extendedReport;
  return countReportBlocks(bytes, start) >= 0;
}

export function readRtcpSender(bytes: Uint8Array, offset: number): number {
  return readUint32(bytes, offset + 4);
}
