/** Cuts one direction of a TCP stream into items; an item that lies whole in one segment is never copied. */

import { MessageBuffer } from '../../bytes/message-buffer.ts';

/** What an item is, is the business of the protocol. */
export interface ItemReader {
  /**
   * Reads the item at `start`. Bytes are borrowed. Returns its length, which may reach beyond `end`: the rest is then
   * dropped as it arrives. Returns minus its length when it must be there whole and is not; it is asked again when it is.
   * Returns 0 when its length cannot be told yet; it is asked again with more.
   */
  readItem(bytes: Uint8Array, start: number, end: number): number;
  /** Bytes within an item of known length are missing, what follows it is not; [start, end) is what was held of it. */
  cutItem?(bytes: Uint8Array, start: number, end: number): void;
  /** What follows may be the middle of anything: bytes are missing, or the item was too long. [start, end) is what was held. */
  loseTrack(bytes: Uint8Array, start: number, end: number): void;
}

/** Bytes that are added at a time to an unfinished item, so that what follows it in a long segment need not be copied. */
const STEP_BYTES = 2048;

const MOST_KEPT_BYTES = 4096;

export class ItemStream {
  readonly #reader: ItemReader;
  readonly #limit: number;
  /** The beginning of an unfinished item. Most flows never need it; it is kept for the next one only while it is small. */
  #held: MessageBuffer | null = null;
  /** Length of the held item, 0 while it is unknown. */
  #itemLength = 0;
  #skipping = 0;

  /** `limit`: most bytes that are held of one unfinished item. */
  constructor(reader: ItemReader, limit: number) {
    this.#reader = reader;
    this.#limit = limit;
  }

  /** Whether nothing is to come of the item that came last. */
  get isBetweenItems(): boolean {
    return this.#skipping === 0 && (this.#held === null || this.#held.length === 0);
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.#skipping > 0) {
        const dropped = Math.min(this.#skipping, end - at);
        this.#skipping -= dropped;
        at += dropped;
      } else if (this.#held && this.#held.length > 0) {
        at = this.#continue(this.#held, bytes, at, end);
      } else {
        const used = this.#reader.readItem(bytes, at, end);
        if (used <= 0) {
          this.#hold(bytes, at, end, -used);
          return;
        }
        this.#skipping = Math.max(0, used - (end - at));
        at += used;
      }
    }
  }

  /** `length` bytes are missing; the place is kept where they lie within one item of known length. */
  gap(length: number): void {
    if (length <= this.#skipping) {
      this.#skipping -= length;
      return;
    }
    const held = this.#held;
    const missing = held && held.length > 0 ? this.#itemLength - held.length : 0;
    if (!held || missing < length) {
      this.loseTrack();
      return;
    }
    this.#skipping = missing - length;
    this.#reader.cutItem?.(held.bytes, held.start, held.end);
    this.#release(held);
  }

  /** Hands what is held of an unfinished item to the reader: nothing that belongs to it will follow. */
  loseTrack(): void {
    const held = this.#held;
    this.#skipping = 0;
    if (!held) {
      this.#reader.loseTrack(NOTHING, 0, 0);
      return;
    }
    this.#reader.loseTrack(held.bytes, held.start, held.end);
    this.#release(held);
  }

  #hold(bytes: Uint8Array, start: number, end: number, itemLength: number): void {
    this.#itemLength = itemLength;
    this.#held ??= new MessageBuffer(this.#limit);
    if (itemLength > this.#limit || !this.#held.append(bytes, start, end)) this.#reader.loseTrack(bytes, start, end);
  }

  #release(held: MessageBuffer): void {
    held.clear();
    if (held.bytes.length > MOST_KEPT_BYTES) this.#held = null;
  }

  /** Adds to what is held and reads it; returns where to go on in `bytes`. */
  #continue(held: MessageBuffer, bytes: Uint8Array, start: number, end: number): number {
    const missing = this.#itemLength - held.length;
    const room = this.#limit - held.length;
    const to = Math.min(end, start + Math.min(room, missing > 0 ? missing : STEP_BYTES));
    if (to === start) {
      this.loseTrack();
      return start;
    }
    held.append(bytes, start, to);
    while (held.length >= this.#itemLength) {
      const used = this.#reader.readItem(held.bytes, held.start, held.end);
      this.#itemLength = Math.max(0, -used);
      if (used === 0) break;
      if (used >= held.length) {
        this.#skipping = used - held.length;
        this.#release(held);
        return to;
      }
      if (used > 0) held.consume(used);
    }
    if (held.length > to - start) return to;
    // What is left came with this segment: go on there without the copy.
    const left = held.length;
    this.#release(held);
    return to - left;
  }
}

const NOTHING = new Uint8Array(0);
