/**
 * The RTMP handshake, Adobe RTMP 1.0 section 5.2. Each side sends a version byte and 1536 bytes (C0 C1, S0 S1) and then
 * echoes the other's 1536 (C2, S2), so both directions begin with 3073 bytes of the same shape:
 *
 *   version 1 | time 4 | zero 4 | random 1528 | echo 1536
 *
 * Newer clients and servers put their version number where the zeros were, and a digest into the random bytes.
 */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { recognizeChunks } from './chunk-search.ts';

export const HANDSHAKE_BYTES = 3073;
/** Version byte and C1 or S1: what a client sends before it waits. */
const FIRST_PART_BYTES = 1537;

/** Version byte, time, and zeros or the number of a version. */
const VERSION_NUMBER_END = 9;

const PLAIN = 3;
/** RTMPE with Diffie-Hellman and RC4, and with XTEA. */
const ENCRYPTED: ReadonlySet<number> = new Set([6, 8]);

export function isHandshakeVersion(version: number): boolean {
  return version === PLAIN || isEncryptedVersion(version);
}

export function isEncryptedVersion(version: number): boolean {
  return ENCRYPTED.has(version);
}

/**
 * A version byte proves nothing. Proof is that a side stops exactly at the end of its first part or of its handshake, as
 * no other protocol does, or goes on with chunks behind it. What goes on behind an encrypted handshake proves nothing.
 * `wireLength` is more than [start, end) where the snap length has cut it.
 */
export function recognizeHandshake(
  bytes: Uint8Array,
  start: number,
  end: number,
  wireLength = end - start,
): Recognition {
  const length = end - start;
  if (length <= 0 || !isHandshakeVersion(readUint8(bytes, start))) return 'no';
  if (isTpkt(bytes, start, end, wireLength)) return 'no';
  const isEncrypted = isEncryptedVersion(readUint8(bytes, start));
  const hasNumber = length >= VERSION_NUMBER_END;
  if (hasNumber && !isVersionNumber(bytes, start + 5)) return 'no';
  // Encryption needs the digest, and the digest a version number.
  if (hasNumber && isEncrypted && readUint32(bytes, start + 5) === 0) return 'no';
  const lengthOnWire = Math.max(length, wireLength);
  const isWhole = lengthOnWire === FIRST_PART_BYTES || lengthOnWire === HANDSHAKE_BYTES;
  if (isWhole && hasNumber) return 'yes';
  if (length < HANDSHAKE_BYTES) return 'maybe';
  return isEncrypted ? 'no' : recognizeChunks(bytes, start + HANDSHAKE_BYTES, end);
}

/** Zero, or a number such as 128.0.7.2 or 9.0.124.2: no byte of it is above 128. */
function isVersionNumber(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 4; i++) {
    if (readUint8(bytes, at + i) > 0x80) return false;
  }
  return true;
}

/** TPKT (RFC 1006) begins with 3 too: version, zero, length of the packet; the next packet or nothing stands behind it. */
function isTpkt(bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  if (end - start < 4 || readUint8(bytes, start) !== 3 || readUint8(bytes, start + 1) !== 0) return false;
  const length = readUint16(bytes, start + 2);
  if (length < 7) return false;
  if (length > end - start) return length === wireLength;
  const next = start + length;
  return next === end || (readUint8(bytes, next) === 3 && (next + 1 === end || readUint8(bytes, next + 1) === 0));
}
