/** Takes MMS messages out of one direction of a control connection, and skips the media between them. */

import { MessageBuffer } from '../../bytes/message-buffer.ts';
import { readUint16Le, readUint32Le } from '../../bytes/read.ts';
import {
  DATA_HEADER_BYTES,
  findUnit,
  HEADER_BYTES,
  hasSessionId,
  MESSAGE_HEADER_BYTES,
  readDataSize,
  readUnitLength,
  SIGNATURE_BYTES,
} from './mms-message.ts';

/** Room for the largest unit and the largest segment behind it. */
const MOST_HELD = 192 * 1024;

/** Call `append`, then `next` until it is false; after a gap it looks for the next header by its signature. */
export class MmsReader {
  /** Of the message that `next` found, borrowed until the next `append`: its bytes are [start, end). */
  start = 0;
  end = 0;
  /** `TO_SERVER` or `TO_CLIENT`, and the message's number. */
  side = 0;
  id = 0;
  /** False from the start, and after loss, until a header has been found: the first bytes may be in the middle of a packet. */
  #isInStep = false;
  /** Messages of the current unit that were not returned yet lie in [#at, #unitEnd). */
  #at = 0;
  #unitEnd = 0;
  readonly #buffer = new MessageBuffer(MOST_HELD);

  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#buffer.append(bytes, start, end)) this.#lose();
  }

  gap(length: number): void {
    if (!this.#buffer.gap(length)) this.#lose();
  }

  next(): boolean {
    while (this.#at < this.#unitEnd || this.#nextUnit()) {
      if (this.#nextMessage()) return true;
    }
    return false;
  }

  #lose(): void {
    this.#buffer.clear();
    this.#at = 0;
    this.#unitEnd = 0;
    this.#isInStep = false;
  }

  /** Moves to the next whole unit; false when more bytes are needed. */
  #nextUnit(): boolean {
    const buffer = this.#buffer;
    if (this.#unitEnd > 0) buffer.consume(this.#unitEnd - buffer.start);
    this.#unitEnd = 0;
    this.#at = 0;
    while (this.#isInStep || this.#search()) {
      if (buffer.length < DATA_HEADER_BYTES) return false;
      if (!hasSessionId(buffer.bytes, buffer.start)) {
        const size = readDataSize(buffer.bytes, buffer.start);
        if (size < DATA_HEADER_BYTES) this.#isInStep = false;
        else buffer.skip(size);
        continue;
      }
      if (buffer.length < SIGNATURE_BYTES) return false;
      const length = readUnitLength(buffer.bytes, buffer.start);
      if (length === 0) {
        this.#isInStep = false;
        continue;
      }
      if (buffer.length < length) return false;
      this.#at = buffer.start + HEADER_BYTES;
      this.#unitEnd = buffer.start + length;
      return true;
    }
    return false;
  }

  /** Drops bytes up to the next header; keeps what may be the beginning of one. */
  #search(): boolean {
    const buffer = this.#buffer;
    const found = findUnit(buffer.bytes, buffer.start, buffer.end);
    this.#isInStep = found >= 0;
    buffer.consume(found >= 0 ? found - buffer.start : Math.max(0, buffer.length - SIGNATURE_BYTES + 1));
    return this.#isInStep;
  }

  /** Steps over one message of the unit; false when the rest of the unit holds none. */
  #nextMessage(): boolean {
    const start = this.#at;
    const length = readUint32Le(this.bytes, start) * 8;
    if (length < MESSAGE_HEADER_BYTES || start + length > this.#unitEnd) {
      this.#at = this.#unitEnd;
      return false;
    }
    this.#at = start + length;
    this.start = start;
    this.end = this.#at;
    this.id = readUint16Le(this.bytes, start + 4);
    this.side = readUint16Le(this.bytes, start + 6);
    return true;
  }
}
