/** RAS, ITU-T H.225.0 over UDP: to gatekeepers on port 1719, and to all of them on 224.0.1.41 port 1718. */

import { readUint8, readUint16, startsWithAscii } from '../../bytes/read.ts';
import type { Confirmation, Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { rasMessage } from './h225-ras.ts';
import { PerReader } from './per-reader.ts';
import { RasDissection } from './ras-dissection.ts';

const GATEKEEPER_PORTS: ReadonlySet<number> = new Set([1718, 1719]);
const FEWEST_BYTES = 3;

/** Object identifier 0.0.8.2250.0, with its length for one more number behind it: the version. */
const PROTOCOL_IDENTIFIER = '\x06\x00\x08\x91\x4a\x00';
/** Where it stands in requests, confirmations and rejects of discovery and registration: the first six alternatives. */
const IDENTIFIER_OFFSET = 4;
const ALTERNATIVES_WITH_IDENTIFIER = 6;
/** Where it may begin in the additions that report resources: behind a length, a bitmap and a number. */
const LAST_IDENTIFIER_OFFSET = 8;

const ROOT_ALTERNATIVES = 25;
const ADDITIONS = 8;
/** Optional fields or none, then the alternative, of the root or of the additions. */
const FIRST_BYTES = [
  [0, ROOT_ALTERNATIVES * 4 - 1],
  [0x80, 0x80 + ADDITIONS - 1],
] as const;
/** Offset of the endpoint identifier's first character in ARQ, BRQ and DRQ without options that move it. */
const ENDPOINT_IDENTIFIER_OFFSETS: ReadonlyMap<number, number> = new Map([
  [9, 6],
  [12, 5],
  [15, 4],
]);

/** A message that fills its datagram to the last bit is hardly chance when it is this long; short ones must be several. */
const PROVING_BYTES = 12;
const ENOUGH_SHORT_MESSAGES = 3;

function recognizeRas(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (end - start < FEWEST_BYTES) return 'no';
  const first = readUint8(bytes, start);
  const alternative = (first >> 2) & 0x1f;
  if (first >= 0x80) {
    if ((first & 0x7f) >= ADDITIONS) return 'no';
    if (hasIdentifier(bytes, start + IDENTIFIER_OFFSET, start + LAST_IDENTIFIER_OFFSET, end)) return 'yes';
  } else if (alternative >= ROOT_ALTERNATIVES) {
    return 'no';
  } else if (alternative < ALTERNATIVES_WITH_IDENTIFIER) {
    const at = start + IDENTIFIER_OFFSET;
    return hasIdentifier(bytes, at, at, end) ? 'yes' : 'no';
  }
  const isAtGatekeeper = GATEKEEPER_PORTS.has(context.sourcePort) || GATEKEEPER_PORTS.has(context.destinationPort);
  return isAtGatekeeper || namesEndpoint(bytes, start, end, alternative) ? 'maybe' : 'no';
}

function hasIdentifier(bytes: Uint8Array, from: number, to: number, end: number): boolean {
  for (let at = from; at <= to; at++) if (startsWithAscii(bytes, at, end, PROTOCOL_IDENTIFIER)) return true;
  return false;
}

/** Endpoint identifiers are text of 16 bits a character, nearly always ASCII: every other octet is 0. */
function namesEndpoint(bytes: Uint8Array, start: number, end: number, alternative: number): boolean {
  const offset = ENDPOINT_IDENTIFIER_OFFSETS.get(alternative);
  if (offset === undefined || end - start < offset + 4) return false;
  return isAsciiCharacter(bytes, start + offset) && isAsciiCharacter(bytes, start + offset + 2);
}

function isAsciiCharacter(bytes: Uint8Array, at: number): boolean {
  const code = readUint16(bytes, at);
  return code > 0x20 && code < 0x7f;
}

/** Messages without the protocol's identifier prove it by filling their datagrams exactly. */
class RasConfirmation implements Confirmation {
  #messages = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    if (recognizeRas(bytes, start, end, context) === 'yes') return 'yes';
    if (context.wireLength > end - start) return 'maybe';
    const reader = new PerReader(bytes, start, end);
    if (rasMessage.read(reader) === undefined || !reader.isExact) return 'no';
    this.#messages++;
    const isLong = end - start >= PROVING_BYTES && readUint8(bytes, start) < 0x80;
    return isLong || this.#messages >= ENOUGH_SHORT_MESSAGES ? 'yes' : 'maybe';
  }
}

export const h323Ras: Dissector = {
  id: 'h323-ras',
  label: 'H.323 RAS',
  transports: ['udp'],
  isStreaming: true,
  firstBytes: { udp: FIRST_BYTES },
  recognize: recognizeRas,
  confirm: () => new RasConfirmation(),
  open: (record) => new RasDissection(record),
};
