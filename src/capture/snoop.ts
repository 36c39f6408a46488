/** Solaris snoop (RFC 1761), with the link types of Solaris and of Shomiti Surveyor. */

import { startsWithAscii } from '../bytes/read.ts';
import type { ByteWindow } from './byte-window.ts';
import { type CaptureFormat, type FormatReader, MAX_FRAME_BYTES, STOPPED } from './capture-format.ts';
import type { CaptureLog } from './capture-log.ts';
import type { CaptureInterface, FrameBatch } from './frame-batch.ts';
import { appendFrame, FrameRecord } from './frame-record.ts';
import { LINK_TYPE } from './link-type.ts';

const MAGIC = 'snoop\0\0\0';
const FILE_HEADER_BYTES = 16;
const RECORD_HEADER_BYTES = 24;
/** 2 is Sun's; Surveyor wrote up to 5 with its own hardware. */
const VERSIONS = { first: 2, last: 5 };

const LINK_TYPES: Record<number, number> = {
  0: LINK_TYPE.ethernet,
  2: LINK_TYPE.tokenRing,
  4: LINK_TYPE.ethernet,
  8: LINK_TYPE.fddi,
  9: LINK_TYPE.null,
  // Surveyor: fast, gigabit and 10 gigabit Ethernet.
  10: LINK_TYPE.ethernet,
  12: LINK_TYPE.ethernet,
  14: LINK_TYPE.null,
  19: LINK_TYPE.ethernet,
  25: LINK_TYPE.ethernet,
};

export const snoop: CaptureFormat = {
  recognize: (bytes, start, end) => startsWithAscii(bytes, start, end, MAGIC),
  open: (log) => new SnoopReader(log),
};

class SnoopReader implements FormatReader {
  readonly #log: CaptureLog;
  readonly #frame = new FrameRecord();
  #interface: CaptureInterface | null = null;

  constructor(log: CaptureLog) {
    this.#log = log;
    log.setFormat('snoop');
  }

  readFrames(window: ByteWindow, batch: FrameBatch): number {
    if (this.#interface === null) {
      if (window.available < FILE_HEADER_BYTES) return FILE_HEADER_BYTES;
      this.#interface = this.#readFileHeader(window);
      if (this.#interface === null) return STOPPED;
    }
    while (!batch.isFull) {
      if (window.available < RECORD_HEADER_BYTES) return RECORD_HEADER_BYTES;
      const { view, start } = window;
      const captured = view.getUint32(start + 4);
      const length = view.getUint32(start + 8);
      if (captured > MAX_FRAME_BYTES || length < RECORD_HEADER_BYTES + captured) {
        const found = `a record of ${length} bytes says ${captured}`;
        this.#log.stop(window.offsetOf(start), `A frame of at most ${MAX_FRAME_BYTES} bytes was expected, ${found}`);
        return STOPPED;
      }
      if (window.available < RECORD_HEADER_BYTES + captured) return RECORD_HEADER_BYTES + captured;
      this.#addFrame(window, batch, this.#interface, captured);
      window.skip(length);
      if (window.skipping > 0) return window.skipping;
    }
    return 0;
  }

  #readFileHeader(window: ByteWindow): CaptureInterface | null {
    const { view, start } = window;
    const version = view.getUint32(start + 8);
    if (version < VERSIONS.first || version > VERSIONS.last) {
      this.#log.stop(window.offsetOf(start + 8), `snoop version 2 was expected, ${version} found`);
      return null;
    }
    const type = view.getUint32(start + 12);
    const linkType = LINK_TYPES[type] ?? LINK_TYPE.unknown;
    if (linkType === LINK_TYPE.unknown)
      this.#log.warn(window.offsetOf(start + 12), `Frames of snoop link type ${type} cannot be decoded.`);
    const only = { name: null, linkType, snapLength: 0, filter: null, dropped: null };
    this.#log.addInterface(only);
    window.start += FILE_HEADER_BYTES;
    return only;
  }

  #addFrame({ view, start }: ByteWindow, batch: FrameBatch, source: CaptureInterface, captured: number): void {
    const frame = this.#frame;
    frame.start = start + RECORD_HEADER_BYTES;
    frame.capturedLength = captured;
    frame.wireLength = view.getUint32(start);
    // The count runs over the whole capture.
    source.dropped = view.getUint32(start + 12);
    frame.seconds = view.getUint32(start + 16);
    const microseconds = view.getUint32(start + 20);
    const carried = Math.floor(microseconds / 1_000_000);
    frame.seconds += carried;
    frame.nanoseconds = (microseconds - carried * 1_000_000) * 1000;
    frame.linkType = source.linkType;
    frame.number = this.#log.info.frames + 1;
    appendFrame(batch, frame, this.#log);
  }
}
