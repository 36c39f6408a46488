/**
 * The packets of Windows Media in an HTTP body, MS-WMSP section 2.2.3. Lengths are little-endian and count what follows them.
 *
 *  0             1    2        4           8       9       10
 *  | '$' (B bit) | id | length | location | incarnation | flags | size |  payload   for H, D and M
 *  | '$' (B bit) | id | length | reason   |                                      for C and E
 */

import { readUint8, readUint16Le, readUint32Le } from '../../bytes/read.ts';
import { eachByte } from '../first-bytes.ts';
import { type ItemReader, ItemStream } from '../text/item-stream.ts';
import type { BodyListener } from './http-reader.ts';

/** Its top bit, if set, says that the next packet follows at once. */
const MARK = 0x24;
export const MMSH_FIRST_BYTES = eachByte(MARK, MARK | 0x80);
const HEADER_BYTES = 4;
/** All that the proof of a packet needs. */
export const DATA_HEADER_BYTES = 12;
const REASON_BYTES = 8;
/** A few headers' worth: payloads are not held. */
const MOST_HELD_BYTES = 64;
const IDS = 'HDMCEPTF';
const DATA_ID = 0x44;
const HEADER_ID = 0x48;

export type MmshPacketId = 'header' | 'data' | 'metadata' | 'stream change' | 'end' | 'other';

const NAMES: Readonly<Record<string, MmshPacketId>> = {
  H: 'header',
  D: 'data',
  M: 'metadata',
  C: 'stream change',
  E: 'end',
};

/** True where a data or header packet starts with this mark: its size stands twice, which chance does not give. */
function isMmshData(bytes: Uint8Array, start: number): boolean {
  const id = readUint8(bytes, start + 1);
  if (id !== DATA_ID && id !== HEADER_ID) return false;
  const length = readUint16Le(bytes, start + 2);
  return length > 8 && readUint16Le(bytes, start + 10) === length;
}

/** Offset of a packet that proves itself in [start, end), or -1. */
export function findMmshData(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at <= end - DATA_HEADER_BYTES; at++) {
    if (isMark(readUint8(bytes, at)) && isMmshData(bytes, at)) return at;
  }
  return -1;
}

/** `reason` is that of an end or a change, 0 for the others. */
export type MmshPacketListener = (id: MmshPacketId, reason: number) => void;

export class MmshFrames implements BodyListener, ItemReader {
  readonly #stream = new ItemStream(this, MOST_HELD_BYTES);
  readonly #listener: MmshPacketListener;
  #isLost: boolean;

  constructor(listener: MmshPacketListener, isWithin = false) {
    this.#listener = listener;
    this.#isLost = isWithin;
  }

  data(bytes: Uint8Array, start: number, end: number): boolean {
    this.#stream.feed(bytes, start, end);
    return true;
  }

  gap(length: number): void {
    this.#stream.gap(length);
  }

  readItem(bytes: Uint8Array, start: number, end: number): number {
    if (this.#isLost) {
      const at = findMmshData(bytes, start, end);
      if (at < 0) return Math.max(0, end - start - DATA_HEADER_BYTES + 1);
      this.#isLost = false;
      if (at > start) return at - start;
    }
    if (end - start < HEADER_BYTES) return 0;
    const id = String.fromCharCode(readUint8(bytes, start + 1));
    if (!isMark(readUint8(bytes, start)) || !IDS.includes(id)) {
      this.#isLost = true;
      return 1;
    }
    const length = HEADER_BYTES + readUint16Le(bytes, start + 2);
    const hasReason = id === 'E' || id === 'C';
    if (hasReason && end - start < REASON_BYTES) return length < REASON_BYTES ? length : 0;
    this.#listener(NAMES[id] ?? 'other', hasReason ? readUint32Le(bytes, start + HEADER_BYTES) : 0);
    return length;
  }

  loseTrack(): void {
    this.#isLost = true;
  }
}

function isMark(byte: number): boolean {
  return (byte & 0x7f) === MARK;
}
