/**
 * What the capture shows of hosts apart from their flows: the MACs and TTLs of their own packets, whether anything was seen
 * on its way to them, and whether they were looked for and found. One typed record per host; where there is no place left,
 * those that are missed least make room.
 */

import { viewOf } from '../bytes/read.ts';
import { formatAddress, formatAddressAt, parseAddress } from '../format/address.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { AddressIndex } from './address-index.ts';
import { type MacInfo, MacTable, type Sighting } from './mac-table.ts';

const MOST_HOSTS = 65_536;
/** Where there is no place left, so many hosts in turn are looked at, and this part of them is forgotten. */
const HOSTS_COMPARED = 256;
const FORGOTTEN_SHARE = 4;
const FIRST_HOSTS = 256;
/** Hosts that were only looked for or sent to count as so much longer idle: a scan names thousands of them. */
const SILENT_BONUS_NS = 3600e9;
/** Of two transports on both sides of a router, and two more. */
const MOST_TTLS = 6;
const MOST_MACS = 4;

/** What is known once: the first time that a host sent, was reached, was looked for and was found (by ARP or ND). */
export const SEEN = { sent: 0, reached: 1, sought: 2, found: 3 } as const;
type Seen = (typeof SEEN)[keyof typeof SEEN];

/** Words (4 bytes) of a record. */
const RECORD_WORDS = 54;
const FRAMES = 0;
const CAPTURES = 4;
const SOUGHT = 8;
const MACS = 9;
const TTL = 13;
const TTL_FRAME = 19;
const TTL_MAC = 25;
const FORWARDER = 31;
/** Doubles (8 bytes) of a record, behind its words. */
const LAST_TIME = 16;
const TIMES = 17;
const TTL_TIMES = 21;
const USED = 1 << 31;

export interface TtlSighting extends Sighting {
  readonly ttl: number;
  /** IP protocol of the packet. */
  readonly transport: number;
  /** Id of the MAC that it came from, 0 when the link has none: on two sides of a router a host has two TTLs. */
  readonly mac: number;
}

export interface HostInfo {
  readonly address: string;
  /** Ids of MACs that its packets came from. */
  readonly macs: readonly number[];
  /** Id of the MAC that passed on its packets, where a span shows them before and after; 0 where that was not seen. */
  readonly forwarder: number;
  /** Distinct TTLs, by MAC, of its own packets that no firewall forges (no resets, no ICMP errors), with the first sighting. */
  readonly ttls: readonly TtlSighting[];
  /** First frame seen on its way to this host from elsewhere, null when there was none: proof of that direction. */
  readonly reached: Sighting | null;
  /** First frame from this host. */
  readonly sent: Sighting | null;
  /** First ARP request or neighbour solicitation for it, and the first answer. */
  readonly soughtAt: Sighting | null;
  readonly foundAt: Sighting | null;
  /** Requests for its MAC that were seen. */
  readonly sought: number;
}

export class HostTable {
  readonly macs = new MacTable();
  /** Hosts forgotten for want of a place. */
  evicted = 0;
  readonly #index = new AddressIndex();
  readonly #most: number;
  #words = new Int32Array(FIRST_HOSTS * RECORD_WORDS);
  #doubles = new Float64Array(this.#words.buffer);
  /** The record that is compared next when room is needed. */
  #hand = 0;
  readonly #scores = new Float64Array(HOSTS_COMPARED);

  constructor(most = MOST_HOSTS) {
    this.#most = most;
  }

  /** What is known of the host with this address in canonical text; null when it was never seen, or is forgotten. */
  host(address: string): HostInfo | null {
    const bytes = parseAddress(address);
    const record = bytes === null ? -1 : this.#index.find(viewOf(bytes), 0, bytes.length);
    if (record < 0) return null;
    const at = record * RECORD_WORDS;
    const words = this.#words;
    const macs: number[] = [];
    const ttls: TtlSighting[] = [];
    for (let i = 0; i < MOST_MACS; i++) if (words[at + MACS + i] !== 0) macs.push(words[at + MACS + i] as number);
    for (let i = 0; i < MOST_TTLS; i++) {
      const packed = words[at + TTL + i] as number;
      if (packed === 0) break;
      ttls.push({
        ttl: packed & 0xff,
        transport: (packed >>> 8) & 0xff,
        mac: words[at + TTL_MAC + i] as number,
        capture: (packed >>> 16) & 0x7fff,
        frame: (words[at + TTL_FRAME + i] as number) >>> 0,
        time: this.#doubles[at / 2 + TTL_TIMES + i] as number,
      });
    }
    return {
      address,
      macs,
      forwarder: words[at + FORWARDER] as number,
      ttls,
      reached: this.#sighting(record, SEEN.reached),
      sent: this.#sighting(record, SEEN.sent),
      soughtAt: this.#sighting(record, SEEN.sought),
      foundAt: this.#sighting(record, SEEN.found),
      sought: words[at + SOUGHT] as number,
    };
  }

  /** Hosts that ARP or neighbour discovery looked for, in the order in which it first did. */
  listSought(): HostInfo[] {
    const sought: HostInfo[] = [];
    for (let record = 0; record < this.#index.count; record++) {
      if (this.#word(record, FRAMES + SEEN.sought) === 0) continue;
      const host = this.host(formatAddress(this.#index.address(record)));
      if (host !== null) sought.push(host);
    }
    const timeOf = ({ soughtAt }: HostInfo): number => soughtAt?.time ?? 0;
    return sought.sort((one, other) => timeOf(one) - timeOf(other));
  }

  /** Whether something was seen of a host, by its address: the first `length` bytes, 4 or 16. */
  isSeen(address: DataView, length: number, seen: Seen): boolean {
    const record = this.#index.find(address, 0, length);
    return record >= 0 && this.#word(record, FRAMES + seen) !== 0;
  }

  /** Notes something of the host at an address of a packet (`length` 4 or 16 bytes at `offset`). The first time stays. */
  note(packet: DecodedPacket, offset: number, length: number, seen: Seen, at: Sighting): void {
    const record = this.#open(packet, offset, length, at);
    this.#noteSeen(record, seen, at);
    if (seen === SEEN.sought) this.#words[record * RECORD_WORDS + SOUGHT] = this.#word(record, SOUGHT) + 1;
  }

  /**
   * Learns from a packet that begins a direction of a flow. `isForgeable`: resets and ICMP errors, which a device on the
   * path sends in the host's name, teach nothing about the host.
   */
  learn(packet: DecodedPacket, isForgeable: boolean, at: Sighting): void {
    const length = packet.ipVersion === 6 ? 16 : 4;
    this.#noteSeen(this.#open(packet, packet.destinationAddress, length, at), SEEN.reached, at);
    const sender = this.#open(packet, packet.sourceAddress, length, at);
    this.#noteSeen(sender, SEEN.sent, at);
    const mac = this.macs.at(packet, packet.sourceMac);
    if (mac !== null && mac.router === null && isForwarded(packet.ttl)) {
      const address = formatAddressAt(packet.bytes, packet.sourceAddress, length);
      this.macs.noteRouter(mac, `it passed on a packet of ${address} with TTL ${packet.ttl}`, at);
    }
    if (isForgeable) return;
    if (mac !== null) this.#noteMac(sender, mac, packet, at);
    this.#noteTtl(sender, packet, mac?.id ?? 0, at);
  }

  /** Learns from a copy that a span made of a packet behind a router: who sends the copy has passed the packet on. */
  learnForwarded(packet: DecodedPacket, at: Sighting): void {
    const mac = this.macs.at(packet, packet.sourceMac);
    if (mac === null || !isForwarded(packet.ttl)) return;
    const length = packet.ipVersion === 6 ? 16 : 4;
    const first = this.#open(packet, packet.sourceAddress, length, at) * RECORD_WORDS;
    const words = this.#words;
    if (words[first + FORWARDER] !== 0) return;
    // A router between two others sends for the host on both sides of it.
    for (let i = first + MACS; i < first + MACS + MOST_MACS; i++) if (words[i] === mac.id) return;
    words[first + FORWARDER] = mac.id;
  }

  #noteMac(record: number, mac: MacInfo, packet: DecodedPacket, at: Sighting): void {
    if (packet.ipVersion === 4) this.macs.noteSender(mac, packet, at);
    const words = this.#words;
    const first = record * RECORD_WORDS + MACS;
    for (let i = first; i < first + MOST_MACS; i++) {
      if (words[i] === mac.id) return;
      if (words[i] !== 0) continue;
      words[i] = mac.id;
      return;
    }
  }

  #noteTtl(record: number, packet: DecodedPacket, mac: number, at: Sighting): void {
    const words = this.#words;
    const first = record * RECORD_WORDS;
    const identity = packet.ttl | (packet.transport << 8);
    for (let i = 0; i < MOST_TTLS; i++) {
      const known = words[first + TTL + i] as number;
      if (known !== 0) {
        if ((known & 0xffff) === identity && words[first + TTL_MAC + i] === mac) return;
        continue;
      }
      words[first + TTL_MAC + i] = mac;
      words[first + TTL + i] = identity | ((at.capture & 0x7fff) << 16) | USED;
      words[first + TTL_FRAME + i] = at.frame;
      this.#doubles[first / 2 + TTL_TIMES + i] = at.time;
      return;
    }
  }

  #noteSeen(record: number, seen: Seen, at: Sighting): void {
    const first = record * RECORD_WORDS;
    if (this.#words[first + FRAMES + seen] !== 0) return;
    this.#words[first + FRAMES + seen] = at.frame;
    this.#words[first + CAPTURES + seen] = at.capture;
    this.#doubles[first / 2 + TIMES + seen] = at.time;
  }

  #sighting(record: number, seen: Seen): Sighting | null {
    const frame = this.#word(record, FRAMES + seen) >>> 0;
    if (frame === 0) return null;
    const time = this.#doubles[(record * RECORD_WORDS) / 2 + TIMES + seen] as number;
    return { capture: this.#word(record, CAPTURES + seen), frame, time };
  }

  #word(record: number, offset: number): number {
    return this.#words[record * RECORD_WORDS + offset] as number;
  }

  /** The record of a host, made when there is none. */
  #open(packet: DecodedPacket, offset: number, length: number, at: Sighting): number {
    const known = this.#index.find(packet.view, offset, length);
    const record = known < 0 ? this.#add(packet.view, offset, length) : known;
    this.#doubles[(record * RECORD_WORDS) / 2 + LAST_TIME] = at.time;
    return record;
  }

  #add(view: DataView, offset: number, length: number): number {
    if (this.#index.size >= this.#most) this.#forgetIdle();
    const record = this.#index.add(view, offset, length);
    if (record * RECORD_WORDS < this.#words.length) return record;
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
    return record;
  }

  /** Of those that are next in turn, the ones that nothing was learned of for longest: to compare all would take long. */
  #forgetIdle(): void {
    const hosts = this.#index.count;
    const first = this.#hand;
    const count = Math.min(HOSTS_COMPARED, hosts);
    const scores = this.#scores.subarray(0, count);
    for (let i = 0; i < count; i++) scores[i] = this.#score((first + i) % hosts);
    const limit = scores.sort()[Math.ceil(count / FORGOTTEN_SHARE) - 1] as number;
    for (let i = 0; i < count; i++) {
      const record = (first + i) % hosts;
      if (!this.#index.isUsed(record) || this.#score(record) > limit) continue;
      this.#index.remove(record);
      this.#words.fill(0, record * RECORD_WORDS, (record + 1) * RECORD_WORDS);
      this.evicted++;
    }
    this.#hand = (first + count) % hosts;
  }

  #score(record: number): number {
    const lastTime = this.#doubles[(record * RECORD_WORDS) / 2 + LAST_TIME] as number;
    return this.#word(record, FRAMES + SEEN.sent) === 0 ? lastTime - SILENT_BONUS_NS : lastTime;
  }
}

/** Common initial values are 64, 128 and 255: somewhat less means that a router has passed the packet on. */
function isForwarded(ttl: number): boolean {
  return (ttl < 64 && ttl > 40) || (ttl < 128 && ttl > 100) || (ttl < 255 && ttl > 230);
}
