/**
 * Questions to name servers that came to nothing, DNS (RFC 1035). Only messages on port 53 are looked at: a name server on
 * another port is one that no player asks.
 */

import { readLatin1, readUint8, readUint16 } from '../bytes/read.ts';
import type { Sighting } from '../flow/mac-table.ts';
import { formatAddressAt } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { isDnsMessage } from '../protocol/neighbours/dns-message.ts';
import type { LookupCase } from '../verdict/flow-case.ts';

const DNS_PORT = 53;
const MOST_LOOKUPS = 4096;
const FORGOTTEN_AT_ONCE = 1024;
const HEADER_BYTES = 12;
const MOST_NAME_BYTES = 255;
const RESPONSE = 0x8000;
const OPCODE_MASK = 0x7800;
const RCODE_MASK = 0x0f;
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;
/** Addresses of IPv4 and IPv6: other questions are not asked to connect. */
const ADDRESS_TYPES: ReadonlySet<number> = new Set([1, 28]);

interface OpenLookup {
  readonly client: string;
  readonly server: string;
  readonly name: string;
  readonly firstAsked: Sighting;
  lastAsked: Sighting;
  asked: number;
  outcome: LookupCase['outcome'];
  answered: Sighting | null;
}

export class NameLookups {
  /** By client and name; what was answered with an address, or with none of its kind, is forgotten. */
  readonly #open = new Map<string, OpenLookup>();

  /** A UDP packet that is no copy. */
  take(packet: DecodedPacket, at: Sighting): void {
    if (packet.sourcePort !== DNS_PORT && packet.destinationPort !== DNS_PORT) return;
    const { bytes, payloadStart: start, payloadEnd: end } = packet;
    if (!isDnsMessage(bytes, start, end, start + packet.payloadLength) || readUint16(bytes, start + 4) !== 1) return;
    const flags = readUint16(bytes, start + 2);
    const name = readName(bytes, start + HEADER_BYTES, end);
    const type = name === null ? 0 : readUint16(bytes, start + HEADER_BYTES + name.length + 2);
    if (name === null || (flags & OPCODE_MASK) !== 0 || !ADDRESS_TYPES.has(type)) return;
    const length = packet.ipVersion === 6 ? 16 : 4;
    const source = formatAddressAt(bytes, packet.sourceAddress, length);
    const destination = formatAddressAt(bytes, packet.destinationAddress, length);
    const when = { capture: at.capture, frame: at.frame, time: at.time };
    if ((flags & RESPONSE) === 0) this.#ask(source, destination, name.toLowerCase(), when);
    else this.#answer(destination, name.toLowerCase(), flags & RCODE_MASK, when);
  }

  /** In the order in which they were first asked. */
  list(): LookupCase[] {
    return [...this.#open.values()];
  }

  #ask(client: string, server: string, name: string, at: Sighting): void {
    const key = `${client} ${name}`;
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.asked++;
      known.lastAsked = at;
      return;
    }
    if (this.#open.size >= MOST_LOOKUPS) this.#forgetOldest();
    const lookup = { client, server, name, firstAsked: at, lastAsked: at, asked: 1, answered: null };
    this.#open.set(key, { ...lookup, outcome: 'unanswered' });
  }

  /** Many at once: the first key of a map that has lost its first ones is searched for behind all of those. */
  #forgetOldest(): void {
    let surplus = FORGOTTEN_AT_ONCE;
    for (const key of this.#open.keys()) {
      if (surplus-- === 0) return;
      this.#open.delete(key);
    }
  }

  #answer(client: string, name: string, code: number, at: Sighting): void {
    const key = `${client} ${name}`;
    const known = this.#open.get(key);
    if (known === undefined) return;
    if (code === NO_ERROR) this.#open.delete(key);
    known.outcome = code === NO_SUCH_NAME ? 'no-such-name' : 'server-failure';
    known.answered ??= at;
  }
}

/** Labels with a dot between them, as long as the name is in the packet but for its last byte; null for what is none. */
function readName(bytes: Uint8Array, start: number, end: number): string | null {
  const labels: string[] = [];
  for (let at = start; at < end && at - start < MOST_NAME_BYTES; ) {
    const length = readUint8(bytes, at);
    if (length === 0) return labels.length === 0 ? null : labels.join('.');
    if (length > 63 || at + 1 + length > end) return null;
    labels.push(readLatin1(bytes, at + 1, at + 1 + length));
    at += 1 + length;
  }
  return null;
}
