/**
 * The flows of a capture in one open-addressing table of typed records: both directions of a 5-tuple are one flow.
 * A record is two cache lines. Within it the two ends are `low` and `high` by the order of their addresses and ports, so
 * that both directions find the same record; which of them is the initiator is one bit of the state word.
 */

import { viewOf } from '../bytes/read.ts';
import { formatIpv6 } from '../format/address.ts';
import { Ipv4Texts } from '../format/ipv4-texts.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { FlowIndex } from './flow-index.ts';
import { FlowKey, HIGH_ADDRESS, IDENTITY, KEY_WORDS, LOW_ADDRESS, PORTS, RECORD_WORDS } from './flow-key.ts';
import { isSenderInitiator, leastUseful, tellsInitiator } from './flow-life.ts';
import { FlowOrigins } from './flow-origins.ts';
import {
  flagsFrom,
  INITIATOR_IS_HIGH,
  INITIATOR_PROVEN,
  IS_FREE,
  markIn,
  withFlags,
  withInitiator,
  withMarkIn,
} from './flow-state.ts';

/** Words of 4 bytes within a record, after those of its key. */
const PACKETS = KEY_WORDS;
const FIRST_FRAME = 26;
const LAST_FRAME = 28;
const STATE = 30;
/** Doubles (8 bytes) of a record. */
const RECORD_DOUBLES = RECORD_WORDS / 2;
const BYTES = 6;
const PAYLOAD = 8;
const FIRST_TIME = 10;
const LAST_TIME = 11;

const INITIAL_FLOWS = 4096;

/** Seen from the flow's ends: 0 is toward the responder. */
type Direction = 0 | 1;

export class FlowTable {
  /** Slots in use or freed: every flow's slot is below it. */
  slots = 0;
  /** Flows ever made, forgotten ones included. */
  made = 0;
  /** Flows forgotten for want of a place. */
  evicted = 0;
  /** Of the packet last given to `update`. */
  direction: Direction = 0;
  isNew = false;
  /** The packet is the first that was seen of its direction. */
  isFirst = false;
  /** Direction of the same packet by the order of ends: 0 from low to high. Side tables keep their pairs by it. */
  side: Direction = 0;
  /** Told of a flow before it is forgotten. */
  onEvict: ((slot: number) => void) | null = null;

  #words = new Int32Array(INITIAL_FLOWS * RECORD_WORDS);
  #doubles = new Float64Array(this.#words.buffer);
  readonly #key = new FlowKey();
  readonly #index = new FlowIndex();
  readonly #ipv4Texts = new Ipv4Texts();
  readonly #origins = new FlowOrigins();
  readonly #free: number[] = [];
  readonly #most: number;
  /** Since `findAll`. */
  #hasRemoved = false;
  /** What `findAll` read; it means nothing, and keeps those reads from being optimised away. */
  fetched = 0;

  /** `most`: flows held at once; beyond it the least useful are evicted and counted. */
  constructor(most = 1_000_000) {
    this.#most = most;
  }

  /**
   * Finds the flows of these keys for `update`; a slot of -1 is a flow that is not known so far. Records are fetched from
   * memory all at once: one by one, each would be waited for.
   */
  findAll(keys: readonly FlowKey[], count: number, slots: Int32Array): void {
    const words = this.#words;
    let sum = 0;
    for (let i = 0; i < count; i++) slots[i] = this.#index.guess((keys[i] as FlowKey).hash);
    for (let i = 0; i < count; i++) {
      const at = (slots[i] as number) * RECORD_WORDS;
      if (at >= 0) sum ^= (words[at] as number) ^ (words[at + RECORD_WORDS / 2] as number);
    }
    this.fetched = sum;
    for (let i = 0; i < count; i++) slots[i] = this.#index.find(keys[i] as FlowKey, words);
    this.#hasRemoved = false;
  }

  /**
   * Counts the packet into its flow and returns the flow's slot. `key` is the packet's, `found` what `findAll` said of it;
   * `time` in nanoseconds since the origin. The packet must have an IP header. A SYN with another initial sequence number
   * than the flow's is not known here: see `restart`.
   */
  update(packet: DecodedPacket, key: FlowKey, found: number, time: number, frame: number, capture: number): number {
    this.side = key.side;
    // Flows that were removed in the meantime may have been found too.
    let slot = found >= 0 && !this.#hasRemoved ? found : this.#index.find(key, this.#words);
    this.isNew = slot < 0;
    if (slot < 0) slot = this.#add(packet, key, time, capture);
    this.#count(slot, packet, time, frame);
    return slot;
  }

  /** The slot of the packet's flow, or -1; sets `side` and `direction` as `update` does, and counts nothing. */
  find(packet: DecodedPacket): number {
    this.#key.read(packet);
    this.side = this.#key.side;
    const slot = this.#index.find(this.#key, this.#words);
    if (slot >= 0) this.direction = this.directionOf(slot, this.side);
    return slot;
  }

  /** Makes the next packet of this 5-tuple begin a new flow; the old one stays as it is. */
  restart(packet: DecodedPacket): void {
    this.#key.read(packet);
    this.#index.remove(this.#key, this.#words);
    this.#hasRemoved = true;
  }

  /** Forgets flows; their slots will be used again. */
  forget(slots: readonly number[]): void {
    for (const slot of slots) {
      this.onEvict?.(slot);
      this.#words[slot * RECORD_WORDS + STATE] = IS_FREE;
      this.#free.push(slot);
    }
    this.#index.removeSlots(new Set(slots));
    this.#hasRemoved = true;
  }

  /** Sixteen bits that the owner of the table keeps with a flow; 0 at first. */
  mark(slot: number): number {
    return markIn(this.#words[slot * RECORD_WORDS + STATE] as number);
  }

  setMark(slot: number, mark: number): void {
    const at = slot * RECORD_WORDS + STATE;
    this.#words[at] = withMarkIn(this.#words[at] as number, mark);
  }

  isUsed(slot: number): boolean {
    return slot >= 0 && slot < this.slots && ((this.#words[slot * RECORD_WORDS + STATE] as number) & IS_FREE) === 0;
  }

  id(slot: number): number {
    return this.#origins.id(slot);
  }

  capture(slot: number): number {
    return this.#origins.capture(slot);
  }

  /** VLAN tags of the first packet, the outer one first. */
  vlans(slot: number): number[] {
    return this.#origins.vlans(slot);
  }

  transport(slot: number): number {
    return (this.#words[slot * RECORD_WORDS + IDENTITY] as number) & 0xff;
  }

  ipVersion(slot: number): number {
    return ((this.#words[slot * RECORD_WORDS + IDENTITY] as number) >>> 8) & 0xff;
  }

  tunnel(slot: number): number {
    return (this.#words[slot * RECORD_WORDS + IDENTITY] as number) >>> 16;
  }

  /** The initiator's (0) or responder's (1) address as a new array of 4 or 16 bytes. */
  address(slot: number, end: Direction): Uint8Array {
    const bytes = new Uint8Array(this.ipVersion(slot) === 6 ? 16 : 4);
    this.writeAddress(slot, end, viewOf(bytes));
    return bytes;
  }

  /** The same as text. */
  addressText(slot: number, end: Direction): string {
    if (this.ipVersion(slot) === 6) return formatIpv6(this.address(slot, end), 0);
    return this.#ipv4Texts.of(this.addressHead(slot, end));
  }

  /** Writes the same to the beginning of `target` and returns how many bytes it has. */
  writeAddress(slot: number, end: Direction, target: DataView): number {
    const at = this.#addressAt(slot, end);
    const length = this.ipVersion(slot) === 6 ? 16 : 4;
    for (let i = 0; i < length; i += 4) target.setInt32(i, this.#words[at + i / 4] as number);
    return length;
  }

  /** First four bytes of an end's address as an unsigned number: enough to tell multicast. */
  addressHead(slot: number, end: Direction): number {
    return (this.#words[this.#addressAt(slot, end)] as number) >>> 0;
  }

  port(slot: number, end: Direction): number {
    const ports = this.#words[slot * RECORD_WORDS + PORTS] as number;
    return (end === 0) === this.#initiatorIsHigh(slot) ? ports & 0xffff : ports >>> 16;
  }

  packets(slot: number, direction: Direction): number {
    return (this.#words[slot * RECORD_WORDS + PACKETS + this.sideOf(slot, direction)] as number) >>> 0;
  }

  bytes(slot: number, direction: Direction): number {
    return this.#doubles[slot * RECORD_DOUBLES + BYTES + this.sideOf(slot, direction)] as number;
  }

  payload(slot: number, direction: Direction): number {
    return this.#doubles[slot * RECORD_DOUBLES + PAYLOAD + this.sideOf(slot, direction)] as number;
  }

  /** Nanoseconds since the origin. Only meaningful when the flow has packets. */
  firstTime(slot: number): number {
    return this.#doubles[slot * RECORD_DOUBLES + FIRST_TIME] as number;
  }

  /** That of the packet in `firstFrame`; Infinity when the direction has no packet. */
  firstTimeOf(slot: number, direction: Direction): number {
    return this.#origins.firstTime(slot, this.sideOf(slot, direction));
  }

  /** -Infinity when the direction has no packet. */
  lastTimeOf(slot: number, direction: Direction): number {
    return this.#doubles[slot * RECORD_DOUBLES + LAST_TIME + this.sideOf(slot, direction)] as number;
  }

  lastTime(slot: number): number {
    return Math.max(this.lastTimeOf(slot, 0), this.lastTimeOf(slot, 1));
  }

  /** 0 when the direction has no packet. */
  firstFrame(slot: number, direction: Direction): number {
    return (this.#words[slot * RECORD_WORDS + FIRST_FRAME + this.sideOf(slot, direction)] as number) >>> 0;
  }

  lastFrame(slot: number, direction: Direction): number {
    return (this.#words[slot * RECORD_WORDS + LAST_FRAME + this.sideOf(slot, direction)] as number) >>> 0;
  }

  /** All TCP flags seen in a direction. */
  flags(slot: number, direction: Direction): number {
    return flagsFrom(this.#words[slot * RECORD_WORDS + STATE] as number, this.sideOf(slot, direction));
  }

  /** Takes back a packet that turned out to be the beginning of what `update` has counted just now, unless it is gone. */
  takeBackPart(slot: number, bytes: number): void {
    const at = slot * RECORD_WORDS + PACKETS + this.side;
    const bytesAt = slot * RECORD_DOUBLES + BYTES + this.side;
    if ((this.#words[at] as number) < 2) return;
    this.#words[at] = (this.#words[at] as number) - 1;
    this.#doubles[bytesAt] = (this.#doubles[bytesAt] as number) - bytes;
  }

  /** The sender of the packet last given to `find` is the initiator, whoever was seen first: its SYN tells. */
  proveInitiator(slot: number): void {
    const at = slot * RECORD_WORDS + STATE;
    this.#words[at] = withInitiator(this.#words[at] as number, this.side);
  }

  /** Makes the other end the initiator, when content proves that the first packet seen came from the server. */
  swapRoles(slot: number): void {
    const at = slot * RECORD_WORDS + STATE;
    this.#words[at] = (this.#words[at] as number) ^ INITIATOR_IS_HIGH;
  }

  /** The side (by order of ends) from which packets of a direction come. */
  sideOf(slot: number, direction: Direction): Direction {
    return (direction === 0) === this.#initiatorIsHigh(slot) ? 1 : 0;
  }

  directionOf(slot: number, side: Direction): Direction {
    return (side === 0) === this.#initiatorIsHigh(slot) ? 1 : 0;
  }

  #addressAt(slot: number, end: Direction): number {
    return slot * RECORD_WORDS + ((end === 0) === this.#initiatorIsHigh(slot) ? HIGH_ADDRESS : LOW_ADDRESS);
  }

  #initiatorIsHigh(slot: number): boolean {
    return ((this.#words[slot * RECORD_WORDS + STATE] as number) & INITIATOR_IS_HIGH) !== 0;
  }

  #count(slot: number, packet: DecodedPacket, time: number, frame: number): void {
    const words = this.#words;
    const doubles = this.#doubles;
    const at = slot * RECORD_WORDS;
    const doubleAt = at / 2;
    const side = this.side;
    const state = withFlags(words[at + STATE] as number, side, packet.tcpFlags);
    words[at + STATE] = state;
    this.direction = (side === 0) === ((state & INITIATOR_IS_HIGH) !== 0) ? 1 : 0;
    words[at + PACKETS + side] = (words[at + PACKETS + side] as number) + 1;
    doubles[doubleAt + BYTES + side] = (doubles[doubleAt + BYTES + side] as number) + packet.bytesOnWire;
    doubles[doubleAt + PAYLOAD + side] = (doubles[doubleAt + PAYLOAD + side] as number) + packet.payloadLength;
    doubles[doubleAt + LAST_TIME + side] = time;
    words[at + LAST_FRAME + side] = frame;
    this.isFirst = words[at + FIRST_FRAME + side] === 0;
    if (this.isFirst) {
      words[at + FIRST_FRAME + side] = frame;
      this.#origins.beginSide(slot, side, time);
    }
    if (time < (doubles[doubleAt + FIRST_TIME] as number)) doubles[doubleAt + FIRST_TIME] = time;
  }

  #add(packet: DecodedPacket, key: FlowKey, time: number, capture: number): number {
    if (this.slots - this.#free.length >= this.#most) {
      const slots = leastUseful(this, Math.max(1, this.#most >>> 4), time);
      this.evicted += slots.length;
      this.forget(slots);
    }
    let slot = this.#free.pop();
    if (slot === undefined) {
      slot = this.slots++;
      if (slot * RECORD_WORDS >= this.#words.length) this.#growRecords();
    }
    this.made++;
    const words = this.#words;
    const at = slot * RECORD_WORDS;
    words.fill(0, at, at + RECORD_WORDS);
    key.write(words, at);
    this.#doubles[at / 2 + FIRST_TIME] = time;
    this.#doubles.fill(-Infinity, at / 2 + LAST_TIME, at / 2 + LAST_TIME + 2);
    const isLowInitiator = isSenderInitiator(packet) === (key.side === 0);
    words[at + STATE] = (isLowInitiator ? 0 : INITIATOR_IS_HIGH) | (tellsInitiator(packet) ? INITIATOR_PROVEN : 0);
    this.#origins.begin(slot, this.made, capture, packet);
    this.#index.add(key.hash, slot);
    return slot;
  }

  #growRecords(): void {
    const flows = (this.#words.length / RECORD_WORDS) * 2;
    const words = new Int32Array(flows * RECORD_WORDS);
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }
}
