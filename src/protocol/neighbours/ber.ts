/** SNMP (RFC 3416, RFC 3412) and LDAP (RFC 4511): protocols whose messages are BER sequences, ITU-T X.690 section 8. */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';
import { nameProtocol } from './neighbour.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;

/** Tag, and where the value lies; `end` may be beyond the bytes. Reused by every read: copy what must stay. */
const element = { tag: 0, start: 0, end: 0 };

/** Fills `element`; false when no element of definite length can start at `offset`. */
function readElement(bytes: Uint8Array, offset: number, end: number): boolean {
  if (offset + 2 > end) return false;
  element.tag = readUint8(bytes, offset);
  let length = readUint8(bytes, offset + 1);
  element.start = offset + 2;
  if (length >= 0x80) {
    const lengthBytes = length & 0x7f;
    if (lengthBytes === 0 || lengthBytes > 4 || element.start + lengthBytes > end) return false;
    length = 0;
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + readUint8(bytes, element.start + i);
    element.start += lengthBytes;
  }
  element.end = element.start + length;
  return true;
}

function readTagged(bytes: Uint8Array, offset: number, end: number, tag: number): boolean {
  return readElement(bytes, offset, end) && element.tag === tag;
}

/** Versions 1, 2c and 3; the length must be that of the datagram. */
function recognizeSnmp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (!readTagged(bytes, start, end, SEQUENCE) || element.end !== start + context.wireLength) return 'no';
  const version = element.start;
  if (readUint16(bytes, version) !== 0x0201) return 'no';
  const number = readUint8(bytes, version + 2);
  if (number === 3) return readUint8(bytes, version + 3) === SEQUENCE ? 'yes' : 'no';
  const hasCommunity = readTagged(bytes, version + 3, end, OCTET_STRING);
  if ((number !== 0 && number !== 1) || !hasCommunity || element.end >= end) return 'no';
  const operation = readUint8(bytes, element.end);
  return operation >= 0xa0 && operation <= 0xa8 ? 'yes' : 'no';
}

/** Tags of operations: bind, unbind, search, modify, add, delete, rename, compare, abandon, extended, intermediate. */
const LDAP_OPERATIONS: ReadonlySet<number> = new Set([
  0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x73, 0x66, 0x67, 0x68, 0x69, 0x4a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x50, 0x77,
  0x78, 0x79,
]);

/** A message is its number, then an operation that fills it but for optional controls. */
function recognizeLdap(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (!readTagged(bytes, start, end, SEQUENCE)) return 'no';
  const messageEnd = element.end;
  if (context.transport === 'udp' && messageEnd !== start + context.wireLength) return 'no';
  if (!readTagged(bytes, element.start, end, INTEGER) || element.end - element.start > 4) return 'no';
  const isNumber = element.end > element.start;
  if (!isNumber || !readElement(bytes, element.end, end) || !LDAP_OPERATIONS.has(element.tag)) return 'no';
  const isBind = element.tag === 0x60 && readUint16(bytes, element.start) === 0x0201;
  const hasControls = element.end < messageEnd && element.end < end && readUint8(bytes, element.end) === 0xa0;
  return element.end === messageEnd || hasControls || isBind ? 'yes' : 'no';
}

export const snmp = nameProtocol('snmp', 'SNMP', ['udp'], recognizeSnmp, { firstBytes: { udp: eachByte(SEQUENCE) } });
export const ldap = nameProtocol('ldap', 'LDAP', ['tcp', 'udp'], recognizeLdap, {
  firstBytes: { tcp: eachByte(SEQUENCE), udp: eachByte(SEQUENCE) },
});
