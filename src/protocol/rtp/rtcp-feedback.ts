/**
 * What receivers ask for (RFC 4585, RFC 5104; FIR and NACK of RFC 2032) and what they measure of calls themselves (RFC 3611
 * section 4.7).
 */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import { RTCP_TYPE } from './rtcp-packet.ts';

const OLD_FIR_TYPE = 192;
const OLD_NACK_TYPE = 193;
const GENERIC_NACK = 1;
const PICTURE_LOSS = 1;
const FULL_INTRA = 4;
/** Header, SSRC of the sender, SSRC of the medium. */
const FEEDBACK_HEADER_BYTES = 12;
const VOIP_METRICS = 7;
const VOIP_METRICS_BYTES = 36;
/** A value that the receiver does not know. */
const UNAVAILABLE = 127;

/** What was asked of one source. */
export interface FeedbackCount {
  /** Packets that ask for others again, and how many they ask for. */
  nacks: number;
  packetsAskedFor: number;
  /** Requests of a picture that can be decoded without others. */
  pictureLoss: number;
  fullIntraRequests: number;
}

/** As a receiver of voice measures it; null where it does not know. */
export interface VoiceMetrics {
  readonly lossPercent: number;
  /** Came too late or too early to be played. */
  readonly discardPercent: number;
  readonly roundTripMs: number;
  readonly listeningScore: number | null;
  readonly conversationScore: number | null;
}

/** Reads what the packet [start, end) asks for; `countOf` gives the count of a source. 0 stands for a source that is not named. */
export function readFeedback(
  bytes: Uint8Array,
  start: number,
  end: number,
  countOf: (source: number) => FeedbackCount | null,
): void {
  const type = readUint8(bytes, start + 1);
  const format = readUint8(bytes, start) & 0x1f;
  if (type === OLD_FIR_TYPE || type === OLD_NACK_TYPE) {
    const count = countOf(0);
    if (count === null) return;
    if (type === OLD_FIR_TYPE) count.fullIntraRequests++;
    else count.nacks++;
    return;
  }
  if (start + FEEDBACK_HEADER_BYTES > end) return;
  const source = readUint32(bytes, start + 8);
  if (type === RTCP_TYPE.transportFeedback && format === GENERIC_NACK) {
    readNacks(bytes, start + FEEDBACK_HEADER_BYTES, end, countOf(source));
  } else if (type === RTCP_TYPE.payloadFeedback && format === PICTURE_LOSS) {
    const count = countOf(source);
    if (count !== null) count.pictureLoss++;
  } else if (type === RTCP_TYPE.payloadFeedback && format === FULL_INTRA) {
    for (let at = start + FEEDBACK_HEADER_BYTES; at + 8 <= end; at += 8) {
      const count = countOf(readUint32(bytes, at));
      if (count !== null) count.fullIntraRequests++;
    }
  }
}

/** Pairs of a sequence number and a mask of the sixteen that follow it. */
function readNacks(bytes: Uint8Array, start: number, end: number, count: FeedbackCount | null): void {
  if (count === null) return;
  count.nacks++;
  for (let at = start; at + 4 <= end; at += 4) {
    count.packetsAskedFor++;
    for (let mask = readUint16(bytes, at + 2); mask !== 0; mask &= mask - 1) count.packetsAskedFor++;
  }
}

export function isFeedback(type: number): boolean {
  const isOld = type === OLD_FIR_TYPE || type === OLD_NACK_TYPE;
  return isOld || type === RTCP_TYPE.transportFeedback || type === RTCP_TYPE.payloadFeedback;
}

/** Tells of each block with metrics of a call in the extended report [start, end). */
export function readVoiceMetrics(
  bytes: Uint8Array,
  start: number,
  end: number,
  tell: (source: number, metrics: VoiceMetrics) => void,
): void {
  for (let at = start + 8; at + 4 <= end; at += 4 + readUint16(bytes, at + 2) * 4) {
    if (readUint8(bytes, at) !== VOIP_METRICS || at + VOIP_METRICS_BYTES > end) continue;
    tell(readUint32(bytes, at + 4), {
      lossPercent: (readUint8(bytes, at + 8) / 256) * 100,
      discardPercent: (readUint8(bytes, at + 9) / 256) * 100,
      roundTripMs: readUint16(bytes, at + 16),
      listeningScore: readScore(bytes, at + 26),
      conversationScore: readScore(bytes, at + 27),
    });
  }
}

/** Tenths, 10 to 50. */
function readScore(bytes: Uint8Array, offset: number): number | null {
  const tenths = readUint8(bytes, offset);
  return tenths === UNAVAILABLE || tenths < 10 || tenths > 50 ? null : tenths / 10;
}
