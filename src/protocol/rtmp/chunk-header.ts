/**
 * Headers of RTMP chunks, Adobe RTMP 1.0 section 5.3.1.
 *
 *   basic header: format (2 bits), chunk stream id (6 bits; 0 and 1 mean that it follows in one or two bytes)
 *   message header by format: 0 timestamp 3, length 3, type 1, stream id 4 (little-endian)
 *                             1 delta 3, length 3, type 1      2 delta 3      3 nothing
 *   extended timestamp: 4 bytes where the 3 were FFFFFF
 */

import { readUint8, readUint16Le, readUint24, readUint32, readUint32Le } from '../../bytes/read.ts';

export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  sharedObjectAmf3: 16,
  commandAmf3: 17,
  data: 18,
  sharedObject: 19,
  command: 20,
  aggregate: 22,
} as const;

const TYPES: ReadonlySet<number> = new Set(Object.values(MESSAGE));

/** Bytes of a message header by format. */
const MESSAGE_HEADER_BYTES = [11, 7, 3, 0] as const;
const EXTENDED = 0xffffff;
/** Longer messages are not sent by anyone: a length beyond it is no length. */
const MOST_LENGTH = 16 * 1024 * 1024 - 1;

export const DEFAULT_CHUNK_SIZE = 128;
export const MOST_CHUNK_SIZE = 0xffffff;

/** What a chunk stream remembers from one header to the next. */
export interface MessageHeader {
  length: number;
  type: number;
  streamId: number;
  /** The extended timestamp or delta; -1 where the last header had none. */
  extended: number;
}

/** One header as it stands; reused for the next. */
export class ChunkHeader {
  format = 0;
  chunkStream = 0;
  /** Of the basic and the message header; the extended timestamp is not counted. */
  size = 0;
  hasExtended = false;

  /** False when [start, end) holds too little of the basic and message header to tell. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (start >= end) return false;
    const first = readUint8(bytes, start);
    this.format = first >> 6;
    this.chunkStream = first & 0x3f;
    const basic = this.chunkStream > 1 ? 1 : this.chunkStream + 2;
    this.size = basic + (MESSAGE_HEADER_BYTES[this.format] ?? 0);
    if (end - start < this.size) return false;
    if (this.chunkStream === 0) this.chunkStream = 64 + readUint8(bytes, start + 1);
    else if (this.chunkStream === 1) this.chunkStream = 64 + readUint16Le(bytes, start + 1);
    this.hasExtended = this.format < 3 && readUint24(bytes, start + basic) === EXTENDED;
    return true;
  }

  /** Copies what this header says into `message`; the rest stays as it was. `start` is where `read` was called with. */
  apply(bytes: Uint8Array, start: number, message: MessageHeader): void {
    const at = start + this.size - (MESSAGE_HEADER_BYTES[this.format] ?? 0);
    if (this.format < 3) message.extended = this.hasExtended ? readUint32(bytes, start + this.size) : -1;
    if (this.format > 1) return;
    message.length = readUint24(bytes, at + 3);
    message.type = readUint8(bytes, at + 6);
    if (this.format === 0) message.streamId = readUint32Le(bytes, at + 7);
  }
}

/** False for a type that does not exist, and for control messages that do not have their fixed length. */
export function isPossibleMessage(type: number, length: number): boolean {
  switch (type) {
    case MESSAGE.setChunkSize:
    case MESSAGE.abort:
    case MESSAGE.acknowledgement:
    case MESSAGE.windowSize:
      return length === 4;
    case MESSAGE.peerBandwidth:
      return length === 5;
    case MESSAGE.userControl:
      return length >= 2 && length <= 64;
    default:
      return TYPES.has(type) && length <= MOST_LENGTH;
  }
}
