/** Puts the messages of one direction of an RTMP connection together from their chunks, Adobe RTMP 1.0 section 5.3. */

import { MessageBuffer } from '../../bytes/message-buffer.ts';
import { readUint32 } from '../../bytes/read.ts';
import { DEFAULT_CHUNK_SIZE, MESSAGE, MOST_CHUNK_SIZE } from './chunk-header.ts';
import { CHUNK_SIZES, findChunks } from './chunk-search.ts';
import { type ChunkStream, ChunkStreams, NEEDS_MORE, NOT_A_HEADER } from './chunk-streams.ts';

/** Bytes of a command or metadata message that are kept; what follows is skipped. */
const MOST_KEPT_BYTES = 4096;
/** Bytes of an audio, video or aggregate message: enough for the codec. */
const KEPT_MEDIA_BYTES = 24;
/** Room for the window that is searched after a loss, and the largest segment behind it. */
const MOST_HELD = 192 * 1024;
/** Bytes of a window in which chunks must be found, and number of windows before the search is given up. */
const SEARCH_WINDOW = 64 * 1024;
const MOST_WINDOWS = 16;

/** Call `append`, then `next` until it is false. Media is skipped, never held. */
export class ChunkReader {
  /** The message that `next` found. `body` is borrowed until the next call; media and long messages are cut. */
  type = 0;
  streamId = 0;
  length = 0;
  body: Uint8Array = new Uint8Array(0);
  /** True once the search after a loss has been given up: nothing more will come. */
  isGivenUp = false;
  #isInStep = true;
  #windowsLeft = MOST_WINDOWS;
  #guesses = 0;
  /** A search waits for this many bytes, so that each byte is searched a few times only. */
  #nextSearch = 1;
  /** The chunk whose bytes come next: first those to keep, then those to skip. */
  #chunk: ChunkStream | null = null;
  #toKeep = 0;
  #toSkip = 0;
  readonly #streams = new ChunkStreams();
  readonly #buffer = new MessageBuffer(MOST_HELD);

  append(bytes: Uint8Array, start: number, end: number): void {
    if (!this.isGivenUp && !this.#buffer.append(bytes, start, end)) this.#lose();
  }

  gap(length: number): void {
    if (!this.#buffer.gap(length)) this.#lose();
  }

  /** Passes over bytes that are no chunks: the handshake. */
  skip(length: number): void {
    this.#buffer.skip(length);
  }

  /** To be called instead of `skip` when the stream is seen from its middle on. */
  startInMiddle(): void {
    this.#guessChunkSize();
    this.#lose();
  }

  next(): boolean {
    while (this.#isInStep || this.#search()) {
      const chunk = this.#chunk ?? this.#readHeader();
      if (chunk === null) {
        if (this.#isInStep) return false;
        continue;
      }
      if (!this.#takeChunk(chunk)) return false;
      this.#chunk = null;
      if (chunk.received === chunk.length) {
        this.#complete(chunk);
        return true;
      }
    }
    return false;
  }

  /** The chunk that begins, or null when more bytes are needed or no header stands where one must. */
  #readHeader(): ChunkStream | null {
    const buffer = this.#buffer;
    const streams = this.#streams;
    const size = streams.readHeader(buffer.bytes, buffer.start, buffer.end);
    if (size === NEEDS_MORE) return null;
    if (size < 0) {
      // A message of several chunks that ends in nonsense was cut by the wrong size.
      if (size === NOT_A_HEADER && streams.stream.length > DEFAULT_CHUNK_SIZE) this.#guessChunkSize();
      buffer.consume(1);
      this.#startSearch();
      return null;
    }
    buffer.consume(size);
    const chunk = streams.stream;
    if (chunk.received === streams.payloadLength) makeRoom(chunk);
    this.#toKeep = Math.min(streams.payloadLength, chunk.kept.length - chunk.keptLength);
    this.#toSkip = streams.payloadLength - this.#toKeep;
    this.#chunk = chunk;
    return chunk;
  }

  /** Takes the bytes of the chunk; false when some that are to be kept have not arrived. */
  #takeChunk(chunk: ChunkStream): boolean {
    const buffer = this.#buffer;
    const count = Math.min(this.#toKeep, buffer.length);
    if (count > 0) {
      chunk.kept.set(buffer.bytes.subarray(buffer.start, buffer.start + count), chunk.keptLength);
      chunk.keptLength += count;
      buffer.consume(count);
      this.#toKeep -= count;
    }
    if (this.#toKeep > 0) return false;
    buffer.skip(this.#toSkip);
    return true;
  }

  #complete(chunk: ChunkStream): void {
    chunk.received = 0;
    this.type = chunk.type;
    this.streamId = chunk.streamId;
    this.length = chunk.length;
    this.body = chunk.kept;
    if (chunk.type === MESSAGE.setChunkSize) {
      this.#streams.chunkSize = Math.max(1, Math.min(readUint32(chunk.kept, 0), MOST_CHUNK_SIZE));
    } else if (chunk.type === MESSAGE.abort) {
      this.#streams.abort(readUint32(chunk.kept, 0));
    }
  }

  /** The next of the sizes that senders use: the one that fits ends the guessing. */
  #guessChunkSize(): void {
    this.#streams.chunkSize = CHUNK_SIZES[this.#guesses++ % CHUNK_SIZES.length] ?? DEFAULT_CHUNK_SIZE;
  }

  /** Gives up what is held and searches for chunks in what follows. */
  #lose(): void {
    this.#buffer.clear();
    this.#startSearch();
  }

  #startSearch(): void {
    this.#isInStep = false;
    this.#chunk = null;
    this.#nextSearch = 1;
    this.#streams.clear();
  }

  /** True when chunks have been found; the buffer then begins with them. */
  #search(): boolean {
    const buffer = this.#buffer;
    if (this.isGivenUp || buffer.length < this.#nextSearch) return false;
    const found = findChunks(buffer.bytes, buffer.start, buffer.end, this.#streams.chunkSize);
    if (found !== null) {
      buffer.consume(found.offset - buffer.start);
      this.#streams.chunkSize = found.chunkSize;
      this.#isInStep = true;
      return true;
    }
    if (buffer.length >= SEARCH_WINDOW) {
      buffer.consume(buffer.length - SEARCH_WINDOW / 2);
      this.isGivenUp = --this.#windowsLeft === 0;
      if (this.isGivenUp) buffer.clear();
    }
    this.#nextSearch = Math.min(2 * buffer.length, SEARCH_WINDOW);
    return false;
  }
}

/** Prepares a chunk stream for the message that begins. */
function makeRoom(chunk: ChunkStream): void {
  const isMedia = chunk.type === MESSAGE.audio || chunk.type === MESSAGE.video || chunk.type === MESSAGE.aggregate;
  const size = Math.min(chunk.length, isMedia ? KEPT_MEDIA_BYTES : MOST_KEPT_BYTES);
  if (chunk.kept.length !== size) chunk.kept = new Uint8Array(size);
  chunk.keptLength = 0;
}
