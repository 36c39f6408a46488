/**
 * Finds the dissectors that may know a payload, by a few of its bytes: most protocols are ruled out before any of them is
 * asked. For each offset that some dissector declares there is a table that has, for each value of the byte there, one bit
 * of every dissector that it does not rule out; those that are left in all tables are the candidates.
 */

import { type ByteRange, type Dissector, LEAST_BULK_BYTES, type Transport } from './dissector.ts';

const BYTE_VALUES = 256;
const WORD_BITS = 32;
const ANY_BYTE: readonly ByteRange[] = [[0, BYTE_VALUES - 1]];

export class CandidateIndex {
  /** Those of the transport, most specific first. */
  readonly #dissectors: readonly Dissector[];
  readonly #words: number;
  readonly #offsets: readonly number[];
  /** Words by word, offset and byte. */
  readonly #tables: Int32Array;
  /** Bits of those who search long payloads whatever they begin with. */
  readonly #searchers: Int32Array;
  readonly #found: Uint8Array;

  constructor(dissectors: readonly Dissector[], transport: Transport) {
    this.#dissectors = dissectors.filter((dissector) => dissector.transports.includes(transport));
    this.#words = Math.ceil(this.#dissectors.length / WORD_BITS);
    this.#offsets = declaredOffsets(this.#dissectors, transport);
    this.#tables = new Int32Array(this.#words * this.#offsets.length * BYTE_VALUES);
    this.#searchers = new Int32Array(this.#words);
    this.#found = new Uint8Array(this.#dissectors.length);
    for (let place = 0; place < this.#dissectors.length; place++) this.#enter(place, transport);
  }

  /** Number of candidates for a payload of one byte at least; `at` gives them until the next call. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const offsets = this.#offsets;
    const tables = this.#tables;
    const found = this.#found;
    const length = end - start;
    let count = 0;
    let table = 0;
    for (let word = 0; word < this.#words; word++) {
      let bits = -1;
      for (let i = 0; i < offsets.length; i++, table += BYTE_VALUES) {
        const offset = offsets[i] as number;
        if (offset < length) bits &= tables[table + (bytes[start + offset] as number)] as number;
      }
      if (length >= LEAST_BULK_BYTES) bits |= this.#searchers[word] as number;
      for (; bits !== 0; bits &= bits - 1) {
        found[count++] = word * WORD_BITS + WORD_BITS - 1 - Math.clz32(bits & -bits);
      }
    }
    return count;
  }

  at(candidate: number): Dissector {
    return this.#dissectors[this.#found[candidate] as number] as Dissector;
  }

  #enter(place: number, transport: Transport): void {
    const dissector = this.#dissectors[place] as Dissector;
    const word = Math.floor(place / WORD_BITS);
    const bit = 1 << (place % WORD_BITS);
    if (dissector.searchesBulk === true) this.#searchers[word] = (this.#searchers[word] as number) | bit;
    for (const [i, offset] of this.#offsets.entries()) {
      const table = (word * this.#offsets.length + i) * BYTE_VALUES;
      for (const [first, last] of rangesOf(dissector, transport, offset)) {
        for (let at = table + first; at <= table + last; at++) this.#tables[at] = (this.#tables[at] as number) | bit;
      }
    }
  }
}

/** The first byte always, which leaves no bit without a dissector. */
function declaredOffsets(dissectors: readonly Dissector[], transport: Transport): readonly number[] {
  const later = dissectors.flatMap((dissector) => Object.keys(dissector.laterBytes?.[transport] ?? {}).map(Number));
  return [...new Set([0, ...later])];
}

/** What the byte at an offset may be: anything where the dissector does not say. */
function rangesOf(dissector: Dissector, transport: Transport, offset: number): readonly ByteRange[] {
  const ranges = offset === 0 ? dissector.firstBytes?.[transport] : dissector.laterBytes?.[transport]?.[offset];
  return ranges ?? ANY_BYTE;
}
