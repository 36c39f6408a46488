/**
 * Questions to name servers that came to nothing, DNS (RFC 1035). Only messages on port 53 are looked at: a name server on
 * another port is one that no player asks. They are kept as bytes in a table of fixed size: most are answered at once, and
 * nothing is made into text before somebody looks.
 */

import { readLatin1, readUint8, readUint16 } from '../bytes/read.ts';
import type { Sighting } from '../flow/mac-table.ts';
import { formatAddressAt } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { isDnsMessage } from '../protocol/neighbours/dns-message.ts';
import type { LookupCase } from '../verdict/flow-case.ts';

const DNS_PORT = 53;
const HEADER_BYTES = 12;
/** The empty label at its end included. */
const MOST_NAME_BYTES = 255;
const LONGEST_LABEL = 63;
const RESPONSE = 0x8000;
const OPCODE_MASK = 0x7800;
const RCODE_MASK = 0x0f;
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;
/** Addresses of IPv4 and IPv6: other questions are not asked to connect. */
const TYPE_A = 1;
const TYPE_AAAA = 28;

/** Entries with one hash share a set; where a set is full, the question that was asked first makes room. */
const SETS = 1024;
const WAYS = 4;
const ENTRIES = SETS * WAYS;
/** Bytes of an entry: the client's address, the server's, and the name's labels as they stand in the question. */
const CLIENT = 0;
const SERVER = 16;
const NAME = 32;
const ENTRY_BYTES = NAME + MOST_NAME_BYTES;
/** What is seen of a question, three sightings to an entry. */
const FIRST = 0;
const LAST = 1;
const ANSWER = 2;
const SIGHTINGS = 3;

const OUTCOMES = ['unanswered', 'no-such-name', 'server-failure'] as const;
const NONE = -1;

export class NameLookups {
  readonly #bytes = new Uint8Array(ENTRIES * ENTRY_BYTES);
  readonly #hashes = new Int32Array(ENTRIES);
  /** How often it was asked; 0 is a free entry. What was answered with an address, or with none of its kind, is free again. */
  readonly #asked = new Uint32Array(ENTRIES);
  readonly #nameBytes = new Uint8Array(ENTRIES);
  readonly #addressBytes = new Uint8Array(ENTRIES);
  /** Index in `OUTCOMES`. */
  readonly #outcomes = new Uint8Array(ENTRIES);
  readonly #times = new Float64Array(ENTRIES * SIGHTINGS);
  /** 0 where it was not seen. */
  readonly #frames = new Uint32Array(ENTRIES * SIGHTINGS);
  readonly #captures = new Uint16Array(ENTRIES * SIGHTINGS);

  /** A UDP packet that is no copy. */
  take(packet: DecodedPacket, at: Sighting): void {
    if (packet.sourcePort !== DNS_PORT && packet.destinationPort !== DNS_PORT) return;
    const { bytes, payloadStart: start, payloadEnd: end } = packet;
    if (!isDnsMessage(bytes, start, end, start + packet.payloadLength) || readUint16(bytes, start + 4) !== 1) return;
    const flags = readUint16(bytes, start + 2);
    const nameEnd = endOfLabels(bytes, start + HEADER_BYTES, end);
    if (nameEnd < 0 || (flags & OPCODE_MASK) !== 0) return;
    const type = readUint16(bytes, nameEnd + 1);
    if (type !== TYPE_A && type !== TYPE_AAAA) return;
    if ((flags & RESPONSE) === 0) this.#ask(packet, nameEnd, at);
    else this.#answer(packet, nameEnd, flags & RCODE_MASK, at);
  }

  /** In the order in which they were first asked. */
  list(): LookupCase[] {
    const lookups: LookupCase[] = [];
    for (let entry = 0; entry < ENTRIES; entry++) if (this.#asked[entry] !== 0) lookups.push(this.#caseOf(entry));
    return lookups.sort(
      (one, other) => one.firstAsked.time - other.firstAsked.time || one.firstAsked.frame - other.firstAsked.frame,
    );
  }

  #ask(packet: DecodedPacket, nameEnd: number, at: Sighting): void {
    const { bytes, sourceAddress } = packet;
    const name = packet.payloadStart + HEADER_BYTES;
    const length = packet.ipVersion === 6 ? 16 : 4;
    const hash = hashOf(bytes, sourceAddress, length, name, nameEnd);
    let entry = this.#find(hash, bytes, sourceAddress, length, name, nameEnd);
    if (entry === NONE) {
      entry = this.#freed(hash);
      this.#hashes[entry] = hash;
      this.#asked[entry] = 0;
      this.#outcomes[entry] = 0;
      this.#addressBytes[entry] = length;
      this.#nameBytes[entry] = nameEnd - name;
      this.#copy(bytes, sourceAddress, length, entry * ENTRY_BYTES + CLIENT);
      this.#copy(bytes, packet.destinationAddress, length, entry * ENTRY_BYTES + SERVER);
      this.#copy(bytes, name, nameEnd - name, entry * ENTRY_BYTES + NAME);
      this.#note(entry, FIRST, at);
      this.#frames[entry * SIGHTINGS + ANSWER] = 0;
    }
    this.#asked[entry] = (this.#asked[entry] as number) + 1;
    this.#note(entry, LAST, at);
  }

  #answer(packet: DecodedPacket, nameEnd: number, code: number, at: Sighting): void {
    const { bytes, destinationAddress } = packet;
    const name = packet.payloadStart + HEADER_BYTES;
    const length = packet.ipVersion === 6 ? 16 : 4;
    const hash = hashOf(bytes, destinationAddress, length, name, nameEnd);
    const entry = this.#find(hash, bytes, destinationAddress, length, name, nameEnd);
    if (entry === NONE) return;
    if (code === NO_ERROR) this.#asked[entry] = 0;
    this.#outcomes[entry] = code === NO_SUCH_NAME ? 1 : 2;
    if (this.#frames[entry * SIGHTINGS + ANSWER] === 0) this.#note(entry, ANSWER, at);
  }

  /** The entry of this client and name, or -1. */
  #find(hash: number, bytes: Uint8Array, client: number, length: number, name: number, nameEnd: number): number {
    const first = (hash & (SETS - 1)) * WAYS;
    for (let entry = first; entry < first + WAYS; entry++) {
      if (this.#hashes[entry] !== hash || this.#asked[entry] === 0) continue;
      if (this.#addressBytes[entry] !== length || this.#nameBytes[entry] !== nameEnd - name) continue;
      if (this.#isAt(entry, bytes, client, length, name, nameEnd)) return entry;
    }
    return NONE;
  }

  #isAt(entry: number, bytes: Uint8Array, client: number, length: number, name: number, nameEnd: number): boolean {
    const own = entry * ENTRY_BYTES;
    for (let i = 0; i < length; i++) if (this.#bytes[own + CLIENT + i] !== bytes[client + i]) return false;
    for (let i = 0; i < nameEnd - name; i++) {
      if (lowerCase(readUint8(this.#bytes, own + NAME + i)) !== lowerCase(readUint8(bytes, name + i))) return false;
    }
    return true;
  }

  /** An entry of the set of this hash that is free, or was asked for first. */
  #freed(hash: number): number {
    const first = (hash & (SETS - 1)) * WAYS;
    let oldest = first;
    for (let entry = first; entry < first + WAYS; entry++) {
      if (this.#asked[entry] === 0) return entry;
      const isOlder = (this.#times[entry * SIGHTINGS] as number) < (this.#times[oldest * SIGHTINGS] as number);
      if (isOlder) oldest = entry;
    }
    return oldest;
  }

  #copy(bytes: Uint8Array, start: number, length: number, to: number): void {
    const own = this.#bytes;
    for (let i = 0; i < length; i++) own[to + i] = bytes[start + i] as number;
  }

  #note(entry: number, sighting: number, at: Sighting): void {
    const place = entry * SIGHTINGS + sighting;
    this.#captures[place] = at.capture;
    this.#frames[place] = at.frame;
    this.#times[place] = at.time;
  }

  #sighting(entry: number, sighting: number): Sighting {
    const place = entry * SIGHTINGS + sighting;
    return {
      capture: this.#captures[place] as number,
      frame: this.#frames[place] as number,
      time: this.#times[place] as number,
    };
  }

  #caseOf(entry: number): LookupCase {
    const own = entry * ENTRY_BYTES;
    const length = this.#addressBytes[entry] as number;
    const isAnswered = this.#frames[entry * SIGHTINGS + ANSWER] !== 0;
    return {
      client: formatAddressAt(this.#bytes, own + CLIENT, length),
      server: formatAddressAt(this.#bytes, own + SERVER, length),
      name: readLabels(this.#bytes, own + NAME, own + NAME + (this.#nameBytes[entry] as number)).toLowerCase(),
      firstAsked: this.#sighting(entry, FIRST),
      lastAsked: this.#sighting(entry, LAST),
      asked: this.#asked[entry] as number,
      outcome: OUTCOMES[this.#outcomes[entry] as number] as LookupCase['outcome'],
      answered: isAnswered ? this.#sighting(entry, ANSWER) : null,
    };
  }
}

/** Offset of the empty label that ends a name without pointers, or -1; a name of that label alone is none. */
function endOfLabels(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + MOST_NAME_BYTES);
  for (let at = start; at < limit; ) {
    const length = readUint8(bytes, at);
    if (length === 0) return at === start ? -1 : at;
    if (length > LONGEST_LABEL) return -1;
    at += 1 + length;
  }
  return -1;
}

/** Labels with a dot between them. */
function readLabels(bytes: Uint8Array, start: number, end: number): string {
  const labels: string[] = [];
  for (let at = start; at < end; at += 1 + readUint8(bytes, at)) {
    labels.push(readLatin1(bytes, at + 1, at + 1 + readUint8(bytes, at)));
  }
  return labels.join('.');
}

/** FNV-1a over an address and a name, whatever the case of its letters. */
function hashOf(bytes: Uint8Array, address: number, length: number, name: number, nameEnd: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ readUint8(bytes, address + i), 0x01000193);
  for (let at = name; at < nameEnd; at++) hash = Math.imul(hash ^ lowerCase(readUint8(bytes, at)), 0x01000193);
  return hash ^ (hash >>> 15);
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
