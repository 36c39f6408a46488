/**
 * The copies that a span makes of the packets of each flow, as before and after a router, and where the last of them was: what
 * is copied no more is passed on no more. Kept by side of the flow, 0 being its low end (see `FlowTable.side`).
 */

type Side = 0 | 1;

/** Of one side of a flow. */
export interface Copies {
  readonly count: number;
  /** Packets of that side when the last copy came, copies included. */
  readonly packets: number;
  /** Number of its frame, and its time in nanoseconds since the origin. */
  readonly lastFrame: number;
  readonly lastTime: number;
}

export const NO_COPIES: Copies = { count: 0, packets: 0, lastFrame: 0, lastTime: Number.NEGATIVE_INFINITY };

/** Words (4 bytes) of a side. */
const WORDS = 3;
const COUNT = 0;
const PACKETS = 1;
const FRAME = 2;

export class CopyTable {
  /** Empty in most captures: grows with the first copy of a flow. */
  #words = new Uint32Array(0);
  #times = new Float64Array(0);

  /** A packet of a side that is a copy; `packets`: those of the side so far, this one included. */
  note(slot: number, side: Side, packets: number, frame: number, time: number): void {
    const place = slot * 2 + side;
    if (place >= this.#times.length) this.#grow(slot);
    const at = place * WORDS;
    this.#words[at + COUNT] = (this.#words[at + COUNT] as number) + 1;
    this.#words[at + PACKETS] = packets;
    this.#words[at + FRAME] = frame;
    this.#times[place] = time;
  }

  /** A copy turned out to be the beginning of one that is noted next. */
  takeBack(slot: number, side: Side): void {
    const at = (slot * 2 + side) * WORDS + COUNT;
    const count = this.#words[at] ?? 0;
    if (count > 0) this.#words[at] = count - 1;
  }

  of(slot: number, side: Side): Copies {
    const place = slot * 2 + side;
    const at = place * WORDS;
    const count = this.#words[at + COUNT] ?? 0;
    if (count === 0) return NO_COPIES;
    return {
      count,
      packets: this.#words[at + PACKETS] as number,
      lastFrame: this.#words[at + FRAME] as number,
      lastTime: this.#times[place] as number,
    };
  }

  /** Of both sides. */
  count(slot: number): number {
    const at = slot * 2 * WORDS;
    return (this.#words[at + COUNT] ?? 0) + (this.#words[at + WORDS + COUNT] ?? 0);
  }

  /** Forgets the copies of an evicted flow. */
  release(slot: number): void {
    this.#words.fill(0, slot * 2 * WORDS, (slot + 1) * 2 * WORDS);
  }

  #grow(slot: number): void {
    const places = Math.max(this.#times.length * 2, (slot + 1) * 2);
    const words = new Uint32Array(places * WORDS);
    words.set(this.#words);
    this.#words = words;
    const times = new Float64Array(places);
    times.set(this.#times);
    this.#times = times;
  }
}
