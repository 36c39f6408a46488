/** What tells flows apart, their 5-tuple and tunnel, as integers; and where a flow's record has them. */

import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { HASH_SEED, hashWord } from '../packet/hash-word.ts';

/** Words (4 bytes) of a flow record: two cache lines. */
export const RECORD_WORDS = 32;
/** Words of the key, which every record begins with. */
export const KEY_WORDS = 10;
export const LOW_ADDRESS = 0;
export const HIGH_ADDRESS = 4;
/** Port of the low end in the upper half, of the high end in the lower half. */
export const PORTS = 8;
/** IP protocol, IP version from bit 8, tunnel id from bit 16. */
export const IDENTITY = 9;

const IPV4_MARK = 0x400;
const VERSION_MASK = 0xff00;

/** Words of IPv6 addresses behind the first of each. */
const MORE_WORDS = 3;

/** The key of one packet: equal for both directions of a flow. Reused for each packet. */
export class FlowKey {
  /** As in a record; the words of an IPv6 address behind its first are in `more`. */
  low = 0;
  high = 0;
  ports = 0;
  identity = 0;
  hash = 0;
  /** 0 when the packet went from the low end to the high one. */
  side: 0 | 1 = 0;
  /** Of the low end, then of the high one; zeros for IPv4. */
  readonly more = new Int32Array(2 * MORE_WORDS);

  read(packet: DecodedPacket): void {
    const identity = packet.transport | (packet.ipVersion << 8) | (packet.tunnel << 16);
    this.identity = identity;
    const mixed = packet.ipVersion === 4 ? this.#readIpv4(packet, identity) : this.#readIpv6(packet, identity);
    const ports =
      this.side === 0
        ? (packet.sourcePort << 16) | packet.destinationPort
        : (packet.destinationPort << 16) | packet.sourcePort;
    this.ports = ports;
    this.hash = hashWord(mixed, ports);
  }

  #readIpv4(packet: DecodedPacket, identity: number): number {
    const source = packet.view.getInt32(packet.sourceAddress);
    const destination = packet.view.getInt32(packet.destinationAddress);
    const isForward = source === destination ? packet.sourcePort <= packet.destinationPort : source < destination;
    this.low = isForward ? source : destination;
    this.high = isForward ? destination : source;
    this.side = isForward ? 0 : 1;
    return hashWord(hashWord(hashWord(HASH_SEED, identity), this.low), this.high);
  }

  #readIpv6(packet: DecodedPacket, identity: number): number {
    const view = packet.view;
    const source = packet.sourceAddress;
    const destination = packet.destinationAddress;
    let order = 0;
    for (let i = 0; i < 16 && order === 0; i += 4) order = view.getInt32(source + i) - view.getInt32(destination + i);
    if (order === 0) order = packet.sourcePort - packet.destinationPort;
    const lowAt = order <= 0 ? source : destination;
    const highAt = order <= 0 ? destination : source;
    this.low = view.getInt32(lowAt);
    this.high = view.getInt32(highAt);
    this.side = order <= 0 ? 0 : 1;
    let hash = hashWord(hashWord(hashWord(HASH_SEED, identity), this.low), this.high);
    for (let i = 0; i < MORE_WORDS; i++) {
      const low = view.getInt32(lowAt + 4 + i * 4);
      const high = view.getInt32(highAt + 4 + i * 4);
      this.more[i] = low;
      this.more[MORE_WORDS + i] = high;
      hash = hashWord(hashWord(hash, low), high);
    }
    return hash;
  }

  /** Whether the record that begins at word `at` of `records` has this key. */
  isAt(records: Int32Array, at: number): boolean {
    if (records[at + PORTS] !== this.ports || records[at + IDENTITY] !== this.identity) return false;
    if (records[at + LOW_ADDRESS] !== this.low || records[at + HIGH_ADDRESS] !== this.high) return false;
    if ((this.identity & VERSION_MASK) === IPV4_MARK) return true;
    for (let i = 0; i < MORE_WORDS; i++) {
      if (records[at + LOW_ADDRESS + 1 + i] !== this.more[i]) return false;
      if (records[at + HIGH_ADDRESS + 1 + i] !== this.more[MORE_WORDS + i]) return false;
    }
    return true;
  }

  /** Writes the key into a record of zeros that begins at word `at`. */
  write(records: Int32Array, at: number): void {
    records[at + PORTS] = this.ports;
    records[at + IDENTITY] = this.identity;
    records[at + LOW_ADDRESS] = this.low;
    records[at + HIGH_ADDRESS] = this.high;
    if ((this.identity & VERSION_MASK) === IPV4_MARK) return;
    for (let i = 0; i < MORE_WORDS; i++) {
      records[at + LOW_ADDRESS + 1 + i] = this.more[i] as number;
      records[at + HIGH_ADDRESS + 1 + i] = this.more[MORE_WORDS + i] as number;
    }
  }
}
