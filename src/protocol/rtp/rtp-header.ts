/**
 * The header of RTP, RFC 3550 section 5.1.
 *
 *  0 |V=2|P|X| CC |  1 |M| PT |  2 sequence  4 timestamp  8 SSRC  12 CC x CSRC  [profile, length, extension]
 */

import { readUint8, readUint16 } from '../../bytes/read.ts';

/** Bytes before the list of contributing sources; nothing shorter can be RTP. */
export const RTP_HEADER_BYTES = 12;
/** Version 2 of RTP and RTCP. */
export const RTP_FIRST_BYTES = [[0x80, 0xbf]] as const;
export const SEQUENCE_OFFSET = 2;
export const TIMESTAMP_OFFSET = 4;
export const SSRC_OFFSET = 8;

/** RTCP's packet types as they stand where RTP has marker and payload type (RFC 5761 section 4). */
const FIRST_RTCP_TYPE = 192;
const LAST_RTCP_TYPE = 223;

/** True for the second byte of a packet that shares RTP's port and version bits but is RTCP. */
export function isRtcpSecondByte(secondByte: number): boolean {
  return secondByte >= FIRST_RTCP_TYPE && secondByte <= LAST_RTCP_TYPE;
}

/** Offset of the payload in a packet that starts at `start`, or -1 when [start, end) cannot be a whole RTP header. */
export function findRtpPayload(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < RTP_HEADER_BYTES) return -1;
  const firstByte = readUint8(bytes, start);
  if (firstByte >> 6 !== 2 || isRtcpSecondByte(readUint8(bytes, start + 1))) return -1;

  let payload = start + RTP_HEADER_BYTES + (firstByte & 0x0f) * 4;
  if ((firstByte & 0x10) !== 0) {
    if (payload + 4 > end) return -1;
    payload += 4 + readUint16(bytes, payload + 2) * 4;
  }
  return payload <= end ? payload : -1;
}

/** End of the payload without its padding, or -1 when the padding is impossible. Only for packets that were captured whole. */
export function findRtpPayloadEnd(bytes: Uint8Array, start: number, payload: number, end: number): number {
  if ((readUint8(bytes, start) & 0x20) === 0) return end;
  const padding = readUint8(bytes, end - 1);
  return padding >= 1 && padding <= end - payload ? end - padding : -1;
}
