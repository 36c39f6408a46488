/**
 * Framing of an MMS control connection, MS-MMSP sections 2.2.2 and 2.2.3. All integers are little-endian.
 *
 *   0      1      2      3      4            8             12       16         20    22    24       32
 *   rep 1  0      0      pad    session id   length L      "MMS "   chunks     seq   0     time     MMS messages
 *
 * The unit is L + 16 bytes. Where the media goes over TCP, data packets stand between these units with a header of their
 * own: location 4, incarnation 1 (never 0), sequence number 1, size 2 (header included).
 */

import { indexOfAscii, readUint8, readUint16Le, readUint32Le, startsWithAscii } from '../../bytes/read.ts';

const SESSION_ID = 0xb00bface;
const SEAL = 'MMS ';
const SEAL_OFFSET = 12;
/** Bytes up to the seal's end: enough to tell a header. The length field counts what follows them. */
export const SIGNATURE_BYTES = 16;
/** Bytes before the first MMS message. */
export const HEADER_BYTES = 32;
export const DATA_HEADER_BYTES = 8;
/** Chunk length and MID, with which every MMS message begins. */
export const MESSAGE_HEADER_BYTES = 8;
const MOST_LENGTH = 65_536;

/** Upper half of a MID: who sends it. */
export const TO_SERVER = 3;
export const TO_CLIENT = 4;

/** True when the message header's session id stands at `start`; needs 8 bytes. */
export function hasSessionId(bytes: Uint8Array, start: number): boolean {
  return readUint32Le(bytes, start + 4) === SESSION_ID;
}

/** Bytes of the whole unit at `start`, header included, or 0 when no valid header stands there; needs `SIGNATURE_BYTES`. */
export function readUnitLength(bytes: Uint8Array, start: number): number {
  if (readUint8(bytes, start) !== 1 || !hasSessionId(bytes, start)) return 0;
  if (!startsWithAscii(bytes, start + SEAL_OFFSET, start + SIGNATURE_BYTES, SEAL)) return 0;
  const length = readUint32Le(bytes, start + 8);
  // The rest of the header counts, and there may be no message at all behind it.
  if (length < HEADER_BYTES - SIGNATURE_BYTES || length > MOST_LENGTH || length % 8 !== 0) return 0;
  return length + SIGNATURE_BYTES;
}

/** Offset of the first valid header in [start, end), or -1. */
export function findUnit(bytes: Uint8Array, start: number, end: number): number {
  let seal = indexOfAscii(bytes, start + SEAL_OFFSET, end, SEAL);
  while (seal >= 0) {
    if (readUnitLength(bytes, seal - SEAL_OFFSET) > 0) return seal - SEAL_OFFSET;
    seal = indexOfAscii(bytes, seal + 1, end, SEAL);
  }
  return -1;
}

/** Size that a data packet's header at `start` claims, header included; needs `DATA_HEADER_BYTES`. */
export function readDataSize(bytes: Uint8Array, start: number): number {
  return readUint16Le(bytes, start + 6);
}

/** True where ASF begins: a data packet with its error correction byte (usually 0x82), or a file header by its GUID. */
export function looksLikeAsf(bytes: Uint8Array, start: number): boolean {
  if ((readUint8(bytes, start) & 0xf0) === 0x80) return true;
  return readUint32Le(bytes, start) === 0x75b22630 && readUint32Le(bytes, start + 4) === 0x11cf668e;
}
