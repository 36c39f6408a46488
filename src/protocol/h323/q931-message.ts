/** The frame of call signalling messages: Q.931 as H.225.0 section 7.2 uses it, with a user-user element of up to 64 K. */

import { readLatin1, readUint8, readUint16 } from '../../bytes/read.ts';

const PROTOCOL_DISCRIMINATOR = 0x08;
/** The user-user element holds ASN.1 (Q.931 table 4-26). */
const USER_USER_ASN1 = 0x05;
const MOST_ELEMENTS = 64;
/** From here on an element is one octet and has no length. */
const SINGLE_OCTET = 0x80;

const ELEMENT = { cause: 0x08, display: 0x28, callingNumber: 0x6c, calledNumber: 0x70, userUser: 0x7e } as const;

/** Message types by value, as Q.931 writes them. */
const MESSAGE_TYPES: ReadonlyMap<number, string> = new Map([
  [0x01, 'ALERTING'],
  [0x02, 'CALL PROCEEDING'],
  [0x03, 'PROGRESS'],
  [0x05, 'SETUP'],
  [0x07, 'CONNECT'],
  [0x0d, 'SETUP ACKNOWLEDGE'],
  [0x0f, 'CONNECT ACKNOWLEDGE'],
  [0x45, 'DISCONNECT'],
  [0x4d, 'RELEASE'],
  [0x5a, 'RELEASE COMPLETE'],
  [0x62, 'FACILITY'],
  [0x6e, 'NOTIFY'],
  [0x75, 'STATUS ENQUIRY'],
  [0x7b, 'INFORMATION'],
  [0x7d, 'STATUS'],
]);

export interface Q931Message {
  readonly type: string;
  readonly callReference: number;
  /** True when the side that chose the call reference sent it: for all messages but those of call 0, the caller. */
  readonly isFromOriginator: boolean;
  /** Cause value of Q.850, null when there is none. */
  cause: number | null;
  display: string;
  callingNumber: string;
  calledNumber: string;
  /** The ASN.1 inside the user-user element; an empty range when there is none. */
  userUserStart: number;
  userUserEnd: number;
}

/** Null when [start, end) does not begin as a message of Q.931. Elements that are cut off are left out. */
export function readQ931(bytes: Uint8Array, start: number, end: number): Q931Message | null {
  if (!canBeQ931(bytes, start, end)) return null;
  const referenceBytes = readUint8(bytes, start + 1);
  const typeAt = start + 2 + referenceBytes;
  const type = MESSAGE_TYPES.get(readUint8(bytes, typeAt));
  if (type === undefined || typeAt >= end) return null;
  const first = referenceBytes === 0 ? 0 : readUint8(bytes, start + 2);
  const reference = referenceBytes === 2 ? readUint16(bytes, start + 2) & 0x7fff : first & 0x7f;
  const message: Q931Message = {
    type,
    callReference: reference,
    isFromOriginator: first < 0x80,
    cause: null,
    display: '',
    callingNumber: '',
    calledNumber: '',
    userUserStart: end,
    userUserEnd: end,
  };
  readElements(message, bytes, typeAt + 1, end);
  return message;
}

/** Looks at as much of the header as is there: discriminator, length of the call reference, message type. */
export function canBeQ931(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length > 0 && readUint8(bytes, start) !== PROTOCOL_DISCRIMINATOR) return false;
  const referenceBytes = readUint8(bytes, start + 1);
  if (length > 1 && referenceBytes > 2) return false;
  return length <= 2 + referenceBytes || MESSAGE_TYPES.has(readUint8(bytes, start + 2 + referenceBytes));
}

/** True when the elements of a whole message fill it exactly; makes nothing of them. */
export function isWholeQ931(bytes: Uint8Array, start: number, end: number): boolean {
  if (!canBeQ931(bytes, start, end)) return false;
  let at = start + 3 + readUint8(bytes, start + 1);
  for (let i = 0; i < MOST_ELEMENTS && at < end; i++) at = elementEnd(bytes, at);
  return at === end;
}

function readElements(message: Q931Message, bytes: Uint8Array, start: number, end: number): void {
  let at = start;
  for (let i = 0; i < MOST_ELEMENTS && at < end; i++) {
    const id = readUint8(bytes, at);
    const to = elementEnd(bytes, at);
    if (to > end) return;
    if (id < SINGLE_OCTET) readElement(message, id, bytes, at + headBytes(id), to);
    at = to;
  }
}

function elementEnd(bytes: Uint8Array, at: number): number {
  const id = readUint8(bytes, at);
  if (id >= SINGLE_OCTET) return at + 1;
  const from = at + headBytes(id);
  return from + (id === ELEMENT.userUser ? readUint16(bytes, at + 1) : readUint8(bytes, at + 1));
}

/** Of the user-user element alone the length takes two octets. */
function headBytes(id: number): number {
  return id === ELEMENT.userUser ? 3 : 2;
}

function readElement(message: Q931Message, id: number, bytes: Uint8Array, start: number, end: number): void {
  if (start === end) return;
  if (id === ELEMENT.userUser && readUint8(bytes, start) === USER_USER_ASN1) {
    message.userUserStart = start + 1;
    message.userUserEnd = end;
  } else if (id === ELEMENT.cause) {
    // A first byte without its extension bit is followed by a recommendation.
    const at = start + (readUint8(bytes, start) >= 0x80 ? 1 : 2);
    if (at < end) message.cause = readUint8(bytes, at) & 0x7f;
  } else if (id === ELEMENT.display) {
    // Q.931 section 4.5.16 has text alone; some gateways put a character set before it, which has the extension bit.
    message.display = readText(bytes, readUint8(bytes, start) >= 0x80 ? start + 1 : start, end);
  } else if (id === ELEMENT.callingNumber) {
    message.callingNumber = readText(bytes, start + (readUint8(bytes, start) >= 0x80 ? 1 : 2), end);
  } else if (id === ELEMENT.calledNumber) {
    message.calledNumber = readText(bytes, start + 1, end);
  }
}

/** Some end these fields with NUL. */
function readText(bytes: Uint8Array, start: number, end: number): string {
  return readLatin1(bytes, start, end).replaceAll('\0', '').trim();
}
