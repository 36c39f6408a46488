/** Gives each path of tunnels that packets came through a small number, so that flows of different tunnels stay apart. */

import { formatAddress } from '../format/address.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import { HASH_SEED, hashWord } from './hash-word.ts';

interface TunnelKind {
  readonly label: string;
  /** What its number is called; null when numbers are left out, because the two directions have different ones or none. */
  readonly number: string | null;
}

/** Kinds of tunnel, by index. */
export const TUNNEL = {
  gre: 0,
  greKeyed: 1,
  pptp: 2,
  erspan1: 3,
  erspan2: 4,
  erspan3: 5,
  vxlan: 6,
  geneve: 7,
  tzsp: 8,
  ipInIp: 9,
  ipv6InIp: 10,
  mplsInIp: 11,
  etherIp: 12,
  teredo: 13,
  ipv6InUdp: 14,
  ayiya: 15,
  gtp: 16,
  l2tp: 17,
  pppoe: 18,
  pimRegister: 19,
} as const;

export type TunnelCode = (typeof TUNNEL)[keyof typeof TUNNEL];

const KINDS: Record<TunnelCode, TunnelKind> = {
  [TUNNEL.gre]: { label: 'GRE', number: null },
  [TUNNEL.greKeyed]: { label: 'GRE', number: 'key' },
  [TUNNEL.pptp]: { label: 'PPTP', number: null },
  [TUNNEL.erspan1]: { label: 'ERSPAN I', number: null },
  [TUNNEL.erspan2]: { label: 'ERSPAN II', number: 'session' },
  [TUNNEL.erspan3]: { label: 'ERSPAN III', number: 'session' },
  [TUNNEL.vxlan]: { label: 'VXLAN', number: 'VNI' },
  [TUNNEL.geneve]: { label: 'GENEVE', number: null },
  [TUNNEL.tzsp]: { label: 'TZSP', number: null },
  [TUNNEL.ipInIp]: { label: 'IP-in-IP', number: null },
  [TUNNEL.ipv6InIp]: { label: 'IPv6-in-IP', number: null },
  [TUNNEL.mplsInIp]: { label: 'MPLS-in-IP', number: null },
  [TUNNEL.etherIp]: { label: 'EtherIP', number: null },
  [TUNNEL.teredo]: { label: 'Teredo', number: null },
  [TUNNEL.ipv6InUdp]: { label: 'IPv6-in-UDP', number: null },
  [TUNNEL.ayiya]: { label: 'AYIYA', number: null },
  [TUNNEL.gtp]: { label: 'GTP-U', number: null },
  [TUNNEL.l2tp]: { label: 'L2TP', number: null },
  [TUNNEL.pppoe]: { label: 'PPPoE', number: 'session' },
  [TUNNEL.pimRegister]: { label: 'PIM register', number: null },
};

/** Paths that are told apart; those after them share `OTHER`. */
const MAX_PATHS = 4096;
const OTHER = MAX_PATHS;

/** A path is a record of 32-bit words: the path around it, kind and IP version, number, two addresses of up to four words. */
const PARENT = 0;
const KIND = 1;
const NUMBER = 2;
const SOURCE = 3;
const DESTINATION = 7;
const WORDS = 11;
const ADDRESS_WORDS = 4;

const SLOTS = 2 * MAX_PATHS;

/** Holds at most 4096 paths; the ids it gives are stable for its life. Id 0 is no tunnel. */
export class TunnelTable {
  readonly #records = new Int32Array(MAX_PATHS * WORDS);
  /** Ids by hash, 0 where free; probed linearly. */
  readonly #slots = new Uint16Array(SLOTS);
  /** The record that is looked for. */
  readonly #wanted = new Int32Array(WORDS);
  #count = 0;

  /** Paths seen so far, at most the limit. */
  get size(): number {
    return this.#count;
  }

  /** The id of the path of `packet` with one more tunnel between its two addresses, whichever way the packet goes. */
  intern(packet: DecodedPacket, kind: TunnelCode, number: number): number {
    this.#writeWanted(packet, kind, number);
    let slot = this.#hashWanted() & (SLOTS - 1);
    for (;;) {
      const id = this.#slots[slot] ?? 0;
      if (id === 0) return this.#add(slot);
      if (this.#isWanted(id)) return id;
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  /** Outermost tunnel first: `GRE key 7 from 10.0.0.1 to 10.0.0.2 > VXLAN VNI 42 from ...`; the way round is that of its first packet. */
  describe(id: number): string {
    const steps: string[] = [];
    for (let at = id; at !== 0; at = this.#word(at, PARENT)) steps.unshift(this.#describeStep(at));
    return steps.join(' > ');
  }

  #describeStep(id: number): string {
    if (id === OTHER) return `other tunnel (more than ${MAX_PATHS - 1} were seen)`;
    const kindWord = this.#word(id, KIND);
    const { label, number } = KINDS[(kindWord >> 8) as TunnelCode];
    const named = number === null ? label : `${label} ${number} ${this.#word(id, NUMBER) >>> 0}`;
    const version = kindWord & 0xff;
    if (version === 0) return named;
    return `${named} from ${this.#address(id, SOURCE, version)} to ${this.#address(id, DESTINATION, version)}`;
  }

  #address(id: number, field: number, version: number): string {
    const bytes = new Uint8Array(version === 4 ? 4 : 16);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < bytes.length; i += 4) view.setInt32(i, this.#word(id, field + i / 4));
    return formatAddress(bytes);
  }

  #word(id: number, field: number): number {
    return this.#records[id * WORDS + field] ?? 0;
  }

  #writeWanted(packet: DecodedPacket, kind: TunnelCode, number: number): void {
    const wanted = this.#wanted;
    const words = packet.ipVersion === 4 ? 1 : packet.ipVersion === 6 ? ADDRESS_WORDS : 0;
    wanted.fill(0);
    wanted[PARENT] = packet.tunnel;
    wanted[KIND] = (kind << 8) | packet.ipVersion;
    wanted[NUMBER] = number;
    for (let i = 0; i < words; i++) {
      wanted[SOURCE + i] = packet.view.getInt32(packet.sourceAddress + 4 * i);
      wanted[DESTINATION + i] = packet.view.getInt32(packet.destinationAddress + 4 * i);
    }
  }

  /** The same for both orders of the two addresses. */
  #hashWanted(): number {
    const wanted = this.#wanted;
    let hash = HASH_SEED;
    for (let i = 0; i < SOURCE; i++) hash = hashWord(hash, wanted[i] ?? 0);
    let source = HASH_SEED;
    let destination = HASH_SEED;
    for (let i = 0; i < ADDRESS_WORDS; i++) {
      source = hashWord(source, wanted[SOURCE + i] ?? 0);
      destination = hashWord(destination, wanted[DESTINATION + i] ?? 0);
    }
    return hashWord(hash, (source + destination) | 0);
  }

  #isWanted(id: number): boolean {
    const wanted = this.#wanted;
    for (let i = 0; i < SOURCE; i++) {
      if (this.#word(id, i) !== wanted[i]) return false;
    }
    return this.#hasAddresses(id, SOURCE, DESTINATION) || this.#hasAddresses(id, DESTINATION, SOURCE);
  }

  #hasAddresses(id: number, source: number, destination: number): boolean {
    const wanted = this.#wanted;
    for (let i = 0; i < ADDRESS_WORDS; i++) {
      if (this.#word(id, source + i) !== wanted[SOURCE + i]) return false;
      if (this.#word(id, destination + i) !== wanted[DESTINATION + i]) return false;
    }
    return true;
  }

  #add(slot: number): number {
    if (this.#count === MAX_PATHS - 1) return OTHER;
    this.#count++;
    this.#records.set(this.#wanted, this.#count * WORDS);
    this.#slots[slot] = this.#count;
    return this.#count;
  }
}
