/** Takes MSBD messages out of one direction of a connection, and skips the media among them. */

import { MessageBuffer } from '../../bytes/message-buffer.ts';
import { indexOfAscii } from '../../bytes/read.ts';
import { HEADER_BYTES, MESSAGE, readMessageId, readMessageLength, SIGNATURE } from './msbd-message.ts';

/** Room for the largest message and the largest segment behind it. */
const MOST_HELD = 192 * 1024;

/** Call `append`, then `next` until it is false; after a gap it looks for the next header by its signature. */
export class MsbdReader {
  /** Of the message that `next` found, borrowed until the next call. Of media, only the header is there. */
  id = 0;
  start = 0;
  end = 0;
  /** Bytes of the message that `next` returned last, still to be consumed. */
  #taken = 0;
  readonly #buffer = new MessageBuffer(MOST_HELD);

  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#buffer.append(bytes, start, end)) this.#buffer.clear();
  }

  gap(length: number): void {
    this.#buffer.gap(length);
  }

  next(): boolean {
    const buffer = this.#buffer;
    buffer.skip(this.#taken);
    this.#taken = 0;
    while (buffer.length >= HEADER_BYTES) {
      const length = readMessageLength(buffer.bytes, buffer.start);
      if (length === 0) {
        this.#search();
        continue;
      }
      const id = readMessageId(buffer.bytes, buffer.start);
      const needed = id === MESSAGE.packet ? HEADER_BYTES : length;
      if (buffer.length < needed) return false;
      this.id = id;
      this.start = buffer.start;
      this.end = buffer.start + needed;
      this.#taken = length;
      return true;
    }
    return false;
  }

  /** Drops bytes up to the next signature; keeps what may be the beginning of one. */
  #search(): void {
    const buffer = this.#buffer;
    const found = indexOfAscii(buffer.bytes, buffer.start + 1, buffer.end, SIGNATURE);
    buffer.consume(found >= 0 ? found - buffer.start : buffer.length - SIGNATURE.length + 1);
  }
}
