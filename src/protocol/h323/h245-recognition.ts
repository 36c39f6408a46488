/** H.245 by its bytes: TPKT packets that hold its messages and nothing else (ITU-T H.245 over RFC 1006). */

import { readUint8, startsWithAscii } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { type H245Message, h245Message } from './h245-messages.ts';
import { PerReader } from './per-reader.ts';
import { readTpktLength, TPKT_HEADER_BYTES, TPKT_VERSION } from './tpkt.ts';

/** Object identifier 0.0.8.245.0, with its length for one more number behind it: the version. */
const PROTOCOL_IDENTIFIER = '\x06\x00\x08\x81\x75\x00';
const CAPABILITIES = 0x02;
/** Choice and bitmap, then the sequence number, then the identifier. */
const IDENTIFIER_OFFSET = 3;
/** Capabilities of multipoint units are long; nothing is longer. */
const LONGEST_PACKET = 16 * 1024;
/** Plain messages of a few bytes that must follow each other before they are believed. */
const ENOUGH_MESSAGES = 2;
/** Root alternatives of request, response, command and indication. */
const ALTERNATIVES = [11, 19, 7, 14] as const;
const ALTERNATIVE_BITS = [4, 5, 3, 4] as const;

/** X.224 TPDUs, which RDP and T.125 put behind the same header: data, and those that fill the packet with their header. */
const X224_DATA = 0xf0;
const X224_OTHERS: ReadonlySet<number> = new Set([0xe0, 0xd0, 0x80, 0xc0, 0x70]);

/**
 * A TerminalCapabilitySet proves it by its object identifier; other messages must be exact and follow each other. Reads
 * whole messages, but only where the first bytes already look like one.
 */
export function recognizeH245(bytes: Uint8Array, start: number, end: number): Recognition {
  let messages = 0;
  let at = start;
  while (end - at >= TPKT_HEADER_BYTES) {
    const length = readTpktLength(bytes, at);
    const from = at + TPKT_HEADER_BYTES;
    const to = Math.min(at + length, end);
    if (length === 0 || length > LONGEST_PACKET || !canBeH245(bytes, from, to)) return 'no';
    if (isCapabilitySet(bytes, from, to)) return 'yes';
    if (at + length > end) return 'maybe';
    if (length > TPKT_HEADER_BYTES) {
      const weight = weigh(bytes, from, to);
      if (weight === null) return 'no';
      messages += weight;
    }
    if (messages >= ENOUGH_MESSAGES) return 'yes';
    at += length;
  }
  return hasHeaderStart(bytes, at, end) ? 'maybe' : 'no';
}

/** Looks at as much of a message as is there: its two choices, and that it is not X.224. */
export function canBeH245(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return true;
  const first = readUint8(bytes, start);
  const second = readUint8(bytes, start + 1);
  if (first >= 0x80 || (end - start >= 2 && isX224(first, second, end - start))) return false;
  const kind = first >> 5;
  const isAddition = (first & 0x10) !== 0;
  if (isAddition) return true;
  const bits = ALTERNATIVE_BITS[kind as 0 | 1 | 2 | 3];
  // The choice may reach into the second octet.
  const index = (((first & 0x0f) << 8) | (end - start >= 2 ? second : 0)) >> (12 - bits);
  return index < ALTERNATIVES[kind as 0 | 1 | 2 | 3];
}

/** The first octet of a TPDU is the length of the header behind it. */
function isX224(indicator: number, code: number, length: number): boolean {
  return indicator === 2 ? code === X224_DATA : indicator === length - 1 && X224_OTHERS.has(code & 0xf0);
}

function isCapabilitySet(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    readUint8(bytes, start) === CAPABILITIES &&
    startsWithAscii(bytes, start + IDENTIFIER_OFFSET, end, PROTOCOL_IDENTIFIER)
  );
}

/**
 * How much a packet tells: null when it is no message, nothing when only its name was read, more for messages that hardly
 * come about by chance.
 */
function weigh(bytes: Uint8Array, start: number, end: number): number | null {
  const reader = new PerReader(bytes, start, end);
  const message = h245Message.read(reader);
  if (reader.hasPassedOver && reader.faults === 0) return 0;
  if (message === undefined || !reader.isExact) return null;
  return opensChannel(message) ? ENOUGH_MESSAGES : 1;
}

function opensChannel({ request, response }: H245Message): boolean {
  const ack = response?.openLogicalChannelAck?.forwardMultiplexAckParameters;
  const open = request?.openLogicalChannel?.forwardLogicalChannelParameters?.multiplexParameters;
  return (ack?.h2250LogicalChannelAckParameters ?? open?.h2250LogicalChannelParameters) !== undefined;
}

function hasHeaderStart(bytes: Uint8Array, at: number, end: number): boolean {
  return (at >= end || readUint8(bytes, at) === TPKT_VERSION) && (at + 1 >= end || readUint8(bytes, at + 1) === 0);
}
