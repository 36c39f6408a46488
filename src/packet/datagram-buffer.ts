/** One datagram while its fragments come in, any order, in blocks of 8 bytes as fragment offsets count. */

import { viewOf } from '../bytes/read.ts';

/** Room for the two MAC addresses and the IP header of the first fragment, so that all offsets of a packet lie in one array. */
const MACS_BYTES = 12;
const MOST_IP_HEADER_BYTES = 60;
export const DATA_START = MACS_BYTES + MOST_IP_HEADER_BYTES;
const MOST_DATA_BYTES = 65536;

const BLOCK_SHIFT = 3;
const BLOCKS = MOST_DATA_BYTES >> BLOCK_SHIFT;

/** What `add` found: nothing there yet, or some of it there already. */
export const ADDED = { new: 0, overlapping: 1 } as const;

type Added = (typeof ADDED)[keyof typeof ADDED];

/** Reused from datagram to datagram. */
export class DatagramBuffer {
  readonly bytes = new Uint8Array(DATA_START + MOST_DATA_BYTES);
  readonly view = viewOf(this.bytes);
  /** One bit per block that has come. */
  readonly #blocks = new Uint32Array(BLOCKS >> 5);
  #blockCount = 0;
  /** Length of the datagram's data, -1 until the last fragment has come; and how far the fragments so far reach. */
  #length = -1;
  #reach = 0;

  reset(): void {
    this.#blocks.fill(0);
    this.#blockCount = 0;
    this.#length = -1;
    this.#reach = 0;
  }

  get length(): number {
    return this.#length;
  }

  get isComplete(): boolean {
    return this.#length >= 0 && this.#blockCount === (this.#length + 7) >> BLOCK_SHIFT;
  }

  /** False for a fragment whose offset and length cannot be, alone or with what the others say of the datagram's end. */
  fits(offset: number, length: number, isLast: boolean): boolean {
    const end = offset + length;
    if (length <= 0 || end >= MOST_DATA_BYTES) return false;
    if (!isLast) return length % 8 === 0 && (this.#length < 0 || end <= this.#length);
    return this.#length < 0 ? this.#reach <= end : this.#length === end;
  }

  /** Whether all of so many bytes at `offset` are there. */
  holds(offset: number, length: number): boolean {
    const last = (offset + length - 1) >> BLOCK_SHIFT;
    for (let block = offset >> BLOCK_SHIFT; block <= last; block++) {
      if (!this.#has(block)) return false;
    }
    return true;
  }

  /** Takes source[start, end), which must fit, as the data at `offset`; bytes that are there already are kept. */
  add(source: Uint8Array, start: number, end: number, offset: number, isLast: boolean): Added {
    const reach = offset + end - start;
    if (reach > this.#reach) this.#reach = reach;
    if (isLast) this.#length = reach;
    let added: Added = ADDED.new;
    for (let from = start, block = offset >> BLOCK_SHIFT; from < end; from += 8, block++) {
      if (this.#has(block)) {
        added = ADDED.overlapping;
        continue;
      }
      this.#mark(block);
      this.#copy(source, from, Math.min(from + 8, end), DATA_START + (block << BLOCK_SHIFT));
    }
    return added;
  }

  #has(block: number): boolean {
    return (((this.#blocks[block >> 5] ?? 0) >>> (block & 31)) & 1) !== 0;
  }

  #mark(block: number): void {
    this.#blocks[block >> 5] = (this.#blocks[block >> 5] ?? 0) | (1 << (block & 31));
    this.#blockCount++;
  }

  #copy(source: Uint8Array, start: number, end: number, target: number): void {
    const bytes = this.bytes;
    for (let from = start, to = target; from < end; from++, to++) bytes[to] = source[from] ?? 0;
  }
}
