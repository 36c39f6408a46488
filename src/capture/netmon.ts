/** Microsoft Network Monitor 1 and 2 ("Capture File Format" in the help of Network Monitor 3.4). */

import { startsWithAscii } from '../bytes/read.ts';
import type { ByteWindow } from './byte-window.ts';
import { type CaptureFormat, type FormatReader, MAX_FRAME_BYTES, STOPPED } from './capture-format.ts';
import type { CaptureLog } from './capture-log.ts';
import type { FrameBatch } from './frame-batch.ts';
import { appendFrame, FrameRecord } from './frame-record.ts';
import { LINK_TYPE } from './link-type.ts';
import { FrameTable } from './netmon-frame-table.ts';
import { TimestampUnit } from './timestamp-unit.ts';

const FILE_HEADER_BYTES = 128;

/** Network types of the file or, from version 2.1 on, of each frame. */
const LINK_TYPES: Record<number, number> = {
  // Frames of virtual private networks say 0 and are Ethernet all the same.
  0: LINK_TYPE.ethernet,
  1: LINK_TYPE.ethernet,
  2: LINK_TYPE.tokenRing,
  3: LINK_TYPE.fddi,
  7: LINK_TYPE.raw,
  8: LINK_TYPE.raw,
  9: LINK_TYPE.raw,
  57472: LINK_TYPE.ieee80211,
};
/** Microsoft's own types stand in the middle of those that are a pcap link type with 0xe000 added. */
const PCAP_NETWORKS = { first: 0xe000, last: 0xefff, ownFirst: 0xe080, ownLast: 0xe08a };
/** Reassembled payload, adapters, names: Wireshark leaves them out. */
const HIDDEN_NETWORKS = [0xfffc, 0xfffd, 0xfffe];
/** Events, adapters, filters: Wireshark shows them as frames. */
const FIRST_METADATA_NETWORK = 0xff00;

/** Behind each frame, by minor version: network 2, process 4, time 8 and time zone 1. */
const TRAILER_BYTES = [0, 2, 6, 15] as const;
const TRAILER_TIME = 6;
const FIRST_MINOR_WITH_NETWORK = 1;
const FIRST_MINOR_WITH_TIME = 3;

/** From 1601, where Windows begins to count, to 1970. */
const FILETIME_OFFSET_SECONDS = -11_644_473_600;

export const netmon: CaptureFormat = {
  recognize: (bytes, start, end) =>
    startsWithAscii(bytes, start, end, 'GMBU') || startsWithAscii(bytes, start, end, 'RTSS'),
  open: (log) => new NetmonReader(log),
};

class NetmonReader implements FormatReader {
  readonly #log: CaptureLog;
  readonly #frame = new FrameRecord();
  readonly #microseconds = new TimestampUnit(6, false, 0);
  readonly #fileTime = new TimestampUnit(7, false, FILETIME_OFFSET_SECONDS);
  #table: FrameTable | null = null;
  #hasWideHeader = true;
  #minorVersion = 0;
  #startSeconds = 0;
  #startNanoseconds = 0;
  #linkType = 0;
  #lastNumber = 0;

  constructor(log: CaptureLog) {
    this.#log = log;
    log.setFormat('Network Monitor');
  }

  readFrames(window: ByteWindow, batch: FrameBatch): number {
    if (this.#table === null) {
      if (window.available < FILE_HEADER_BYTES) return FILE_HEADER_BYTES;
      this.#table = this.#readFileHeader(window);
      if (this.#table === null) return STOPPED;
    }
    while (!batch.isFull) {
      const needed = this.#table.seekNext(window) || this.#readRecord(window, batch);
      if (needed !== 0) return needed;
      this.#table.advance();
    }
    return 0;
  }

  #readFileHeader(window: ByteWindow): FrameTable | null {
    const { view, start } = window;
    const [minor, major] = [view.getUint8(start + 4), view.getUint8(start + 5)];
    if (major !== 1 && major !== 2) {
      this.#log.stop(window.offsetOf(start + 5), `Network Monitor version 1 or 2 was expected, ${major} found`);
      return null;
    }
    this.#log.setFormat(`Network Monitor ${major}.${minor}`);
    this.#hasWideHeader = major === 2;
    this.#minorVersion = major === 2 ? minor : 0;
    this.#linkType = this.#linkTypeOf(view.getUint16(start + 6, true));
    const field = (index: number) => view.getUint16(start + 8 + 2 * index, true);
    // The time is that of the place of the capture, which the file does not name; field 2 is the day of the week.
    const started = new Date(field(0), field(1) - 1, field(3), field(4), field(5), field(6)).getTime();
    this.#startSeconds = Number.isNaN(started) ? 0 : Math.floor(started / 1000);
    this.#startNanoseconds = field(7) * 1_000_000;
    if (this.#minorVersion < FIRST_MINOR_WITH_TIME)
      this.#log.warn(
        null,
        'The file states its times without a time zone; they were taken for the one of this computer.',
      );
    this.#log.addInterface({ name: null, linkType: this.#linkType, snapLength: 0, filter: null, dropped: null });
    const table = new FrameTable(view.getUint32(start + 24, true), view.getUint32(start + 28, true), this.#log);
    window.start += FILE_HEADER_BYTES;
    return table;
  }

  /** 0 when the record was read, else what `readFrames` is to answer. */
  #readRecord(window: ByteWindow, batch: FrameBatch): number {
    const headerBytes = this.#hasWideHeader ? 16 : 8;
    if (window.available < headerBytes) return headerBytes;
    const { view, start } = window;
    const wire = this.#hasWideHeader ? view.getUint32(start + 8, true) : view.getUint16(start + 4, true);
    const captured = this.#hasWideHeader ? view.getUint32(start + 12, true) : view.getUint16(start + 6, true);
    if (captured > MAX_FRAME_BYTES) {
      this.#log.stop(
        window.offsetOf(start),
        `A frame of at most ${MAX_FRAME_BYTES} bytes was expected, the record says ${captured}`,
      );
      return STOPPED;
    }
    const trailer = start + headerBytes + captured;
    const length = headerBytes + captured + (TRAILER_BYTES[Math.min(this.#minorVersion, 3)] ?? 0);
    if (window.available < length) return length;
    window.start += length;
    const network = this.#minorVersion >= FIRST_MINOR_WITH_NETWORK ? view.getUint16(trailer, true) : null;
    if (network !== null && HIDDEN_NETWORKS.includes(network)) return 0;
    this.#lastNumber++;
    if (network !== null && network >= FIRST_METADATA_NETWORK) return 0;
    this.#setTime(view, start, trailer);
    const frame = this.#frame;
    frame.start = start + headerBytes;
    frame.capturedLength = captured;
    frame.wireLength = wire;
    frame.linkType = network === null ? this.#linkType : this.#linkTypeOf(network);
    frame.number = this.#lastNumber;
    appendFrame(batch, frame, this.#log);
    return 0;
  }

  #setTime(view: DataView, start: number, trailer: number): void {
    const frame = this.#frame;
    if (this.#minorVersion >= FIRST_MINOR_WITH_TIME) {
      const at = trailer + TRAILER_TIME;
      this.#fileTime.split(view.getUint32(at + 4, true), view.getUint32(at, true));
      frame.seconds = this.#fileTime.seconds;
      frame.nanoseconds = this.#fileTime.nanoseconds;
      return;
    }
    let nanoseconds = this.#startNanoseconds;
    if (this.#hasWideHeader) {
      this.#splitDelta(view.getUint32(start + 4, true), view.getUint32(start, true));
      frame.seconds = this.#startSeconds + this.#microseconds.seconds;
      nanoseconds += this.#microseconds.nanoseconds;
    } else {
      const milliseconds = view.getUint32(start, true);
      frame.seconds = this.#startSeconds + Math.floor(milliseconds / 1000);
      nanoseconds += (milliseconds % 1000) * 1_000_000;
    }
    frame.seconds += Math.floor(nanoseconds / 1_000_000_000);
    frame.nanoseconds = nanoseconds % 1_000_000_000;
  }

  /** A frame may lie before the start: ten times the value, cut to 64 bits, is then negative. */
  #splitDelta(high: number, low: number): void {
    this.#microseconds.split(high, low);
    if (high < 0x0ccc_cccc) return;
    const tenths = BigInt.asIntN(64, ((BigInt(high) << 32n) | BigInt(low)) * 10n);
    const seconds = Math.floor(Number(tenths) / 1e7);
    this.#microseconds.seconds = seconds;
    this.#microseconds.nanoseconds = Number(tenths - BigInt(seconds) * 10_000_000n) * 100;
  }

  #linkTypeOf(network: number): number {
    const known = LINK_TYPES[network];
    if (known !== undefined) return known;
    const isOwn = network >= PCAP_NETWORKS.ownFirst && network <= PCAP_NETWORKS.ownLast;
    if (network >= PCAP_NETWORKS.first && network <= PCAP_NETWORKS.last && !isOwn) return network - PCAP_NETWORKS.first;
    this.#log.warnOnce(null, `Frames of Network Monitor network type ${network} cannot be decoded.`);
    return LINK_TYPE.unknown;
  }
}
