/** Walks the options at the end of a pcapng block (draft-ietf-opsawg-pcapng section 3.5). */

import { readUtf8 } from '../bytes/read.ts';

const END_OF_OPTIONS = 0;

/** A cursor over options; after a true `next`, `code` and [start, end) of the value stand in it. */
export class OptionCursor {
  code = 0;
  start = 0;
  end = 0;
  /** An option reaches beyond the block. */
  isBroken = false;
  readonly #view: DataView;
  readonly #isLittleEndian: boolean;
  readonly #limit: number;
  #at: number;

  constructor(view: DataView, start: number, limit: number, isLittleEndian: boolean) {
    this.#view = view;
    this.#at = start;
    this.#limit = limit;
    this.#isLittleEndian = isLittleEndian;
  }

  next(): boolean {
    if (this.#limit - this.#at < 4) return false;
    this.code = this.#view.getUint16(this.#at, this.#isLittleEndian);
    if (this.code === END_OF_OPTIONS) return false;
    this.start = this.#at + 4;
    this.end = this.start + this.#view.getUint16(this.#at + 2, this.#isLittleEndian);
    this.isBroken = this.end > this.#limit;
    this.#at = (this.end + 3) & ~3;
    return !this.isBroken;
  }
}

/** The value as text, of at most `limit` bytes. Not safe to print as it is. */
export function readOptionText(bytes: Uint8Array, option: OptionCursor, limit: number): string {
  return readUtf8(bytes, option.start, Math.min(option.end, option.start + limit)).replace(/\0+$/, '');
}

/** The value as a 64-bit count; null when it is too short, or so large that it must mean `unknown`. */
export function readOptionCount(view: DataView, option: OptionCursor, isLittleEndian: boolean): number | null {
  if (option.end - option.start < 8) return null;
  const count = Number(view.getBigInt64(option.start, isLittleEndian));
  return count >= 0 ? count : null;
}
