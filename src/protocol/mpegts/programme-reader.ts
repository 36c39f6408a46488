/**
 * The tables of a transport stream that say what it carries: PAT and PMT (ISO/IEC 13818-1 section 2.4.4) and the service
 * description (ETSI EN 300 468 section 5.2.3). Only sections that lie within one cell are read; that is the usual case.
 */

import { readLatin1, readUint8, readUint16, readUtf8 } from '../../bytes/read.ts';
import { readPid, TS_CELL_BYTES } from './ts-packet.ts';

const PAT_PID = 0;
const SDT_PID = 0x11;
const PAT_TABLE = 0x00;
const PMT_TABLE = 0x02;
const SDT_TABLE = 0x42;
const SERVICE_DESCRIPTOR = 0x48;
const MOST_PROGRAMMES = 16;
const MOST_CODECS = 8;

/** ISO/IEC 13818-1 table 2-34 and what registries added. */
const STREAM_TYPES: ReadonlyMap<number, string> = new Map([
  [0x01, 'MPEG-1 video'],
  [0x02, 'MPEG-2 video'],
  [0x03, 'MPEG-1 audio'],
  [0x04, 'MPEG-2 audio'],
  [0x06, 'private data'],
  [0x0f, 'AAC'],
  [0x10, 'MPEG-4 video'],
  [0x11, 'AAC (LATM)'],
  [0x1b, 'H264'],
  [0x20, 'H264 MVC'],
  [0x24, 'H265'],
  [0x33, 'H266'],
  [0x42, 'AVS'],
  [0x81, 'AC-3'],
  [0x86, 'SCTE 35'],
  [0x87, 'E-AC-3'],
]);

interface Section {
  readonly tableId: number;
  /** After the eight bytes of the long header. */
  readonly start: number;
  /** Before the CRC. */
  readonly end: number;
}

export class ProgrammeReader {
  readonly #pmtPids = new Set<number>();
  readonly #readPmts = new Set<number>();
  readonly #codecs = new Set<string>();
  #serviceName = '';

  /** Of all programmes, as `H264, AAC`. */
  get codecs(): string {
    return [...this.#codecs].join(', ');
  }

  /** Not safe to print. */
  get programme(): string {
    return this.#serviceName;
  }

  /** True when the programmes are known and each one's streams were read; a name comes late or never. */
  get isComplete(): boolean {
    return this.#pmtPids.size > 0 && this.#readPmts.size === this.#pmtPids.size && this.#serviceName !== '';
  }

  /** True when one of the cells in [start, end) told something new; an arrival time may stand before each. */
  readCells(bytes: Uint8Array, start: number, end: number, cellBytes: number): boolean {
    let hasNews = false;
    for (let cell = start; cell + cellBytes <= end; cell += cellBytes) {
      if (this.#readCell(bytes, cell + cellBytes - TS_CELL_BYTES)) hasNews = true;
    }
    return hasNews;
  }

  #readCell(bytes: Uint8Array, cell: number): boolean {
    const pid = readPid(bytes, cell);
    if (pid !== PAT_PID && pid !== SDT_PID && !this.#pmtPids.has(pid)) return false;
    const section = findSection(bytes, cell);
    if (section === null) return false;
    const codecs = this.#codecs.size;
    const serviceName = this.#serviceName;
    if (pid === PAT_PID && section.tableId === PAT_TABLE) this.#readPat(bytes, section);
    else if (pid === SDT_PID && section.tableId === SDT_TABLE) this.#readSdt(bytes, section);
    else if (section.tableId === PMT_TABLE) this.#readPmt(bytes, section, pid);
    return this.#codecs.size > codecs || this.#serviceName !== serviceName;
  }

  #readPat(bytes: Uint8Array, section: Section): void {
    for (let at = section.start; at + 4 <= section.end && this.#pmtPids.size < MOST_PROGRAMMES; at += 4) {
      const isNetworkTable = readUint16(bytes, at) === 0;
      if (!isNetworkTable) this.#pmtPids.add(readUint16(bytes, at + 2) & 0x1fff);
    }
  }

  #readPmt(bytes: Uint8Array, section: Section, pid: number): void {
    this.#readPmts.add(pid);
    let at = section.start + 4 + (readUint16(bytes, section.start + 2) & 0x0fff);
    while (at + 5 <= section.end && this.#codecs.size < MOST_CODECS) {
      const type = readUint8(bytes, at);
      this.#codecs.add(STREAM_TYPES.get(type) ?? `stream type 0x${type.toString(16)}`);
      at += 5 + (readUint16(bytes, at + 3) & 0x0fff);
    }
  }

  /** The name in the first service's descriptor; a first byte below 0x20 selects its character set. */
  #readSdt(bytes: Uint8Array, section: Section): void {
    let at = section.start + 3 + 5;
    while (at + 2 <= section.end) {
      const length = readUint8(bytes, at + 1);
      if (readUint8(bytes, at) === SERVICE_DESCRIPTOR) {
        const providerLength = readUint8(bytes, at + 3);
        const name = at + 4 + providerLength;
        const nameEnd = Math.min(section.end, name + 1 + readUint8(bytes, name));
        const hasCharset = readUint8(bytes, name + 1) < 0x20;
        const isUtf8 = readUint8(bytes, name + 1) === 0x15;
        const read = isUtf8 ? readUtf8 : readLatin1;
        if (nameEnd > name + 1) this.#serviceName = read(bytes, name + (hasCharset ? 2 : 1), nameEnd);
        return;
      }
      at += 2 + length;
    }
  }
}

/** The long section that starts in this cell, or null when none does or it goes beyond the cell. */
function findSection(bytes: Uint8Array, cell: number): Section | null {
  const cellEnd = cell + TS_CELL_BYTES;
  const hasStart = (readUint8(bytes, cell + 1) & 0x40) !== 0;
  const adaptation = readUint8(bytes, cell + 3) & 0x30;
  if (!hasStart || (adaptation & 0x10) === 0) return null;
  const afterAdaptation = adaptation === 0x30 ? cell + 5 + readUint8(bytes, cell + 4) : cell + 4;
  const table = afterAdaptation + 1 + readUint8(bytes, afterAdaptation);
  if (table + 12 > cellEnd) return null;
  const end = table + 3 + (readUint16(bytes, table + 1) & 0x0fff) - 4;
  return end <= cellEnd && end >= table + 8 ? { tableId: readUint8(bytes, table), start: table + 8, end } : null;
}
