/** The part of a capture that is in memory: one slab, filled from an input and reused. */

import { viewOf } from '../bytes/read.ts';
import type { ByteInput } from './byte-input.ts';

const SLAB_BYTES = 256 << 10;

/** No record that a reader must see whole may be longer. */
export const MAX_RECORD_BYTES = 16 << 20;

/** Unread bytes are [start, end); what lies before `start` stays untouched until the next `refill`. */
export class ByteWindow {
  bytes: Uint8Array;
  view: DataView;
  start = 0;
  end = 0;
  /** The input has given its last byte. */
  isEnded = false;
  #slabOffset = 0;
  #skipping = 0;
  readonly #input: ByteInput;

  constructor(input: ByteInput) {
    this.#input = input;
    this.bytes = new Uint8Array(SLAB_BYTES);
    this.view = viewOf(this.bytes);
  }

  get available(): number {
    return this.end - this.start;
  }

  /** Offset in the decompressed file of a position in `bytes`. */
  offsetOf(position: number): number {
    return this.#slabOffset + position;
  }

  /** Drops `count` unread bytes, also such as have not been read yet: a long record to be passed over is never held. */
  skip(count: number): void {
    const held = Math.min(count, this.available);
    this.start += held;
    this.#skipping = count - held;
  }

  /** Bytes of the last `skip` that the input has not given yet. */
  get skipping(): number {
    return this.#skipping;
  }

  /** Size of the file where `seek` works, else null. */
  get seekableBytes(): number | null {
    return this.#input.seek === undefined ? null : this.#input.bytesTotal;
  }

  /** Goes to an offset of a file with `seekableBytes`; true when that is outside of what is in memory. */
  seek(offset: number): boolean {
    const position = offset - this.#slabOffset;
    if (position >= 0 && position <= this.end) {
      this.start = position;
      return false;
    }
    this.#input.seek?.(offset);
    this.#slabOffset = offset;
    this.start = 0;
    this.end = 0;
    this.isEnded = false;
    return true;
  }

  /** Reads once, with room for `needed` unread bytes (at most MAX_RECORD_BYTES). */
  refill(needed: number): void | Promise<void> {
    this.#makeRoom(needed);
    const count = this.#input.read(this.bytes, this.end);
    if (typeof count === 'number') this.#accept(count);
    else return count.then((late) => this.#accept(late));
  }

  #makeRoom(needed: number): void {
    const unread = this.available;
    this.#slabOffset += this.start;
    if (needed <= this.bytes.length) {
      this.bytes.copyWithin(0, this.start, this.end);
    } else {
      let size = this.bytes.length;
      while (size < needed) size *= 2;
      const grown = new Uint8Array(Math.min(size, MAX_RECORD_BYTES));
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
      this.view = viewOf(grown);
    }
    this.start = 0;
    this.end = unread;
  }

  #accept(count: number): void {
    if (count === 0) this.isEnded = true;
    this.end += count;
    if (this.#skipping > 0) this.skip(this.#skipping);
  }
}
