/** One direction of SIP over TCP: messages by their Content-Length (RFC 3261 section 18.3). */

import type { ItemReader } from '../text/item-stream.ts';
import { findHeadEnd, readHead, skipLineEnds } from '../text/message-head.ts';
import { isStartLine, matchStartLine } from '../text/start-line.ts';
import { parseSipDatagram, parseSipMessage, SIP, type SipMessage } from './sip-message.ts';

const MOST_MESSAGE_BYTES = 64 * 1024;

export const MOST_HELD_BYTES = MOST_MESSAGE_BYTES;

export class SipReader implements ItemReader {
  readonly #take: (message: SipMessage) => void;
  #isLost = true;
  #searched = 0;

  constructor(take: (message: SipMessage) => void) {
    this.#take = take;
  }

  readItem(bytes: Uint8Array, start: number, end: number): number {
    // Empty lines keep a connection alive (RFC 5626 section 3.5.1).
    const afterLineEnds = skipLineEnds(bytes, start, end);
    if (afterLineEnds > start) return afterLineEnds - start;
    if (this.#isLost) {
      const match = matchStartLine(SIP, bytes, start, end);
      if (match === 'no') return end - start;
      if (match === 'partial') return 0;
      this.#isLost = false;
    }
    if (!isStartLine(SIP, bytes, start, end)) return this.#giveUp(end - start);
    const headEnd = findHeadEnd(bytes, start + Math.max(0, this.#searched - 3), end);
    this.#searched = headEnd < 0 ? end - start : 0;
    if (headEnd < 0) return end - start < MOST_MESSAGE_BYTES ? 0 : this.#giveUp(end - start);
    const length = headEnd - start + (readHead(bytes, start, headEnd).contentLength ?? 0);
    if (length > MOST_MESSAGE_BYTES) return this.#giveUp(end - start);
    if (end - start < length) return -length;
    this.#read(parseSipMessage(bytes, start, headEnd, start + length));
    return length;
  }

  cutItem(bytes: Uint8Array, start: number, end: number): void {
    this.#read(parseSipDatagram(bytes, start, end));
  }

  loseTrack(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#isLost) this.#read(parseSipDatagram(bytes, start, end));
    this.#isLost = true;
    this.#searched = 0;
  }

  #read(message: SipMessage | null): void {
    if (message) this.#take(message);
  }

  #giveUp(count: number): number {
    this.#isLost = true;
    this.#searched = 0;
    return count;
  }
}
