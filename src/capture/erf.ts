/** Endace ERF (Extensible Record Format types, version 21): records without any file header. */

import { readUint8, readUint16 } from '../bytes/read.ts';
import type { ByteWindow } from './byte-window.ts';
import { type CaptureFormat, type FormatReader, STOPPED } from './capture-format.ts';
import type { CaptureLog } from './capture-log.ts';
import type { FrameBatch } from './frame-batch.ts';
import { appendFrame, FrameRecord } from './frame-record.ts';
import { LINK_TYPE } from './link-type.ts';
import { nanosecondsOfFraction } from './timestamp-unit.ts';

/** Time 8 (little endian), type 1, flags 1, record length 2, loss counter 2, wire length 2. */
const RECORD_HEADER_BYTES = 16;
const EXTENSION_BYTES = 8;
const HAS_EXTENSION = 0x80;
const INTERFACE_MASK = 0x03;

const META = 27;
const PAD = 48;
const LAST_TYPE = PAD;

interface RecordType {
  readonly linkType: number;
  /** Between the record's header and the frame. */
  readonly subheaderBytes: number;
  /** The field counts frames lost before this one; in other types it is a colour. */
  readonly hasLossCounter: boolean;
}

const ETHERNET = { linkType: LINK_TYPE.ethernet, subheaderBytes: 2, hasLossCounter: false };
const HDLC = { linkType: LINK_TYPE.pppHdlc, subheaderBytes: 0, hasLossCounter: false };

/** All others are handed on whole, as frames of link type ERF. */
const RECORD_TYPES: Record<number, RecordType> = {
  1: { ...HDLC, hasLossCounter: true },
  2: { ...ETHERNET, hasLossCounter: true },
  5: { ...HDLC, subheaderBytes: 4, hasLossCounter: true },
  10: HDLC,
  11: ETHERNET,
  15: HDLC,
  16: ETHERNET,
  17: { ...HDLC, subheaderBytes: 4 },
  19: HDLC,
  20: ETHERNET,
  22: { linkType: LINK_TYPE.ipv4, subheaderBytes: 0, hasLossCounter: true },
  23: { linkType: LINK_TYPE.ipv6, subheaderBytes: 0, hasLossCounter: true },
};

/** Cisco HDLC frames begin with the address of a unicast or broadcast frame and a zero byte (RFC 1547 section 4.3.1). */
const CISCO_ADDRESSES = [0x0f00, 0x8f00];

/** Records looked at to tell ERF, which has no signature. */
const RECOGNIZED_RECORDS = 20;
const YEAR_SECONDS = 31_536_000;

export const erf: CaptureFormat = {
  recognize: recognizeErf,
  open: (log) => new ErfReader(log),
};

/**
 * Plausible types and lengths, and times that neither run back more than a second nor leap a year. The last record may be
 * cut, as the bytes at hand are; one must be whole.
 */
function recognizeErf(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let lastSeconds: number | null = null;
  for (let i = 0; i < RECOGNIZED_RECORDS && end - at >= RECORD_HEADER_BYTES; i++) {
    const type = readUint8(bytes, at + 8) & ~HAS_EXTENSION;
    const length = readUint16(bytes, at + 10);
    if (type === 0 || type > LAST_TYPE || length < RECORD_HEADER_BYTES) return false;
    if (i === 0 && at + length > end) return false;
    if (type !== PAD) {
      const seconds = secondsOf(bytes, at);
      const step = lastSeconds === null ? 0 : seconds - lastSeconds;
      if (length === RECORD_HEADER_BYTES || step < -1 || step > YEAR_SECONDS) return false;
      lastSeconds = seconds;
    }
    at += length;
  }
  return lastSeconds !== null;
}

function secondsOf(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at + 4, 4).getUint32(0, true);
}

class ErfReader implements FormatReader {
  readonly #log: CaptureLog;
  readonly #frame = new FrameRecord();
  /** Index in the capture by the number in a record's flags. */
  readonly #interfaceIndexes = new Map<number, number>();
  #lastNumber = 0;

  constructor(log: CaptureLog) {
    this.#log = log;
    log.setFormat('ERF');
  }

  readFrames(window: ByteWindow, batch: FrameBatch): number {
    while (!batch.isFull) {
      if (window.available < RECORD_HEADER_BYTES) return RECORD_HEADER_BYTES;
      const { view, start } = window;
      const length = view.getUint16(start + 10);
      const type = view.getUint8(start + 8) & ~HAS_EXTENSION;
      if (length < RECORD_HEADER_BYTES || (length === RECORD_HEADER_BYTES && type !== PAD)) {
        this.#log.stop(window.offsetOf(start), `An ERF record with a frame was expected, one of ${length} bytes found`);
        return STOPPED;
      }
      if (window.available < length) return length;
      if (type !== PAD) this.#lastNumber++;
      if (type !== PAD && type !== META) this.#addFrame(window, batch, type, length);
      window.start += length;
    }
    return 0;
  }

  #addFrame({ view, start }: ByteWindow, batch: FrameBatch, type: number, length: number): void {
    const frame = this.#frame;
    const known = RECORD_TYPES[type];
    const headerBytes = known === undefined ? 0 : headerBytesOf(view, start, length) + known.subheaderBytes;
    const wireLength = view.getUint16(start + 14);
    frame.start = start + Math.min(headerBytes, length);
    frame.capturedLength = Math.min(Math.max(0, length - headerBytes), known === undefined ? length : wireLength);
    frame.wireLength = known === undefined ? Math.max(length, wireLength) : wireLength;
    frame.linkType = linkTypeOf(view, frame, known);
    frame.interfaceIndex = this.#interfaceIndexOf(view.getUint8(start + 9) & INTERFACE_MASK, frame.linkType);
    frame.number = this.#lastNumber;
    this.#setTime(view.getUint32(start + 4, true), view.getUint32(start, true));
    if (known?.hasLossCounter === true) this.#countLoss(frame.interfaceIndex, view.getUint16(start + 12));
    appendFrame(batch, frame, this.#log);
  }

  /** The fraction is of 2^-32 s; it is rounded to the nearest nanosecond, as Wireshark does. */
  #setTime(seconds: number, fraction: number): void {
    const nanoseconds = nanosecondsOfFraction(fraction, 'nearest');
    const isNextSecond = nanoseconds === 1_000_000_000;
    this.#frame.seconds = seconds + (isNextSecond ? 1 : 0);
    this.#frame.nanoseconds = isNextSecond ? 0 : nanoseconds;
  }

  #countLoss(index: number, lost: number): void {
    const source = this.#log.info.interfaces[index];
    if (source !== undefined) source.dropped = (source.dropped ?? 0) + lost;
  }

  #interfaceIndexOf(port: number, linkType: number): number {
    const known = this.#interfaceIndexes.get(port);
    if (known !== undefined) return known;
    const name = `Port ${'ABCD'.charAt(port)}`;
    const index = this.#log.addInterface({ name, linkType, snapLength: 0, filter: null, dropped: null });
    this.#interfaceIndexes.set(port, index);
    return index;
  }
}

/** With its extension headers, each of which says whether another follows. */
function headerBytesOf(view: DataView, start: number, length: number): number {
  let bytes = RECORD_HEADER_BYTES;
  let hasMore = (view.getUint8(start + 8) & HAS_EXTENSION) !== 0;
  while (hasMore && bytes + EXTENSION_BYTES <= length) {
    hasMore = (view.getUint8(start + bytes) & HAS_EXTENSION) !== 0;
    bytes += EXTENSION_BYTES;
  }
  return bytes;
}

function linkTypeOf(view: DataView, frame: FrameRecord, known: RecordType | undefined): number {
  if (known === undefined) return LINK_TYPE.erf;
  if (known.linkType !== LINK_TYPE.pppHdlc || frame.capturedLength < 2) return known.linkType;
  return CISCO_ADDRESSES.includes(view.getUint16(frame.start)) ? LINK_TYPE.cHdlc : LINK_TYPE.pppHdlc;
}
