/** Holds the unfinished tail of one direction of a control channel until a whole message is there. */

import { viewOf } from './read.ts';

/**
 * Bytes are appended as they come in order and consumed message by message. `skip` may reach beyond what has arrived:
 * the rest is then dropped on arrival, so that a large body or media frame never has to be held.
 */
export class MessageBuffer {
  /** Borrowed: valid until the next `append`. Unread bytes are [start, end). */
  bytes: Uint8Array;
  view: DataView;
  start = 0;
  end = 0;
  #skipping = 0;
  readonly #limit: number;

  /** `limit`: most bytes that are held unread; more than that is a message that this reader refuses to wait for. */
  constructor(limit = 64 * 1024) {
    this.#limit = limit;
    this.bytes = new Uint8Array(512);
    this.view = viewOf(this.bytes);
  }

  get length(): number {
    return this.end - this.start;
  }

  /** Bytes that will still be dropped on arrival, because `skip` went beyond what was held. */
  get skipping(): number {
    return this.#skipping;
  }

  /** Copies source[from, to) in. False when the limit would be passed: the caller should `clear` and resynchronise. */
  append(source: Uint8Array, from: number, to: number): boolean {
    const dropped = Math.min(this.#skipping, to - from);
    this.#skipping -= dropped;
    const added = to - from - dropped;
    if (added === 0) return true;
    if (this.length + added > this.#limit) return false;
    this.#makeRoom(added);
    this.bytes.set(source.subarray(from + dropped, to), this.end);
    this.end += added;
    return true;
  }

  consume(count: number): void {
    this.start = Math.min(this.end, this.start + count);
    if (this.start === this.end) {
      this.start = 0;
      this.end = 0;
    }
  }

  /** Like `consume`, and bytes beyond those held are dropped when they arrive. */
  skip(count: number): void {
    const held = Math.min(count, this.length);
    this.consume(held);
    this.#skipping += count - held;
  }

  /** Tells that `count` bytes of the stream are missing. True when they all lay within what was to be skipped. */
  gap(count: number): boolean {
    if (this.length === 0 && count <= this.#skipping) {
      this.#skipping -= count;
      return true;
    }
    this.clear();
    return false;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
    this.#skipping = 0;
  }

  #makeRoom(added: number): void {
    if (this.end + added <= this.bytes.length) return;
    const length = this.length;
    if (length + added <= this.bytes.length) {
      this.bytes.copyWithin(0, this.start, this.end);
    } else {
      let size = this.bytes.length;
      while (size < length + added) size *= 2;
      const grown = new Uint8Array(size);
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
      this.view = viewOf(grown);
    }
    this.start = 0;
    this.end = length;
  }
}
