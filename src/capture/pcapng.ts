/** pcapng (draft-ietf-opsawg-pcapng): any number of sections, each with its byte order and interfaces. */

import { readUint32 } from '../bytes/read.ts';
import { type ByteWindow, MAX_RECORD_BYTES } from './byte-window.ts';
import { type CaptureFormat, type FormatReader, MAX_FRAME_BYTES, STOPPED } from './capture-format.ts';
import { type CaptureLog, MAX_COMMENT_BYTES } from './capture-log.ts';
import type { FrameBatch } from './frame-batch.ts';
import { appendFrame, FrameRecord } from './frame-record.ts';
import { countDropped, type PcapngInterface, readInterface, readStatistics } from './pcapng-interface.ts';
import { OptionCursor, readOptionCount, readOptionText } from './pcapng-option.ts';

const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  oldPacket: 2,
  simplePacket: 3,
  statistics: 5,
  enhancedPacket: 6,
  journal: 9,
  custom: 0x0bad,
  customNotCopied: 0x4000_0bad,
};

/** Type and length before the body, length again behind it. */
const BLOCK_OVERHEAD = 12;
/** Block header, byte-order magic: what it takes to know a section's byte order. */
const SECTION_PREFIX_BYTES = 12;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SWAPPED_MAGIC = 0x4d3c2b1a;

const SECTION_HEADER_BYTES = 16;
const INTERFACE_HEADER_BYTES = 8;
const PACKET_HEADER_BYTES = 20;
const SIMPLE_PACKET_HEADER_BYTES = 4;
const STATISTICS_HEADER_BYTES = 12;

/**
 * The fixed part of the body, before options or data, of the blocks that are read. All others are passed over without being
 * held: names, secrets, journals and whatever is still to be invented.
 */
const FIXED_BODY_BYTES = new Map<number, number>([
  [BLOCK.section, SECTION_HEADER_BYTES],
  [BLOCK.interface, INTERFACE_HEADER_BYTES],
  [BLOCK.oldPacket, PACKET_HEADER_BYTES],
  [BLOCK.simplePacket, SIMPLE_PACKET_HEADER_BYTES],
  [BLOCK.statistics, STATISTICS_HEADER_BYTES],
  [BLOCK.enhancedPacket, PACKET_HEADER_BYTES],
]);

const COMMENT = 1;
const FRAME_DROP_COUNT = 4;
const UNKNOWN_DROPS = 0xffff;
/** More cannot be told apart in a batch. */
const MAX_INTERFACES = 0xffff;

export const pcapng: CaptureFormat = {
  recognize: (bytes, start, end) =>
    end - start >= SECTION_PREFIX_BYTES &&
    readUint32(bytes, start) === BLOCK.section &&
    [BYTE_ORDER_MAGIC, SWAPPED_MAGIC].includes(readUint32(bytes, start + 8)),
  open: (log) => new PcapngReader(log),
};

class PcapngReader implements FormatReader {
  readonly #log: CaptureLog;
  #isLittleEndian = true;
  #interfaces: PcapngInterface[] = [];
  /** Number of the last record that Wireshark counts as a frame. */
  #lastNumber = 0;
  /** Keeps the time of the frame before. */
  readonly #frame = new FrameRecord();

  constructor(log: CaptureLog) {
    this.#log = log;
    log.setFormat('pcapng');
  }

  readFrames(window: ByteWindow, batch: FrameBatch): number {
    while (!batch.isFull) {
      if (window.available < BLOCK_OVERHEAD) return BLOCK_OVERHEAD;
      const { view, start } = window;
      // The section's type reads the same in both byte orders.
      const isSection = view.getUint32(start) === BLOCK.section;
      if (isSection && !this.#readByteOrder(window)) return STOPPED;
      const type = view.getUint32(start, this.#isLittleEndian);
      const stated = view.getUint32(start + 4, this.#isLittleEndian);
      if (stated < BLOCK_OVERHEAD)
        return this.#stop(window, `A block of at least ${BLOCK_OVERHEAD} bytes was expected, this one says ${stated}`);
      // Some writers leave the padding out of the length.
      const length = Math.ceil(stated / 4) * 4;
      const fixedBytes = FIXED_BODY_BYTES.get(type);
      if (fixedBytes === undefined) {
        if (isNumbered(type)) this.#lastNumber++;
        window.skip(length);
        if (window.skipping > 0) return window.skipping;
        continue;
      }
      if (length > MAX_RECORD_BYTES)
        return this.#stop(window, `A block of at most ${MAX_RECORD_BYTES} bytes was expected, this one says ${stated}`);
      if (window.available < length) return length;
      const repeated = view.getUint32(start + length - 4, this.#isLittleEndian);
      if (repeated !== stated)
        return this.#stop(window, `A block's two lengths should be equal, ${stated} and ${repeated} found`);
      if (stated < BLOCK_OVERHEAD + fixedBytes)
        return this.#stop(
          window,
          `A block of type ${type} needs ${fixedBytes} bytes of body, it has ${stated - BLOCK_OVERHEAD}`,
        );
      if (!this.#readBlock(window, batch, type, start + 8, start + length - 4)) return STOPPED;
      window.start = start + length;
    }
    return 0;
  }

  #readByteOrder(window: ByteWindow): boolean {
    const magic = window.view.getUint32(window.start + 8);
    this.#isLittleEndian = magic === SWAPPED_MAGIC;
    if (magic === BYTE_ORDER_MAGIC || magic === SWAPPED_MAGIC) return true;
    this.#stop(window, `A section's byte-order mark was expected, 0x${magic.toString(16)} found`);
    return false;
  }

  /** Body and options of the block are [start, end). */
  #readBlock(window: ByteWindow, batch: FrameBatch, type: number, start: number, end: number): boolean {
    const { view } = window;
    switch (type) {
      case BLOCK.enhancedPacket:
        return this.#readPacket(window, batch, view.getUint32(start, this.#isLittleEndian), start, end);
      case BLOCK.oldPacket:
        return this.#readOldPacket(window, batch, start, end);
      case BLOCK.simplePacket:
        return this.#readSimplePacket(window, batch, start, end);
      case BLOCK.section:
        return this.#readSection(window, start, end);
      case BLOCK.interface:
        return this.#readInterface(window, start, end);
      default:
        return this.#readStatistics(window, start, end);
    }
  }

  /** The old block has an identifier of half the length, and a drop count behind it. */
  #readOldPacket(window: ByteWindow, batch: FrameBatch, start: number, end: number): boolean {
    const id = window.view.getUint16(start, this.#isLittleEndian);
    const drops = window.view.getUint16(start + 2, this.#isLittleEndian);
    const source = this.#interfaces[id];
    if (source !== undefined && drops !== UNKNOWN_DROPS && drops > 0) countDropped(source, drops);
    return this.#readPacket(window, batch, id, start, end);
  }

  #readPacket(window: ByteWindow, batch: FrameBatch, id: number, start: number, end: number): boolean {
    const { view } = window;
    const isLittleEndian = this.#isLittleEndian;
    const source = this.#interfaceOf(window, id);
    if (source === null) return false;
    source.unit.split(view.getUint32(start + 4, isLittleEndian), view.getUint32(start + 8, isLittleEndian));
    this.#frame.seconds = source.unit.seconds;
    this.#frame.nanoseconds = source.unit.nanoseconds;
    const captured = view.getUint32(start + 12, isLittleEndian);
    const wire = view.getUint32(start + 16, isLittleEndian);
    return this.#addFrame(window, batch, source, start + PACKET_HEADER_BYTES, end, captured, wire);
  }

  /** Simple packets have no time: they get that of the frame before, so that nothing seems to happen in 1970. */
  #readSimplePacket(window: ByteWindow, batch: FrameBatch, start: number, end: number): boolean {
    const source = this.#interfaceOf(window, 0);
    if (source === null) return false;
    this.#log.warnOnce(window.offsetOf(start), 'Frames without a time were given the time of the frame before them.');
    const wire = window.view.getUint32(start, this.#isLittleEndian);
    const dataStart = start + SIMPLE_PACKET_HEADER_BYTES;
    const stored = source.snapLength === 0 ? wire : Math.min(wire, source.snapLength);
    return this.#addFrame(window, batch, source, dataStart, end, Math.min(stored, end - dataStart), wire);
  }

  #addFrame(
    window: ByteWindow,
    batch: FrameBatch,
    source: PcapngInterface,
    dataStart: number,
    end: number,
    captured: number,
    wire: number,
  ): boolean {
    const largest = Math.min(MAX_FRAME_BYTES, end - dataStart);
    if (captured > largest) {
      this.#stop(window, `A frame of at most ${largest} bytes was expected, the block says ${captured}`);
      return false;
    }
    const number = this.#lastNumber + 1;
    const optionsStart = dataStart + ((captured + 3) & ~3);
    if (end - optionsStart >= 4 && !this.#readFrameOptions(window, optionsStart, end, number, source)) return false;
    this.#lastNumber = number;
    const frame = this.#frame;
    frame.start = dataStart;
    frame.capturedLength = captured;
    frame.wireLength = wire;
    frame.linkType = source.linkType;
    frame.interfaceIndex = source.index;
    frame.number = number;
    appendFrame(batch, frame, this.#log);
    return true;
  }

  #readFrameOptions(window: ByteWindow, start: number, end: number, number: number, source: PcapngInterface): boolean {
    const { bytes, view } = window;
    const option = new OptionCursor(view, start, end, this.#isLittleEndian);
    while (option.next()) {
      if (option.code === COMMENT) this.#log.comment(number, readOptionText(bytes, option, MAX_COMMENT_BYTES));
      if (option.code !== FRAME_DROP_COUNT) continue;
      const count = readOptionCount(view, option, this.#isLittleEndian);
      if (count !== null) countDropped(source, count);
    }
    if (option.isBroken) this.#stop(window, 'An option of a frame reaches beyond its block');
    return !option.isBroken;
  }

  #readSection(window: ByteWindow, start: number, end: number): boolean {
    const { bytes, view } = window;
    const major = view.getUint16(start + 4, this.#isLittleEndian);
    if (major !== 1) {
      this.#stop(window, `pcapng version 1 was expected, ${major} found`);
      return false;
    }
    this.#interfaces = [];
    const option = new OptionCursor(view, start + SECTION_HEADER_BYTES, end, this.#isLittleEndian);
    while (option.next()) {
      if (option.code === COMMENT) this.#log.comment(0, readOptionText(bytes, option, MAX_COMMENT_BYTES));
    }
    if (option.isBroken) this.#stop(window, 'An option of a section reaches beyond its block');
    return !option.isBroken;
  }

  #readInterface(window: ByteWindow, start: number, end: number): boolean {
    if (this.#log.info.interfaces.length > MAX_INTERFACES) {
      this.#stop(window, `At most ${MAX_INTERFACES} interfaces were expected`);
      return false;
    }
    const added = readInterface(window, start, end, this.#isLittleEndian, this.#log);
    if (added === null) this.#stop(window, 'An option of an interface reaches beyond its block');
    else this.#interfaces.push(added);
    return added !== null;
  }

  #readStatistics(window: ByteWindow, start: number, end: number): boolean {
    const target = this.#interfaceOf(window, window.view.getUint32(start, this.#isLittleEndian));
    if (target === null) return false;
    readStatistics(window.view, start + STATISTICS_HEADER_BYTES, end, this.#isLittleEndian, target);
    return true;
  }

  #interfaceOf(window: ByteWindow, id: number): PcapngInterface | null {
    const found = this.#interfaces[id];
    if (found !== undefined) return found;
    this.#stop(window, `Interface ${id} was never described (${this.#interfaces.length} are in this section)`);
    return null;
  }

  #stop(window: ByteWindow, text: string): typeof STOPPED {
    this.#log.stop(window.offsetOf(window.start), text);
    return STOPPED;
  }
}

/** Wireshark shows these as frames of their own, so they take a number here too. */
function isNumbered(type: number): boolean {
  return type === BLOCK.journal || type === BLOCK.custom || type === BLOCK.customNotCopied;
}
