/** Numbers for addresses of 4 or 16 bytes: each address has one, and those of addresses that were removed are given again. */

import { viewOf } from '../bytes/read.ts';
import { HASH_SEED, hashWord } from '../packet/hash-word.ts';

const FIRST_SIZE = 256;
/** Words (4 bytes) of an entry: the address, its length in bytes (0 where the entry is free), and the next entry, plus 1, with its hash. */
const ENTRY_WORDS = 6;
const LENGTH = 4;
const NEXT = 5;
const NONE = -1;

export class AddressIndex {
  /** Numbers that were ever given: all are below it. */
  count = 0;
  readonly #free: number[] = [];
  #words = new Int32Array(FIRST_SIZE * ENTRY_WORDS);
  /** By hash: the first entry that has it, plus 1. As many as there are entries. */
  #heads = new Int32Array(FIRST_SIZE);

  /** Addresses that have a number. */
  get size(): number {
    return this.count - this.#free.length;
  }

  isUsed(number: number): boolean {
    return this.#lengthOf(number) > 0;
  }

  /** The number of the address of `length` bytes at `offset`, or -1. */
  find(view: DataView, offset: number, length: number): number {
    const words = this.#words;
    let number = (this.#heads[hashOf(view, offset, length) & (this.#heads.length - 1)] as number) - 1;
    while (number >= 0) {
      const at = number * ENTRY_WORDS;
      if (words[at + LENGTH] === length && isAddressAt(words, at, view, offset, length)) return number;
      number = (words[at + NEXT] as number) - 1;
    }
    return NONE;
  }

  /** Gives a number to an address that has none. */
  add(view: DataView, offset: number, length: number): number {
    const number = this.#free.pop() ?? this.count++;
    if (number === this.#heads.length) this.#grow();
    const at = number * ENTRY_WORDS;
    for (let i = 0; i < length; i += 4) this.#words[at + i / 4] = view.getInt32(offset + i);
    this.#words[at + LENGTH] = length;
    this.#link(number);
    return number;
  }

  remove(number: number): void {
    const words = this.#words;
    const at = number * ENTRY_WORDS;
    const head = this.#headOf(number);
    const next = words[at + NEXT] as number;
    let before = (this.#heads[head] as number) - 1;
    if (before === number) {
      this.#heads[head] = next;
    } else {
      while (words[before * ENTRY_WORDS + NEXT] !== number + 1)
        before = (words[before * ENTRY_WORDS + NEXT] as number) - 1;
      words[before * ENTRY_WORDS + NEXT] = next;
    }
    words[at + LENGTH] = 0;
    this.#free.push(number);
  }

  /** The address as a new array. */
  address(number: number): Uint8Array {
    const bytes = new Uint8Array(this.#lengthOf(number));
    const view = viewOf(bytes);
    for (let i = 0; i < bytes.length; i += 4) view.setInt32(i, this.#words[number * ENTRY_WORDS + i / 4] as number);
    return bytes;
  }

  #lengthOf(number: number): number {
    return this.#words[number * ENTRY_WORDS + LENGTH] as number;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#heads = new Int32Array(this.#heads.length * 2);
    for (let number = 0; number < this.count; number++) if (this.isUsed(number)) this.#link(number);
  }

  /** Puts an entry before the others of its hash. */
  #link(number: number): void {
    const head = this.#headOf(number);
    this.#words[number * ENTRY_WORDS + NEXT] = this.#heads[head] as number;
    this.#heads[head] = number + 1;
  }

  #headOf(number: number): number {
    const first = number * ENTRY_WORDS;
    let hash = HASH_SEED;
    for (let at = first; at < first + this.#lengthOf(number) / 4; at++)
      hash = hashWord(hash, this.#words[at] as number);
    return hash & (this.#heads.length - 1);
  }
}

function isAddressAt(words: Int32Array, at: number, view: DataView, offset: number, length: number): boolean {
  for (let i = 0; i < length; i += 4) if (words[at + i / 4] !== view.getInt32(offset + i)) return false;
  return true;
}

function hashOf(view: DataView, offset: number, length: number): number {
  let hash = HASH_SEED;
  for (let i = 0; i < length; i += 4) hash = hashWord(hash, view.getInt32(offset + i));
  return hash;
}
