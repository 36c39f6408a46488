/** One direction of an RTSP connection as messages and interleaved frames. */

import { readUint8, readUint16, readUtf8 } from '../../bytes/read.ts';
import type { ItemReader } from '../text/item-stream.ts';
import { findHeadEnd, type MessageHead, readCutHead, readHead, skipLineEnds } from '../text/message-head.ts';
import { isStartLine, parseStartLine, type StartLine } from '../text/start-line.ts';
import { FRAME_HEADER_BYTES, FRAME_MARK } from './interleaved.ts';
import { PlaceFinder } from './place-finder.ts';
import { RTSP } from './rtsp-grammar.ts';

const MOST_HEAD_BYTES = 32 * 1024;
/** A longer body is no description; it is skipped. */
const MOST_BODY_BYTES = 64 * 1024;
/** A longer length is no length, but a broken message. */
const MOST_SKIPPED_BYTES = 1024 * 1024;

/** Room for the longest frame. */
export const MOST_HELD_BYTES = FRAME_HEADER_BYTES + 0xffff;

/** Takes what a reader finds. Bytes are borrowed for the call. */
export interface RtspSink {
  /** False where frames may be skipped unread. */
  readonly wantsFrames: boolean;
  onMessage(line: StartLine, head: MessageHead, body: string): void;
  onFrame(channel: number, bytes: Uint8Array, start: number, end: number): void;
}

/** Starts anywhere in a stream and finds its place again after losses. */
export class RtspReader implements ItemReader {
  readonly #sink: RtspSink;
  readonly #finder = new PlaceFinder();
  #isLost = true;
  /** The message whose body is awaited. */
  #pending: { readonly line: StartLine; readonly head: MessageHead; readonly bodyLength: number } | null = null;
  /** Bytes of the unfinished head in which its end was not found. */
  #searched = 0;

  constructor(sink: RtspSink) {
    this.#sink = sink;
  }

  readItem(bytes: Uint8Array, start: number, end: number): number {
    if (this.#pending) return this.#readBody(bytes, start, end);
    if (this.#isLost) {
      const passed = this.#finder.search(bytes, start, end);
      if (passed > 0 || !this.#finder.isFound) return passed;
      this.#isLost = false;
    }
    if (readUint8(bytes, start) === FRAME_MARK) return this.#readFrame(bytes, start, end);
    const afterLineEnds = skipLineEnds(bytes, start, end);
    if (afterLineEnds > start) return afterLineEnds - start;
    return this.#readHead(bytes, start, end);
  }

  /** A frame or description that was cut short is still worth reading as far as it goes. */
  cutItem(bytes: Uint8Array, start: number, end: number): void {
    if (this.#pending) this.#takeBody(bytes, start, end);
    else this.#takeFrame(bytes, start, end);
  }

  loseTrack(bytes: Uint8Array, start: number, end: number): void {
    if (this.#pending) this.#takeBody(bytes, start, end);
    else if (!this.#isLost) this.#takeCutHead(bytes, start, end);
    this.#becomeLost();
  }

  #becomeLost(): void {
    this.#isLost = true;
    this.#searched = 0;
    this.#finder.restart();
  }

  #readFrame(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < FRAME_HEADER_BYTES) return 0;
    const length = FRAME_HEADER_BYTES + readUint16(bytes, start + 2);
    if (!this.#sink.wantsFrames) return length;
    if (end - start < length) return -length;
    this.#takeFrame(bytes, start, start + length);
    return length;
  }

  #takeFrame(bytes: Uint8Array, start: number, end: number): void {
    this.#sink.onFrame(readUint8(bytes, start + 1), bytes, start + FRAME_HEADER_BYTES, end);
  }

  #readHead(bytes: Uint8Array, start: number, end: number): number {
    if (!isStartLine(RTSP, bytes, start, end)) return this.#giveUp(1);
    const headEnd = findHeadEnd(bytes, start + Math.max(0, this.#searched - 3), end);
    this.#searched = headEnd < 0 ? end - start : 0;
    if (headEnd < 0) return end - start < MOST_HEAD_BYTES ? 0 : this.#giveUp(end - start);
    const head = readHead(bytes, start, headEnd);
    const line = parseStartLine(RTSP, head.startLine);
    return line ? headEnd - start + this.#takeMessage(line, head) : this.#giveUp(headEnd - start);
  }

  /** Passes over bytes that are not what belongs here. */
  #giveUp(count: number): number {
    this.#becomeLost();
    return count;
  }

  /** Returns the bytes of the body that are to be skipped. */
  #takeMessage(line: StartLine, head: MessageHead): number {
    const bodyLength = Math.min(head.contentLength ?? 0, MOST_SKIPPED_BYTES);
    if (bodyLength > 0 && bodyLength <= MOST_BODY_BYTES && /sdp/i.test(head.get('content-type'))) {
      this.#pending = { line, head, bodyLength };
      return 0;
    }
    this.#sink.onMessage(line, head, '');
    return bodyLength;
  }

  #readBody(bytes: Uint8Array, start: number, end: number): number {
    const bodyLength = this.#pending?.bodyLength ?? 0;
    if (end - start < bodyLength) return -bodyLength;
    this.#takeBody(bytes, start, start + bodyLength);
    return bodyLength;
  }

  #takeBody(bytes: Uint8Array, start: number, end: number): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending) this.#sink.onMessage(pending.line, pending.head, readUtf8(bytes, start, end));
  }

  #takeCutHead(bytes: Uint8Array, start: number, end: number): void {
    const head = readCutHead(bytes, start, end);
    const line = head && parseStartLine(RTSP, head.startLine);
    if (line) this.#sink.onMessage(line, head, '');
  }
}
