/** Bits of a NAL unit without the bytes that only keep start codes out of it, ITU-T H.264 sections 7.3.1 and 9.1. */

import { readUint8 } from '../../bytes/read.ts';

/** Longest Exp-Golomb prefix that still is a 32-bit number. */
const MOST_LEADING_ZEROS = 31;

export class BitReader {
  /** True once more was read than there is: what was read since then is zero. */
  isOver = false;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #bit = 0;
  #zeros = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  bit(): number {
    if (this.#at >= this.#end) {
      this.isOver = true;
      return 0;
    }
    const byte = readUint8(this.#bytes, this.#at);
    const value = (byte >> (7 - this.#bit)) & 1;
    this.#bit++;
    if (this.#bit === 8) this.#nextByte(byte);
    return value;
  }

  /** An unsigned number of up to 32 bits. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    for (let i = 0; i < count && !this.isOver; i++) this.bit();
  }

  /** `ue(v)`. */
  unsigned(): number {
    let zeros = 0;
    while (zeros <= MOST_LEADING_ZEROS && !this.isOver && this.bit() === 0) zeros++;
    if (zeros > MOST_LEADING_ZEROS) this.isOver = true;
    return this.isOver ? 0 : 2 ** zeros - 1 + this.bits(zeros);
  }

  /** `se(v)`. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }

  /** Passes over the 3 in 0 0 3. */
  #nextByte(byte: number): void {
    this.#bit = 0;
    this.#at++;
    this.#zeros = byte === 0 ? this.#zeros + 1 : 0;
    if (this.#zeros < 2 || readUint8(this.#bytes, this.#at) !== 3) return;
    this.#at++;
    this.#zeros = 0;
  }
}
