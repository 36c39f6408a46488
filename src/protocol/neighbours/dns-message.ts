/** Messages of DNS and its relatives, RFC 1035 section 4: is this one from its first byte to its last? */

import { readUint8, readUint16 } from '../../bytes/read.ts';

const HEADER_BYTES = 12;
/** Multicast DNS puts many questions and answers in one message; more than this is not DNS. */
export const MOST_ENTRIES = 500;
const LARGEST_NAME = 255;
/** Opcodes in use: query, inverse query, status, notify, update, stateful; NetBIOS adds 5 to 9. */
const LARGEST_OPCODE = 9;
/** IN, CH, HS, NONE and ANY; the top bit has a use of its own in multicast DNS. */
const CLASSES: ReadonlySet<number> = new Set([1, 3, 4, 254, 255]);
const OPT_TYPE = 41;

export function readDnsFlags(bytes: Uint8Array, start: number): number {
  return readUint16(bytes, start + 2);
}

/**
 * True when [start, end) is a message whose entries can be walked, one after the other. `wireEnd` beyond `end` means that
 * the rest was cut off and is believed; something must have been walked all the same.
 */
export function isDnsMessage(bytes: Uint8Array, start: number, end: number, wireEnd: number): boolean {
  if (end - start < HEADER_BYTES || !isHeaderSane(bytes, start)) return false;
  const questions = readUint16(bytes, start + 4);
  const records = readUint16(bytes, start + 6) + readUint16(bytes, start + 8) + readUint16(bytes, start + 10);
  if (questions + records === 0 || questions + records > MOST_ENTRIES) return false;

  const isCut = wireEnd > end;
  let at = start + HEADER_BYTES;
  for (let entry = 0; entry < questions + records; entry++) {
    const next = entry < questions ? skipQuestion(bytes, at, end) : skipRecord(bytes, at, end);
    if (next < 0) return isCut && entry > 0;
    at = next;
  }
  return true;
}

/** The bit between RA and AD must be zero, and so must the opcodes and counts that nobody uses. */
function isHeaderSane(bytes: Uint8Array, start: number): boolean {
  const flags = readDnsFlags(bytes, start);
  const opcode = (flags >> 11) & 0x0f;
  const isQuery = (flags & 0x8000) === 0;
  const hasRcode = (flags & 0x000f) !== 0;
  return (flags & 0x0040) === 0 && opcode <= LARGEST_OPCODE && !(isQuery && hasRcode);
}

/** Offset after the name at `offset`, or -1. A pointer ends a name and must point back (section 4.1.4). */
function skipName(bytes: Uint8Array, offset: number, end: number): number {
  for (let at = offset; at < end && at - offset <= LARGEST_NAME; ) {
    const length = readUint8(bytes, at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2 <= end && (length & 0x3f) < 0x30 ? at + 2 : -1;
    if (length > 63) return -1;
    at += 1 + length;
  }
  return -1;
}

function skipQuestion(bytes: Uint8Array, offset: number, end: number): number {
  const name = skipName(bytes, offset, end);
  if (name < 0 || name + 4 > end) return -1;
  return readUint16(bytes, name) !== 0 && CLASSES.has(readUint16(bytes, name + 2) & 0x7fff) ? name + 4 : -1;
}

function skipRecord(bytes: Uint8Array, offset: number, end: number): number {
  const name = skipName(bytes, offset, end);
  if (name < 0 || name + 10 > end) return -1;
  // OPT keeps the size of UDP messages where others keep the class.
  const isOpt = readUint16(bytes, name) === OPT_TYPE;
  if (!isOpt && !CLASSES.has(readUint16(bytes, name + 2) & 0x7fff)) return -1;
  const next = name + 10 + readUint16(bytes, name + 8);
  return next <= end ? next : -1;
}

/** RFC 1001 section 14.1: 16 bytes written as 32 letters from A to P. */
export function hasNetbiosName(bytes: Uint8Array, offset: number, end: number): boolean {
  if (offset + 34 > end || readUint8(bytes, offset) !== 32) return false;
  for (let at = offset + 1; at <= offset + 32; at++) {
    const letter = readUint8(bytes, at);
    if (letter < 0x41 || letter > 0x50) return false;
  }
  return true;
}
