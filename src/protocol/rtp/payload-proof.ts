/** Payloads of RTP whose own structure proves what they are, whatever the payload type is called. */

import { indexOfAscii, readUint8, readUint16, readUint24 } from '../../bytes/read.ts';
import { countTsCells } from '../mpegts/ts-packet.ts';
import { isDynamicPayloadType, MP2T_PAYLOAD_TYPE } from './payload-types.ts';

const TRANSPORT_STREAM = 'MP2T';

/** Encoding name of the payload [start, end) when its bytes alone prove it, else empty. */
export function provePayload(bytes: Uint8Array, payloadType: number, start: number, end: number): string {
  if (payloadType !== MP2T_PAYLOAD_TYPE && !isDynamicPayloadType(payloadType)) return '';
  if (countTsCells(bytes, start, end) >= 2) return TRANSPORT_STREAM;
  if (isTimedText(bytes, start, end)) return 'ttml+xml';
  if (isParityOverTs(bytes, start, end)) return 'SMPTE 2022-1 FEC';
  return '';
}

/** RFC 8759 section 4.1: 16 reserved bits, the length of all that follows, XML. */
function isTimedText(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 16 || readUint16(bytes, start) !== 0 || readUint16(bytes, start + 2) !== end - start - 4)
    return false;
  return readUint8(bytes, start + 4) === 0x3c && indexOfAscii(bytes, start, Math.min(end, start + 512), 'ttml') > 0;
}

/**
 * SMPTE ST 2022-1 section 8: a 16-byte FEC header (E bit set, mask 0, type XOR, offset and count not 0) and the parity of
 * packets that hold transport stream cells.
 */
function isParityOverTs(bytes: Uint8Array, start: number, end: number): boolean {
  const parityLength = end - start - 16;
  if (parityLength < 188 || parityLength % 188 !== 0) return false;
  const hasExtendedHeader = (readUint8(bytes, start + 4) & 0x80) !== 0;
  const mask = readUint24(bytes, start + 5);
  const typeBits = readUint8(bytes, start + 12) & 0x38;
  const offset = readUint8(bytes, start + 13);
  const count = readUint8(bytes, start + 14);
  const isRowOrColumnSize = offset >= 1 && offset <= 50 && count >= 1 && count <= 50;
  return hasExtendedHeader && mask === 0 && typeBits === 0 && isRowOrColumnSize && readUint8(bytes, start + 15) === 0;
}
