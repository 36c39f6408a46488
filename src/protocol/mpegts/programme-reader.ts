/**
 * The tables of a transport stream that say what it carries: PAT and PMT (ISO/IEC 13818-1 section 2.4.4) and the service
 * description (ETSI EN 300 468 section 5.2.3).
 */

import { readLatin1, readUint8, readUint16, readUtf8 } from '../../bytes/read.ts';
import { SectionReader } from './section-reader.ts';
import { nameStreamType } from './stream-types.ts';

const PAT_PID = 0;
const SDT_PID = 0x11;
const PAT_TABLE = 0x00;
const PMT_TABLE = 0x02;
const SDT_TABLE = 0x42;
const SERVICE_DESCRIPTOR = 0x48;
const MOST_PROGRAMMES = 32;
/** A network may describe all of its services in each stream. */
const MOST_SERVICES = 64;
const MOST_STREAMS = 32;
/** Section 2.4.4.9: a programme without a clock says this. */
const NO_PCR_PID = 0x1fff;
/** Eight bytes before what a table says, and its CRC after it. */
const LONG_HEADER_BYTES = 8;
const CRC_BYTES = 4;

interface ElementaryStream {
  readonly pid: number;
  /** As `H264`, `AAC`. */
  readonly type: string;
}

export interface Programme {
  readonly number: number;
  readonly pmtPid: number;
  /** Null before its map was read, and where it has no clock. */
  pcrPid: number | null;
  streams: readonly ElementaryStream[];
}

/** Names come from packets: not safe to print. */
interface Service {
  readonly name: string;
  readonly provider: string;
}

export class ProgrammeReader {
  /** By number, in the order of the PAT. */
  readonly programmes = new Map<number, Programme>();
  /** By the number of the programme; a description may come before the programme it is of. */
  readonly services = new Map<number, Service>();
  readonly #readers = new Map<number, SectionReader>();

  constructor() {
    this.#readers.set(PAT_PID, new SectionReader((bytes, start, end) => this.#readPat(bytes, start, end)));
    this.#readers.set(SDT_PID, new SectionReader((bytes, start, end) => this.#readSdt(bytes, start, end)));
  }

  /** The payload [start, end) of a cell of `pid`; what is no table is passed over. */
  payload(pid: number, bytes: Uint8Array, start: number, end: number, hasStart: boolean): void {
    this.#readers.get(pid)?.payload(bytes, start, end, hasStart);
  }

  #readPat(bytes: Uint8Array, start: number, end: number): void {
    if (readUint8(bytes, start) !== PAT_TABLE) return;
    for (let at = start + LONG_HEADER_BYTES; at + 4 <= end - CRC_BYTES; at += 4) {
      const number = readUint16(bytes, at);
      const pmtPid = readUint16(bytes, at + 2) & 0x1fff;
      const isNetworkTable = number === 0;
      if (isNetworkTable || this.programmes.get(number)?.pmtPid === pmtPid) continue;
      if (this.programmes.size >= MOST_PROGRAMMES && !this.programmes.has(number)) return;
      this.programmes.set(number, { number, pmtPid, pcrPid: null, streams: [] });
      if (this.#readers.has(pmtPid) || this.#readers.size > MOST_PROGRAMMES + 2) continue;
      this.#readers.set(pmtPid, new SectionReader((part, from, to) => this.#readPmt(part, from, to)));
    }
  }

  #readPmt(bytes: Uint8Array, start: number, end: number): void {
    const programme = this.programmes.get(readUint16(bytes, start + 3));
    if (readUint8(bytes, start) !== PMT_TABLE || programme === undefined) return;
    const pcrPid = readUint16(bytes, start + 8) & 0x1fff;
    const streams: ElementaryStream[] = [];
    let at = start + 12 + (readUint16(bytes, start + 10) & 0x0fff);
    while (at + 5 <= end - CRC_BYTES && streams.length < MOST_STREAMS) {
      const descriptors = at + 5;
      const next = descriptors + (readUint16(bytes, at + 3) & 0x0fff);
      const type = nameStreamType(readUint8(bytes, at), bytes, descriptors, Math.min(next, end - CRC_BYTES));
      streams.push({ pid: readUint16(bytes, at + 1) & 0x1fff, type });
      at = next;
    }
    programme.pcrPid = pcrPid === NO_PCR_PID ? null : pcrPid;
    programme.streams = streams;
  }

  #readSdt(bytes: Uint8Array, start: number, end: number): void {
    if (readUint8(bytes, start) !== SDT_TABLE) return;
    for (let at = start + LONG_HEADER_BYTES + 3; at + 5 <= end - CRC_BYTES; ) {
      const descriptors = at + 5;
      const next = descriptors + (readUint16(bytes, at + 3) & 0x0fff);
      const service = readService(bytes, descriptors, Math.min(next, end - CRC_BYTES));
      const number = readUint16(bytes, at);
      const hasPlace = this.services.size < MOST_SERVICES || this.services.has(number);
      if (service !== null && hasPlace) this.services.set(number, service);
      at = next;
    }
  }
}

/** Kind of service, provider, name: each text with its length. */
function readService(bytes: Uint8Array, start: number, end: number): Service | null {
  for (let at = start; at + 2 <= end; at += 2 + readUint8(bytes, at + 1)) {
    if (readUint8(bytes, at) !== SERVICE_DESCRIPTOR) continue;
    const name = at + 4 + readUint8(bytes, at + 3);
    return { provider: readText(bytes, at + 3, end), name: readText(bytes, name, end) };
  }
  return null;
}

/** EN 300 468 annex A: a first byte below 0x20 selects the character set; those that are not Unicode are read as Latin. */
function readText(bytes: Uint8Array, at: number, end: number): string {
  const textEnd = at + 1 + readUint8(bytes, at);
  if (textEnd > end || textEnd === at + 1) return '';
  const charset = readUint8(bytes, at + 1);
  if (charset >= 0x20) return readLatin1(bytes, at + 1, textEnd);
  if (charset === 0x15) return readUtf8(bytes, at + 2, textEnd);
  return readLatin1(bytes, Math.min(textEnd, at + (charset === 0x10 ? 4 : 2)), textEnd);
}
