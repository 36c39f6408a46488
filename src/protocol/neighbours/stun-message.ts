/** Messages of STUN and TURN, RFC 8489 section 5 and 14, and of the classic STUN before them, RFC 3489. */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';

export const STUN_HEADER_BYTES = 20;
/** The two upper bits of a message are zero. */
export const LAST_STUN_FIRST_BYTE = 0x3f;
const MAGIC_COOKIE = 0x2112a442;
const ATTRIBUTE_HEADER_BYTES = 4;

export const STUN_ATTRIBUTE = { errorCode: 0x0009, software: 0x8022 } as const;

const METHODS: ReadonlyMap<number, string> = new Map([
  [0x001, 'binding'],
  [0x002, 'shared secret'],
  [0x003, 'allocate'],
  [0x004, 'refresh'],
  [0x006, 'send'],
  [0x007, 'data'],
  [0x008, 'create permission'],
  [0x009, 'channel bind'],
  [0x00a, 'connect'],
  [0x00b, 'connection bind'],
  [0x00c, 'connection attempt'],
]);

const CLASSES = ['request', 'indication', 'response', 'error'] as const;

export interface StunKind {
  readonly method: string;
  readonly kind: (typeof CLASSES)[number];
}

/** Bits of method and class are interleaved (RFC 8489 figure 3). Null for a method that is not known. */
export function readStunKind(bytes: Uint8Array, start: number): StunKind | null {
  const type = readUint16(bytes, start);
  const method = METHODS.get((type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2));
  const kind = CLASSES[((type & 0x0010) >> 4) | ((type & 0x0100) >> 7)];
  return method === undefined || kind === undefined || (type & 0xc000) !== 0 ? null : { method, kind };
}

/** Tells the messages of RFC 8489 from the classic ones; needs a header. */
export function hasStunCookie(bytes: Uint8Array, start: number): boolean {
  return readUint32(bytes, start + 4) === MAGIC_COOKIE;
}

/** True when the datagram is one message, whole: type, cookie and length, or for the classic kind every attribute. */
export function isStunMessage(bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  if (end - start < STUN_HEADER_BYTES || readUint8(bytes, start) > LAST_STUN_FIRST_BYTE) return false;
  const length = readUint16(bytes, start + 2);
  if (length % 4 !== 0 || length !== wireLength - STUN_HEADER_BYTES) return false;
  if (hasStunCookie(bytes, start)) return true;
  return isClassicMessage(bytes, start, end) && wireLength === end - start;
}

/** Without the cookie at least one attribute must be there, and all must fill the message exactly. */
function isClassicMessage(bytes: Uint8Array, start: number, end: number): boolean {
  if (readStunKind(bytes, start)?.method !== 'binding' || end - start === STUN_HEADER_BYTES) return false;
  let at = start + STUN_HEADER_BYTES;
  while (at + ATTRIBUTE_HEADER_BYTES <= end) {
    const type = readUint16(bytes, at);
    const isKnown = (type >= 1 && type <= 0x26) || (type >= 0x0101 && type <= 0x0115) || type >= 0x8000;
    if (!isKnown) return false;
    at += ATTRIBUTE_HEADER_BYTES + ((readUint16(bytes, at + 2) + 3) & ~3);
  }
  return at === end;
}

/** Range of the value of an attribute in the message [start, end), or null. */
export function findStunAttribute(
  bytes: Uint8Array,
  start: number,
  end: number,
  wanted: number,
): { readonly start: number; readonly end: number } | null {
  let at = start + STUN_HEADER_BYTES;
  while (at + ATTRIBUTE_HEADER_BYTES <= end) {
    const value = at + ATTRIBUTE_HEADER_BYTES;
    const valueEnd = value + readUint16(bytes, at + 2);
    if (valueEnd > end) return null;
    if (readUint16(bytes, at) === wanted) return { start: value, end: valueEnd };
    at = value + ((valueEnd - value + 3) & ~3);
  }
  return null;
}
