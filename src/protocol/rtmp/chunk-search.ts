/**
 * Finds where chunks begin in the middle of an RTMP stream. No header has a magic number, so one counts as found only with
 * several that follow each other exactly, or with one that hardly anything else could look like.
 *
 * False positives need a type, a length, a stream id and a first body byte that fit by chance, twice in a row.
 */

import { readUint8, readUint16, readUint24, readUint32Le, startsWithAscii } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { DEFAULT_CHUNK_SIZE, isPossibleMessage, MESSAGE, MOST_CHUNK_SIZE } from './chunk-header.ts';
import { ChunkStreams, NEEDS_MORE } from './chunk-streams.ts';
import { isPossibleAudio, isPossibleVideo } from './media-tag.ts';

/** Sizes that servers and encoders use; the last one stands for every size that no message here is longer than. */
export const CHUNK_SIZES: readonly number[] = [4096, 128, 60_000, 1024, 512, 8192, 65_536, MOST_CHUNK_SIZE];

/** What a header is worth as proof; this much is enough. */
const ENOUGH = 4;
const WORTH_FIXED = 4;
const WORTH_MESSAGE = 2;
const WORTH_CONTINUATION = 1;

const COMMANDS = [
  'connect',
  'createStream',
  'releaseStream',
  'FCPublish',
  'FCUnpublish',
  'publish',
  'play',
  'deleteStream',
  'closeStream',
  'getStreamLength',
  '_result',
  '_error',
  'onStatus',
  'onBWDone',
  'onFCPublish',
  'pause',
  'seek',
  '@setDataFrame',
  'onMetaData',
] as const;

/** Servers count message streams from 0 or 1. */
const MOST_STREAM_ID = 32;
/** Milliseconds between messages: more is no delta. */
const MOST_DELTA = 0xffff;
/** Bytes of a picture, and of a command. */
const MOST_MEDIA_LENGTH = 0x200000;
const MOST_COMMAND_LENGTH = 0x10000;

/** Places of one search that are looked at closely: media holds one in some ten thousand bytes, only an attack more. */
const MOST_CANDIDATES = 256;

/** Basic header of one byte and the shorter of the message headers that name a type. */
const LEAST_BYTES = 8;

export interface FoundChunks {
  readonly offset: number;
  /** The chunk size that fits what was found. */
  readonly chunkSize: number;
}

/** The first place in [start, end) where chunks begin for sure. `chunkSize`: the size that is tried first. */
export function findChunks(bytes: Uint8Array, start: number, end: number, chunkSize: number): FoundChunks | null {
  let left = MOST_CANDIDATES;
  for (let at = start; at + LEAST_BYTES <= end && left > 0; at++) {
    if (weighHeader(bytes, at, end) === 0) continue;
    left--;
    for (const size of sizesToTry(chunkSize, readUint24(bytes, at + 4))) {
      if (weighChunks(bytes, at, end, size) === 'yes') return { offset: at, chunkSize: size };
    }
  }
  return null;
}

/** Whether chunks begin exactly at `start`. */
export function recognizeChunks(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < LEAST_BYTES || weighHeader(bytes, start, end) === 0) return 'no';
  let best: Recognition = 'no';
  for (const size of sizesToTry(DEFAULT_CHUNK_SIZE, readUint24(bytes, start + 4))) {
    const answer = weighChunks(bytes, start, end, size);
    if (answer === 'yes') return 'yes';
    if (answer === 'maybe') best = 'maybe';
  }
  return best;
}

/** Sizes that would split a message of `length`, and one that would not: which of those makes no difference. */
function sizesToTry(likely: number, length: number): number[] {
  const sizes = [likely, ...CHUNK_SIZES];
  const whole = sizes.find((size) => size >= length);
  return sizes.filter((size, i) => sizes.indexOf(size) === i && (size < length || size === whole));
}

/** Follows the headers from `start` on as chunks of `chunkSize`: `maybe` when the bytes end before the proof does. */
function weighChunks(bytes: Uint8Array, start: number, end: number, chunkSize: number): Recognition {
  const streams = new ChunkStreams();
  streams.chunkSize = chunkSize;
  let worth = 0;
  for (let at = start; at < end; ) {
    const size = streams.readHeader(bytes, at, end);
    if (size === NEEDS_MORE) break;
    if (size < 0) return 'no';
    const { stream, payloadLength } = streams;
    const namesType = readUint8(bytes, at) < 0x80;
    if (namesType) {
      const isFirst = stream.received === payloadLength;
      const weight = isFirst ? weighHeader(bytes, at, end) : 0;
      if (weight === 0) return 'no';
      worth += weight;
    } else {
      worth += WORTH_CONTINUATION;
    }
    if (worth >= ENOUGH) return 'yes';
    if (stream.received === stream.length) stream.received = 0;
    at += size + payloadLength;
  }
  return 'maybe';
}

/** What a header of format 0 or 1 at `at` proves together with the first bytes of its message; 0 when it is none. */
function weighHeader(bytes: Uint8Array, at: number, end: number): number {
  const first = readUint8(bytes, at);
  if (first >= 0x80 || (first & 0x3f) < 2 || end - at < LEAST_BYTES) return 0;
  const isFull = first < 0x40;
  const type = readUint8(bytes, at + 7);
  const length = readUint24(bytes, at + 4);
  if (length === 0 || !isPossibleMessage(type, length)) return 0;
  if (isFull && end - at < 12) return 0;
  const streamId = isFull ? readUint32Le(bytes, at + 8) : 0;
  const timestamp = readUint24(bytes, at + 1);
  if (streamId > MOST_STREAM_ID || (!isFull && timestamp > MOST_DELTA)) return 0;
  if (type <= MESSAGE.peerBandwidth) return weighControl(first, type, streamId);
  // Chunk stream 2 is for control messages alone.
  if ((first & 0x3f) === 2) return 0;
  const body = at + (isFull ? 12 : 8) + (timestamp === 0xffffff ? 4 : 0);
  return weighBody(type, length, bytes, body, end);
}

/** Control messages have a fixed length, chunk stream 2 and stream 0: nine bytes that must fit. */
function weighControl(first: number, type: number, streamId: number): number {
  if (first !== 2 || streamId !== 0) return 0;
  return type === MESSAGE.userControl ? WORTH_MESSAGE : WORTH_FIXED;
}

function weighBody(type: number, length: number, bytes: Uint8Array, body: number, end: number): number {
  const isMedia = type === MESSAGE.audio || type === MESSAGE.video;
  if (length > (isMedia ? MOST_MEDIA_LENGTH : MOST_COMMAND_LENGTH)) return 0;
  if (body >= end) return WORTH_MESSAGE;
  switch (type) {
    case MESSAGE.audio:
      return isPossibleAudio(bytes, body, end) ? WORTH_MESSAGE : 0;
    case MESSAGE.video:
      return isPossibleVideo(bytes, body, end) ? WORTH_MESSAGE : 0;
    case MESSAGE.command:
    case MESSAGE.data:
      return weighName(bytes, body, end);
    case MESSAGE.commandAmf3:
    case MESSAGE.dataAmf3:
      return readUint8(bytes, body) === 0 ? weighName(bytes, body + 1, end) : 0;
    default:
      return 0;
  }
}

/** Commands and data begin with an AMF0 string: their name. */
function weighName(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return WORTH_MESSAGE;
  if (readUint8(bytes, at) !== 2) return 0;
  const length = readUint16(bytes, at + 1);
  for (const name of COMMANDS) {
    if (name.length === length && startsWithAscii(bytes, at + 3, end, name)) return WORTH_FIXED;
  }
  return length > 0 && length <= 64 ? WORTH_MESSAGE : 0;
}
