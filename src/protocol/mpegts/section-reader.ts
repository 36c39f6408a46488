/**
 * Sections of tables out of the cells of one PID, ISO/IEC 13818-1 section 2.4.4: several in a cell, or one over several. What
 * is not whole by its CRC is dropped.
 */

import { readUint8, readUint16 } from '../../bytes/read.ts';

/** Section 2.4.4.1: the tables that are read here are no longer. */
const MOST_SECTION_BYTES = 1024;
const HEADER_BYTES = 3;
const STUFFING = 0xff;
/** CRC-32/MPEG-2, annex A: not reflected, and 0 over a section and its CRC together. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** [start, end) is one whole section with its CRC; borrowed for the call. */
type SectionListener = (bytes: Uint8Array, start: number, end: number) => void;

export class SectionReader {
  readonly #listener: SectionListener;
  /** The beginning of a section that goes on in the next cell; most lie within one. */
  #held: Uint8Array | null = null;
  #length = 0;
  /** By CRC: a section is told when it is not one of the last that were. */
  readonly #told = new Int32Array(16);
  #nextTold = 0;

  constructor(listener: SectionListener) {
    this.#listener = listener;
  }

  /** The payload [start, end) of the next cell; `hasStart`: its first byte points to where a section begins. */
  payload(bytes: Uint8Array, start: number, end: number, hasStart: boolean): void {
    if (!hasStart) {
      if (this.#length > 0) this.#append(bytes, start, end);
      return;
    }
    const first = start + 1 + readUint8(bytes, start);
    if (first > end) return;
    if (this.#length > 0) this.#append(bytes, start + 1, first);
    this.#length = 0;
    let at = first;
    while (at < end && readUint8(bytes, at) !== STUFFING) {
      const length = at + HEADER_BYTES <= end ? sectionLength(bytes, at) : MOST_SECTION_BYTES;
      if (at + length > end) {
        this.#append(bytes, at, end);
        return;
      }
      this.#tell(bytes, at, at + length);
      at += length;
    }
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    this.#held ??= new Uint8Array(MOST_SECTION_BYTES);
    const taken = Math.min(end - start, MOST_SECTION_BYTES - this.#length);
    this.#held.set(bytes.subarray(start, start + taken), this.#length);
    this.#length += taken;
    if (this.#length < HEADER_BYTES) return;
    const length = sectionLength(this.#held, 0);
    if (this.#length < length) return;
    this.#length = 0;
    this.#tell(this.#held, 0, length);
  }

  #tell(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > MOST_SECTION_BYTES || end - start < HEADER_BYTES + 4) return;
    const crc = (readUint16(bytes, end - 4) << 16) | readUint16(bytes, end - 2);
    if (this.#told.includes(crc) || crcOf(bytes, start, end) !== 0) return;
    this.#told[this.#nextTold++ % this.#told.length] = crc;
    this.#listener(bytes, start, end);
  }
}

function sectionLength(bytes: Uint8Array, section: number): number {
  return HEADER_BYTES + (readUint16(bytes, section + 1) & 0x0fff);
}

/** Exported for tests, which make sections. */
export function crcOf(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1;
  for (let at = start; at < end; at++) {
    crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ readUint8(bytes, at)) & 0xff] as number);
  }
  return crc >>> 0;
}
