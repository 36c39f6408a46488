/** The chunk streams of one direction, and how each header continues them (Adobe RTMP 1.0 section 5.3.1). */

import { readUint32 } from '../../bytes/read.ts';
import { ChunkHeader, DEFAULT_CHUNK_SIZE, isPossibleMessage, type MessageHeader } from './chunk-header.ts';

/** Real senders use fewer than ten. */
const MOST_STREAMS = 32;

/** Answers of `readHeader` that are no lengths. */
export const NEEDS_MORE = 0;
export const NOT_A_HEADER = -1;
/** It continues a chunk stream whose beginning was not seen. */
const UNKNOWN_STREAM = -2;

export class ChunkStream implements MessageHeader {
  length = 0;
  type = 0;
  streamId = 0;
  extended = -1;
  /** Bytes of the current message whose chunk headers have been read; whoever takes the whole message sets it to 0. */
  received = 0;
  /** First bytes of the current message, of which `keptLength` have arrived. */
  kept: Uint8Array = new Uint8Array(0);
  keptLength = 0;
}

export class ChunkStreams {
  chunkSize = DEFAULT_CHUNK_SIZE;
  /** Of the header that `readHeader` read: its chunk stream, and the bytes of the message that follow it. */
  stream: ChunkStream = new ChunkStream();
  payloadLength = 0;
  readonly #streams = new Map<number, ChunkStream>();
  readonly #header = new ChunkHeader();

  /**
   * Length of the header at `start`, or `NEEDS_MORE` (nothing has changed then), or less than 0 when no header stands there
   * that can be followed.
   */
  readHeader(bytes: Uint8Array, start: number, end: number): number {
    const header = this.#header;
    if (!header.read(bytes, start, end)) return NEEDS_MORE;
    const known = this.#streams.get(header.chunkStream);
    if (known === undefined && header.format > 1) return UNKNOWN_STREAM;
    if (known === undefined && this.#streams.size >= MOST_STREAMS) return NOT_A_HEADER;
    const stream = known ?? new ChunkStream();
    const extension = this.#readExtension(bytes, start + header.size, end, stream);
    if (extension < 0) return NEEDS_MORE;

    const { length, type } = stream;
    header.apply(bytes, start, stream);
    // A message goes on with format 3; some senders repeat its header instead.
    const isValid =
      stream.received > 0
        ? stream.length === length && stream.type === type
        : isPossibleMessage(stream.type, stream.length);
    if (!isValid) return NOT_A_HEADER;
    if (known === undefined) this.#streams.set(header.chunkStream, stream);
    this.stream = stream;
    this.payloadLength = Math.min(this.chunkSize, stream.length - stream.received);
    stream.received += this.payloadLength;
    return header.size + extension;
  }

  abort(chunkStream: number): void {
    const stream = this.#streams.get(chunkStream);
    if (stream !== undefined) stream.received = 0;
  }

  clear(): void {
    this.#streams.clear();
  }

  /** Bytes of the extended timestamp at `at`: 0 or 4, or -1 when more bytes are needed to tell. */
  #readExtension(bytes: Uint8Array, at: number, end: number, stream: ChunkStream): number {
    const header = this.#header;
    if (header.format < 3 ? !header.hasExtended : stream.extended < 0) return 0;
    if (end - at < 4) return -1;
    // Most senders repeat it before every further chunk, some do not.
    return header.format < 3 || readUint32(bytes, at) === stream.extended ? 4 : 0;
  }
}
