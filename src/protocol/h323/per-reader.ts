/** Reads the bit fields and lengths of aligned PER (ITU-T X.691, ALIGNED variant), within bounds and without ever throwing. */

/** More parts than any real message has; what claims more is hostile. */
const MOST_PARTS = 20_000;
/** Deepest nesting of types that contain themselves. */
const MOST_DEPTH = 16;
/** From here on a length comes in fragments (X.691 section 11.9.3.8), which no message of these protocols needs. */
const FRAGMENT_BYTES = 16 * 1024;

export class PerReader {
  /**
   * True once something did not fit: every later read gives zeros and moves nothing. A failure inside an open type ends
   * with that type, because its length tells where the next one starts; `faults` remembers it.
   */
  failed = false;
  faults = 0;
  /** True once content was passed over that has no length of its own: whether it was right is not known. */
  hasPassedOver = false;
  readonly #bytes: Uint8Array;
  /** Positions in bits from the start of `#bytes`. */
  #position = 0;
  #end: number;
  #parts = 0;
  #depth = 0;
  #openTypes = 0;

  /** Reads bytes[start, end), which are borrowed for as long as values are read. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes.subarray(start, end);
    this.#end = this.#bytes.length * 8;
  }

  /** Bytes that no field has touched yet. */
  get remainingBytes(): number {
    return (this.#end - this.#position) >> 3;
  }

  /** True when all was understood and nothing is left but the zeros that fill the last byte. */
  get isExact(): boolean {
    if (this.failed || this.faults > 0 || this.hasPassedOver || this.remainingBytes > 0) return false;
    const padding = this.#end - this.#position;
    return padding === 0 || this.bits(padding) === 0;
  }

  fail(): void {
    if (!this.failed) this.faults++;
    this.failed = true;
  }

  /** Counts one part of the message; false when there are too many. */
  spend(): boolean {
    if (++this.#parts > MOST_PARTS) this.fail();
    return !this.failed;
  }

  /** At most 32 bits, as an unsigned number. */
  bits(count: number): number {
    if (this.failed || this.#position + count > this.#end) {
      this.fail();
      return 0;
    }
    let value = 0;
    let left = count;
    while (left > 0) {
      const inByte = this.#position & 7;
      const taken = Math.min(8 - inByte, left);
      const byte = this.#bytes[this.#position >> 3] ?? 0;
      value = value * 2 ** taken + ((byte >> (8 - inByte - taken)) & (2 ** taken - 1));
      this.#position += taken;
      left -= taken;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  align(): void {
    this.#position = (this.#position + 7) & ~7;
  }

  /**
   * X.691 section 11.5: a whole number of a known range, at most 2^32 wide. A value beyond `to` that still fits the field
   * is given as it stands: some encoders overstep the bounds of bit rates and labels.
   */
  number(from: number, to: number): number {
    const range = to - from + 1;
    if (range < 256) return from + this.bits(bitsFor(range));
    if (range === 256) return from + this.#alignedBytes(1);
    if (range <= 65536) return from + this.#alignedBytes(2);
    const length = this.number(1, bytesFor(range));
    return from + this.#alignedBytes(length);
  }

  /** X.691 section 11.6: a number that is expected to be small, such as the index of an extension. */
  smallNumber(): number {
    if (!this.flag()) return this.bits(6);
    const length = this.length();
    return length > 4 ? this.#refuse() : this.#alignedBytes(length);
  }

  /** X.691 section 11.9: a length without known bounds, always aligned. */
  length(): number {
    const first = this.#alignedBytes(1);
    if (first < 0x80) return first;
    const length = ((first & 0x3f) << 8) | this.#alignedBytes(1);
    return first >= 0xc0 || length >= FRAGMENT_BYTES ? this.#refuse() : length;
  }

  /** A length with bounds; without an upper one below 64 K it is written like any other. */
  lengthBetween(least: number, most: number): number {
    if (most > 65535) return this.length();
    return least === most ? most : this.number(least, most);
  }

  /** An unbounded integer: its length and its two's complement. Beyond 53 bits the value is only near. */
  integer(): number {
    const octets = this.octets(this.length());
    let value = (octets[0] ?? 0) >= 0x80 ? -1 : 0;
    for (const octet of octets) value = value * 256 + octet;
    return value;
  }

  /** Whole bytes, aligned. Borrowed. */
  octets(count: number): Uint8Array {
    this.align();
    if (this.failed || this.#position + count * 8 > this.#end) {
      this.fail();
      return new Uint8Array(0);
    }
    const start = this.#position >> 3;
    this.#position += count * 8;
    return this.#bytes.subarray(start, start + count);
  }

  /** An open type (X.691 section 11.2): `read` sees its bytes alone, and whatever it makes of them the reader stands behind them. */
  open<T>(read: (reader: PerReader) => T): T | undefined {
    const length = this.length();
    const end = this.#position + length * 8;
    if (this.failed || end > this.#end) {
      this.fail();
      return undefined;
    }
    const outerEnd = this.#end;
    this.#end = end;
    this.#openTypes++;
    const value = read(this);
    this.#openTypes--;
    this.failed = this.#parts > MOST_PARTS;
    this.#end = outerEnd;
    this.#position = end;
    return value;
  }

  /** For types that contain themselves: refuses what nests too deep. */
  nest<T>(read: (reader: PerReader) => T): T | undefined {
    if (this.#depth >= MOST_DEPTH) this.fail();
    if (this.failed) return undefined;
    this.#depth++;
    const value = read(this);
    this.#depth--;
    return value;
  }

  /** Passes over what is left, of the open type if this is one. */
  skipRest(): void {
    if (this.#openTypes === 0) this.hasPassedOver = true;
    this.#position = this.#end;
  }

  #alignedBytes(count: number): number {
    this.align();
    return this.bits(count * 8);
  }

  #refuse(): 0 {
    this.fail();
    return 0;
  }
}

/** Bits that tell `range` values apart. */
export function bitsFor(range: number): number {
  return range <= 1 ? 0 : 32 - Math.clz32(range - 1);
}

/** Bytes that the largest offset in a range of more than 64 K values needs. */
function bytesFor(range: number): number {
  if (range <= 2 ** 16) return 2;
  return range <= 2 ** 24 ? 3 : 4;
}
