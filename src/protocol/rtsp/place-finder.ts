/** Finds where a frame or message starts in an RTSP stream that lost its place, in one pass and without holding bytes. */

import { readUint16 } from '../../bytes/read.ts';
import { type Match, matchStartLine } from '../text/start-line.ts';
import { FRAME_HEADER_BYTES, FRAME_MARK, matchFrameHeader } from './interleaved.ts';
import { RTSP } from './rtsp-grammar.ts';

/** Places that frames point to; chance adds one in some 8000 bytes of media. */
const MOST_EXPECTED = 64;

export class PlaceFinder {
  /** True when the last search ended at a sure place. */
  isFound = false;
  /** Bytes from the place where the search began to the next byte to look at. */
  #position = 0;
  /** Positions at which the frames seen so far end. A frame that begins at one of them is proven by the one before. */
  readonly #expected = new Set<number>();

  /** The search begins anew. Senders like to begin a segment with a frame, so here alone one needs no proof. */
  restart(): void {
    this.isFound = false;
    this.#position = 0;
    this.#expected.clear();
  }

  /** Returns the bytes to pass over; 0 when the place is `start` (`isFound`), or more bytes are needed to tell. */
  search(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      // Methods and `RTSP/` begin with a letter of A to T.
      if (byte !== FRAME_MARK && (byte < 0x41 || byte > 0x54)) continue;
      const match =
        byte === FRAME_MARK ? this.#matchFrame(bytes, at, end, at - start) : matchStartLine(RTSP, bytes, at, end);
      if (match === 'no') continue;
      this.isFound = match === 'whole';
      return this.#pass(at - start);
    }
    return this.#pass(end - start);
  }

  #matchFrame(bytes: Uint8Array, at: number, end: number, offset: number): Match {
    const match = matchFrameHeader(bytes, at, end);
    const position = this.#position + offset;
    if (match !== 'whole' || position === 0 || this.#expected.has(position)) return match;
    this.#expected.add(position + FRAME_HEADER_BYTES + readUint16(bytes, at + 2));
    const [oldest] = this.#expected;
    if (this.#expected.size > MOST_EXPECTED && oldest !== undefined) this.#expected.delete(oldest);
    return 'no';
  }

  #pass(count: number): number {
    this.#position += count;
    return count;
  }
}
