/** Classic pcap, all byte orders and resolutions, and the modified one (draft-ietf-opsawg-pcap). */

import { readUint32 } from '../bytes/read.ts';
import type { ByteWindow } from './byte-window.ts';
import { type CaptureFormat, type FormatReader, MAX_FRAME_BYTES, STOPPED } from './capture-format.ts';
import type { CaptureLog } from './capture-log.ts';
import { BATCH_FRAMES, type FrameBatch } from './frame-batch.ts';
import { findRecordHeaderBytes } from './pcap-record-header.ts';

const FILE_HEADER_BYTES = 24;
/** The upper half of every magic number, which no second before 2055 has. */
const MAGIC_UPPER_HALF = 0xa1b2;
/** The answer of a reader of records where the header of another file stands. */
const ANOTHER_FILE = -2;

interface Flavour {
  readonly name: string;
  readonly isLittleEndian: boolean;
  readonly unitsPerSecond: number;
  readonly recordHeaderBytes: number;
}

const MICROSECONDS = { name: 'pcap', unitsPerSecond: 1_000_000, recordHeaderBytes: 16 };
const NANOSECONDS = { name: 'pcap (nanoseconds)', unitsPerSecond: 1_000_000_000, recordHeaderBytes: 16 };
/** Alexey Kuznetsov's patch of libpcap adds interface, protocol and packet type to each record. */
const MODIFIED = { name: 'pcap (modified)', unitsPerSecond: 1_000_000, recordHeaderBytes: 24 };

/** By the magic number as a big-endian reader sees it. */
const FLAVOURS = new Map<number, Flavour>([
  [0xa1b2c3d4, { ...MICROSECONDS, isLittleEndian: false }],
  [0xd4c3b2a1, { ...MICROSECONDS, isLittleEndian: true }],
  [0xa1b23c4d, { ...NANOSECONDS, isLittleEndian: false }],
  [0x4d3cb2a1, { ...NANOSECONDS, isLittleEndian: true }],
  [0xa1b2cd34, { ...MODIFIED, isLittleEndian: false }],
  [0x34cdb2a1, { ...MODIFIED, isLittleEndian: true }],
]);

export const pcap: CaptureFormat = {
  recognize: (bytes, start, end) => end - start >= 4 && FLAVOURS.has(readUint32(bytes, start)),
  open: (log) => new PcapReader(log),
};

class PcapReader implements FormatReader {
  readonly #log: CaptureLog;
  #flavour: Flavour | null = null;
  #linkType = 0;
  #interface = 0;
  /** Files of before version 2.3 hold the two lengths of a record the other way round, and some of 2.3 do. */
  #minorVersion = 4;

  constructor(log: CaptureLog) {
    this.#log = log;
    log.setFormat('pcap');
  }

  readFrames(window: ByteWindow, batch: FrameBatch): number {
    for (;;) {
      if (this.#flavour === null) {
        if (window.available < FILE_HEADER_BYTES) return FILE_HEADER_BYTES;
        this.#flavour = this.#readFileHeader(window);
        if (this.#flavour === null) return STOPPED;
      }
      const answer = this.#readRecords(window, batch, this.#flavour);
      if (answer !== ANOTHER_FILE) return answer;
      this.#flavour = null;
      this.#log.warnOnce(
        window.offsetOf(window.start),
        'Another capture begins here, as where files were joined byte by byte; it was read on.',
      );
    }
  }

  #readFileHeader(window: ByteWindow): Flavour | null {
    const { view, start } = window;
    const flavour = FLAVOURS.get(view.getUint32(start));
    if (flavour === undefined) return null;
    const { name, isLittleEndian } = flavour;
    this.#log.setFormat(name);
    const major = view.getUint16(start + 4, isLittleEndian);
    if (major !== 2) {
      this.#log.stop(window.offsetOf(start + 4), `pcap version 2 was expected, ${major} found`);
      return null;
    }
    this.#minorVersion = view.getUint16(start + 6, isLittleEndian);
    const linkWord = view.getUint32(start + 20, isLittleEndian);
    // Above the link type stand 10 reserved bits, and then the length of the frame check sequence.
    if ((linkWord & 0x03ff_0000) !== 0) {
      this.#log.stop(window.offsetOf(start + 20), `A link type below 65536 was expected, ${linkWord} found`);
      return null;
    }
    this.#linkType = linkWord & 0xffff;
    const snapLength = view.getUint32(start + 16, isLittleEndian);
    this.#addInterface(snapLength);
    window.start += FILE_HEADER_BYTES;
    const recordHeaderBytes = findRecordHeaderBytes(view, window.start, window.end, flavour);
    return { ...flavour, recordHeaderBytes };
  }

  /** One for each link type of files that were joined. */
  #addInterface(snapLength: number): void {
    const linkType = this.#linkType;
    const known = this.#log.info.interfaces.findIndex((each) => each.linkType === linkType);
    const added = { name: null, linkType, snapLength, filter: null, dropped: null };
    this.#interface = known >= 0 ? known : this.#log.addInterface(added);
  }

  #readRecords(window: ByteWindow, batch: FrameBatch, flavour: Flavour): number {
    const { isLittleEndian, unitsPerSecond, recordHeaderBytes } = flavour;
    const nanosecondsPerUnit = 1_000_000_000 / unitsPerSecond;
    const { view, end } = window;
    const { info } = this.#log;
    const { starts, capturedLengths, wireLengths, seconds, nanoseconds, numbers } = batch;
    const linkType = this.#linkType;
    const minorVersion = this.#minorVersion;
    let at = window.start;
    let count = batch.count;
    let bytes = 0;
    let answer = 0;

    while (count < BATCH_FRAMES) {
      if (end - at < recordHeaderBytes) {
        answer = recordHeaderBytes;
        break;
      }
      let captured = view.getUint32(at + 8, isLittleEndian);
      let wire = view.getUint32(at + 12, isLittleEndian);
      const second = view.getUint32(at, isLittleEndian);
      if (second >>> 16 === MAGIC_UPPER_HALF) {
        answer = end - at < FILE_HEADER_BYTES ? FILE_HEADER_BYTES : isFileHeader(view, at) ? ANOTHER_FILE : 0;
        if (answer !== 0) break;
      }
      if (minorVersion < 3 || (minorVersion === 3 && captured > wire)) {
        const first = captured;
        captured = wire;
        wire = first;
      }
      if (captured > MAX_FRAME_BYTES) {
        this.#log.stop(
          window.offsetOf(at),
          `A frame of at most ${MAX_FRAME_BYTES} bytes was expected, the record says ${captured}`,
        );
        answer = STOPPED;
        break;
      }
      if (end - at < recordHeaderBytes + captured) {
        answer = recordHeaderBytes + captured;
        break;
      }
      const units = view.getUint32(at + 4, isLittleEndian);
      // Writers have been seen to let the fraction run over the second.
      const carried = units < unitsPerSecond ? 0 : Math.floor(units / unitsPerSecond);
      seconds[count] = second + carried;
      nanoseconds[count] = (units - carried * unitsPerSecond) * nanosecondsPerUnit;
      starts[count] = at + recordHeaderBytes;
      capturedLengths[count] = captured;
      wireLengths[count] = wire;
      bytes += wire;
      count++;
      at += recordHeaderBytes + captured;
    }

    for (let i = batch.count; i < count; i++) numbers[i] = ++info.frames;
    batch.linkTypes.fill(linkType, batch.count, count);
    batch.interfaces.fill(this.#interface, batch.count, count);
    info.bytes += bytes;
    batch.count = count;
    window.start = at;
    return answer;
  }
}

/** Whether this is a file header and no frame of 2055, which would have a length. */
function isFileHeader(view: DataView, at: number): boolean {
  const flavour = FLAVOURS.get(view.getUint32(at));
  if (flavour === undefined) return false;
  const { isLittleEndian } = flavour;
  return (
    view.getUint16(at + 4, isLittleEndian) === 2 &&
    view.getUint16(at + 6, isLittleEndian) <= 4 &&
    view.getUint32(at + 12, isLittleEndian) === 0
  );
}
