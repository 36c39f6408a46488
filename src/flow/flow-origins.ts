/** How each flow began, apart from its record: few packets ask for it. */

import type { DecodedPacket } from '../packet/decoded-packet.ts';

const FIRST_FLOWS = 4096;
/** Words (4 bytes) kept of a flow. */
const WORDS = 3;
const ID = 0;
const CAPTURE = 1;
const VLANS = 2;

export class FlowOrigins {
  #words = new Int32Array(FIRST_FLOWS * WORDS);
  /** Of each side. */
  #firstTimes = new Float64Array(FIRST_FLOWS * 2);

  /** The flow in a slot begins with this packet. */
  begin(slot: number, id: number, capture: number, packet: DecodedPacket): void {
    if (slot * WORDS >= this.#words.length) this.#grow();
    const at = slot * WORDS;
    this.#words[at + ID] = id;
    this.#words[at + CAPTURE] = capture;
    this.#words[at + VLANS] = (packet.outerVlan + 1) | ((packet.innerVlan + 1) << 16);
    this.#firstTimes.fill(Number.POSITIVE_INFINITY, slot * 2, slot * 2 + 2);
  }

  beginSide(slot: number, side: 0 | 1, time: number): void {
    this.#firstTimes[slot * 2 + side] = time;
  }

  id(slot: number): number {
    return (this.#words[slot * WORDS + ID] as number) >>> 0;
  }

  capture(slot: number): number {
    return this.#words[slot * WORDS + CAPTURE] as number;
  }

  /** VLAN tags of the first packet, the outer one first. */
  vlans(slot: number): number[] {
    const packed = this.#words[slot * WORDS + VLANS] as number;
    return [(packed & 0xffff) - 1, (packed >>> 16) - 1].filter((vlan) => vlan >= 0);
  }

  /** Of the first packet of a side, in nanoseconds since the origin; Infinity when it has none. */
  firstTime(slot: number, side: 0 | 1): number {
    return this.#firstTimes[slot * 2 + side] as number;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    const firstTimes = new Float64Array(this.#firstTimes.length * 2);
    firstTimes.set(this.#firstTimes);
    this.#firstTimes = firstTimes;
  }
}
