/**
 * Interleaved media in an RTSP connection, RFC 2326 section 10.12.
 *
 *  0       1        2         4
 *  | '$' | channel | length  | RTP or RTCP packet ...
 */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import { type Match, matchStartLine } from '../text/start-line.ts';
import { RTSP } from './rtsp-grammar.ts';

export const FRAME_MARK = 0x24;
export const FRAME_HEADER_BYTES = 4;

/** Servers number channels from 0, two for each track; a higher one after a loss is taken for chance. */
const MOST_LIKELY_CHANNEL = 31;
/** Header and the two bytes of RTP or RTCP that tell what it is. */
const JUDGED_BYTES = FRAME_HEADER_BYTES + 2;
const LEAST_RTCP_BYTES = 8;
const LEAST_RTP_BYTES = 12;

/** `whole`: a frame, and after it another one or a message. The mark alone occurs in every 256th byte of media. */
export function matchFrame(bytes: Uint8Array, at: number, end: number): Match {
  const frame = matchFrameHeader(bytes, at, end);
  if (frame !== 'whole') return frame;
  const next = at + FRAME_HEADER_BYTES + readUint16(bytes, at + 2);
  if (next >= end) return 'partial';
  return bytes[next] === FRAME_MARK ? matchFrameHeader(bytes, next, end) : matchStartLine(RTSP, bytes, next, end);
}

/** `whole`: a mark, a likely channel, and a payload that RTP or RTCP may begin with. */
export function matchFrameHeader(bytes: Uint8Array, at: number, end: number): Match {
  if (bytes[at] !== FRAME_MARK) return 'no';
  if (at + 1 < end && readUint8(bytes, at + 1) > MOST_LIKELY_CHANNEL) return 'no';
  if (at + JUDGED_BYTES > end) return 'partial';
  const payload = at + FRAME_HEADER_BYTES;
  if (readUint8(bytes, payload) >> 6 !== 2) return 'no';
  const least = isRtcpType(readUint8(bytes, payload + 1)) ? LEAST_RTCP_BYTES : LEAST_RTP_BYTES;
  return readUint16(bytes, at + 2) >= least ? 'whole' : 'no';
}

/** The second byte of RTCP, in the room that RTP leaves to it (RFC 5761 section 4). */
export function isRtcpType(secondByte: number): boolean {
  return secondByte >= 192 && secondByte <= 223;
}
