/**
 * What the packets of an RTP stream look like beyond their header: SMPTE ST 2110, and SRTP where a fixed-rate codec gives
 * the length of its tag away.
 */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import { isDynamicPayloadType, samplesInPayload } from './payload-types.ts';

/** RFC 4175 section 4: extended sequence number, up to three line headers, then exactly the bytes they announce. */
export function isUncompressedVideo(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start + 2;
  let dataBytes = 0;
  for (let line = 0; line < 3; line++) {
    if (at + 6 > end) return false;
    dataBytes += readUint16(bytes, at);
    const isContinued = (readUint8(bytes, at + 4) & 0x80) !== 0;
    at += 6;
    if (!isContinued) return dataBytes > 0 && at + dataBytes === end;
  }
  return false;
}

/** RFC 8331 section 2.1: extended sequence number, length of what follows, count, field bits, 22 zero bits. */
export function isAncillaryData(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 8 || readUint16(bytes, start + 2) !== end - start - 8) return false;
  const field = readUint8(bytes, start + 5) >> 6;
  const hasZeros = (readUint32(bytes, start + 4) & 0x3fffff) === 0;
  const isEmpty = readUint8(bytes, start + 4) === 0;
  return hasZeros && field !== 1 && isEmpty === (end - start === 8);
}

/** Packet times of ST 2110-30 and AES67 in samples: 125 us, 250 us, 333 us, 1 ms and 4 ms at 48 and 96 kHz. */
const PCM_STEPS: ReadonlySet<number> = new Set([6, 12, 16, 24, 32, 48, 96, 192, 384]);

/** Linear PCM: bytes of one sample of all channels, or 0 when step and length do not fit it. */
export function pcmFrameBytes(payloadType: number, timestampStep: number, payloadLength: number): number {
  if (!isDynamicPayloadType(payloadType) || !PCM_STEPS.has(timestampStep)) return 0;
  const frameBytes = payloadLength / timestampStep;
  const isWhole = Number.isInteger(frameBytes) && frameBytes <= 64 * 3;
  return isWhole && (frameBytes % 2 === 0 || frameBytes % 3 === 0) ? frameBytes : 0;
}

/** Tags of SRTP (RFC 3711, RFC 7714), with the master key identifier that some add. */
const SRTP_TAG_BYTES: ReadonlySet<number> = new Set([4, 8, 10, 14, 16, 20]);

/** True when a payload of a fixed-rate codec is longer than its timestamps by exactly an SRTP tag. */
export function hasSrtpTag(payloadType: number, timestampStep: number, payloadLength: number): boolean {
  for (const tag of SRTP_TAG_BYTES) {
    if (payloadLength > tag && samplesInPayload(payloadType, payloadLength - tag) === timestampStep) return true;
  }
  return false;
}
