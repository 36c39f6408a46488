/** QUIC by its long headers, RFC 9000 section 17.2 and RFC 9369; and Google's QUIC before it. */

import { readUint8, readUint16, readUint32, startsWithAscii } from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { nameProtocol } from './neighbour.ts';

const LONGEST_CONNECTION_ID = 20;
const VERSION_1 = 1;
const VERSION_2 = 0x6b3343cf;
/** Google's public header: flags, connection id, version. */
const GOOGLE_VERSION_OFFSET = 9;

function recognizeQuic(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (isGoogleQuic(bytes, start, end)) return 'yes';
  if (end - start < 7 || (readUint8(bytes, start) & 0x80) === 0) return 'no';
  const destinationId = readUint8(bytes, start + 5);
  const sourceId = start + 6 + destinationId;
  if (destinationId > LONGEST_CONNECTION_ID || sourceId >= end) return 'no';
  const afterIds = sourceId + 1 + readUint8(bytes, sourceId);
  if (readUint8(bytes, sourceId) > LONGEST_CONNECTION_ID || afterIds > start + context.wireLength) return 'no';

  const version = readUint32(bytes, start + 1);
  if (version === 0) return isVersionNegotiation(bytes, afterIds, end) ? 'yes' : 'no';
  const hasFixedBit = (readUint8(bytes, start) & 0x40) !== 0;
  return hasFixedBit && isKnownVersion(version) ? 'yes' : 'no';
}

/** Versions 1 and 2, the drafts, mvfst of Facebook, and Google's from Q046 to T099. */
function isKnownVersion(version: number): boolean {
  if (version === VERSION_1 || version === VERSION_2) return true;
  const upper = version >>> 8;
  return upper === 0xff0000 || upper === 0xfaceb0 || (version >>> 16 === 0x5130 && isGoogleDigits(version & 0xffff));
}

function isGoogleDigits(pair: number): boolean {
  const tens = pair >> 8;
  const ones = pair & 0xff;
  return tens >= 0x30 && tens <= 0x39 && ones >= 0x30 && ones <= 0x39;
}

/** Section 17.2.1: a list of versions to the end, one of them known. */
function isVersionNegotiation(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 4 || (end - start) % 4 !== 0) return false;
  for (let at = start; at < end; at += 4) {
    if (isKnownVersion(readUint32(bytes, at))) return true;
  }
  return false;
}

function isGoogleQuic(bytes: Uint8Array, start: number, end: number): boolean {
  const flags = readUint8(bytes, start);
  const hasVersionAndId = (flags & 0x89) === 0x09;
  const version = start + GOOGLE_VERSION_OFFSET;
  return (
    hasVersionAndId &&
    end - version >= 4 &&
    startsWithAscii(bytes, version, end, 'Q0') &&
    isGoogleDigits(readUint16(bytes, version + 2))
  );
}

export const quic = nameProtocol('quic', 'QUIC', ['udp'], recognizeQuic, { firstBytes: { udp: [[0x09, 0xff]] } });
