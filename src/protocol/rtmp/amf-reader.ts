/** What AMF0 and AMF3 share: values, and a reader that hostile bytes can neither run past its end nor keep busy. */

import { readUint8, readUint16, readUint32, readUtf8, viewOf } from '../../bytes/read.ts';

export type AmfObject = ReadonlyMap<string, AmfValue>;
export type AmfValue = string | number | boolean | null | AmfObject | readonly AmfValue[];

/** Values of one message, nested ones included. */
const MOST_VALUES = 512;
const MOST_DEPTH = 8;
const MOST_TEXT_BYTES = 4096;

/** Reads past the end give 0 or empty values and set `hasFailed`: nothing behind that is to be trusted. */
export class AmfReader {
  hasFailed = false;
  at: number;
  readonly bytes: Uint8Array;
  readonly #end: number;
  #valuesLeft = MOST_VALUES;
  #depth = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.hasFailed || this.at >= this.#end;
  }

  /** To be called before each value, and `leave` after it; false when the message holds too many or nests too deep. */
  enter(): boolean {
    this.#valuesLeft--;
    this.#depth++;
    if (this.#valuesLeft < 0 || this.#depth > MOST_DEPTH) this.hasFailed = true;
    return !this.hasFailed;
  }

  leave(): void {
    this.#depth--;
  }

  uint8(): number {
    return this.#take(1) ? readUint8(this.bytes, this.at - 1) : 0;
  }

  uint16(): number {
    return this.#take(2) ? readUint16(this.bytes, this.at - 2) : 0;
  }

  uint32(): number {
    return this.#take(4) ? readUint32(this.bytes, this.at - 4) : 0;
  }

  double(): number {
    return this.#take(8) ? viewOf(this.bytes).getFloat64(this.at - 8) : 0;
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** Text of `length` bytes, cut where it is very long. */
  text(length: number): string {
    if (!this.#take(length)) return '';
    const start = this.at - length;
    return readUtf8(this.bytes, start, start + Math.min(length, MOST_TEXT_BYTES));
  }

  #take(length: number): boolean {
    if (this.hasFailed || length > this.#end - this.at) {
      this.hasFailed = true;
      return false;
    }
    this.at += length;
    return true;
  }
}
