/** One direction of an HTTP/1 connection as heads and bodies (RFC 9112 sections 6 and 7); bodies are never held. */

import { readLatin1, readUint8 } from '../../bytes/read.ts';
import type { ItemReader } from '../text/item-stream.ts';
import {
  findHeadEnd,
  findLineEnd,
  type MessageHead,
  readCutHead,
  readHead,
  skipLineEnds,
} from '../text/message-head.ts';
import type { StartLine } from '../text/start-line.ts';
import { isHttpLine, matchHttpLine, parseHttpLine } from './http-grammar.ts';

const MOST_HEAD_BYTES = 64 * 1024;
const MOST_CHUNK_LINE_BYTES = 1024;
/** More than any body: what lasts until the connection closes. */
export const UNTIL_CLOSE = Number.MAX_SAFE_INTEGER;

export const MOST_HELD_BYTES = MOST_HEAD_BYTES;

/** Takes the bytes of a body as they come, without the framing of chunks. */
export interface BodyListener {
  /** False when it has seen enough. Bytes are borrowed for the call. */
  data(bytes: Uint8Array, start: number, end: number): boolean;
  /** Bytes of the body are missing. */
  gap?(length: number): void;
  end?(): void;
}

export interface BodyPlan {
  readonly length: number | 'chunked';
  /** Null when nobody wants the body. */
  readonly listener: BodyListener | null;
}

export interface HttpSink {
  /** What follows the head is for whoever knows both the request and its answer to say. */
  onHead(line: StartLine, head: MessageHead): BodyPlan;
}

type Mode = 'lost' | 'head' | 'body' | 'chunk-line' | 'chunk' | 'trailer';

export class HttpReader implements ItemReader {
  readonly #sink: HttpSink;
  #mode: Mode = 'lost';
  #isChunked = false;
  /** Bytes of the body or chunk that are still to come. */
  #remaining = 0;
  #listener: BodyListener | null = null;
  #searched = 0;

  constructor(sink: HttpSink) {
    this.#sink = sink;
  }

  /** Whether no body is being read; one that nobody wants is passed over at once, though it is still on its way. */
  get isBetweenMessages(): boolean {
    return this.#mode === 'head';
  }

  readItem(bytes: Uint8Array, start: number, end: number): number {
    switch (this.#mode) {
      case 'lost':
        return this.#findPlace(bytes, start, end);
      case 'head':
        return this.#readHead(bytes, start, end);
      case 'body':
      case 'chunk':
        return this.#readBody(bytes, start, end);
      case 'chunk-line':
        return this.#readChunkLine(bytes, start, end);
      case 'trailer':
        return this.#readTrailer(bytes, start, end);
    }
  }

  /** A gap within a body that is listened to is told to the listener; false when the gap reaches beyond, or lies elsewhere. */
  absorbGap(length: number): boolean {
    const isInBody = this.#mode === 'body' || this.#mode === 'chunk';
    if (!isInBody || !this.#listener || length > this.#remaining) return false;
    this.#remaining -= length;
    this.#listener.gap?.(length);
    if (this.#remaining === 0) this.#endPart();
    return true;
  }

  /** Also for a capture that begins in the middle of a body. */
  beginBody(plan: BodyPlan): void {
    this.#listener = plan.listener;
    this.#isChunked = plan.length === 'chunked';
    this.#remaining = plan.length === 'chunked' ? 0 : plan.length;
    this.#mode = this.#isChunked ? 'chunk-line' : 'body';
    if (this.#remaining === 0 && !this.#isChunked) this.#endPart();
  }

  /** A head that was cut short is still worth reading as far as it goes. */
  loseTrack(bytes: Uint8Array, start: number, end: number): void {
    const head = this.#mode === 'head' ? readCutHead(bytes, start, end) : null;
    const line = head && parseHttpLine(head.startLine);
    if (line) this.#sink.onHead(line, head);
    this.#becomeLost();
  }

  #becomeLost(): void {
    this.#endBody();
    this.#mode = 'lost';
    this.#searched = 0;
  }

  /** Only the beginning of a segment is looked at: within one, what looks like a head is most likely quoted in a body. */
  #findPlace(bytes: Uint8Array, start: number, end: number): number {
    const afterLineEnds = skipLineEnds(bytes, start, end);
    if (afterLineEnds > start) return afterLineEnds - start;
    const match = matchHttpLine(bytes, start, end);
    if (match === 'no') return end - start;
    if (match === 'partial') return 0;
    this.#mode = 'head';
    return this.#readHead(bytes, start, end);
  }

  #readHead(bytes: Uint8Array, start: number, end: number): number {
    const afterLineEnds = skipLineEnds(bytes, start, end);
    if (afterLineEnds > start) return afterLineEnds - start;
    if (!isHttpLine(bytes, start, end)) return this.#giveUp(end - start);
    const headEnd = findHeadEnd(bytes, start + Math.max(0, this.#searched - 3), end);
    this.#searched = headEnd < 0 ? end - start : 0;
    if (headEnd < 0) return end - start < MOST_HEAD_BYTES ? 0 : this.#giveUp(end - start);
    const head = readHead(bytes, start, headEnd);
    const line = parseHttpLine(head.startLine);
    if (!line) return this.#giveUp(headEnd - start);
    this.beginBody(this.#sink.onHead(line, head));
    return headEnd - start;
  }

  #readBody(bytes: Uint8Array, start: number, end: number): number {
    const count = Math.min(this.#remaining, end - start);
    if (this.#listener && !this.#listener.data(bytes, start, start + count)) this.#listener = null;
    const passed = this.#listener ? count : this.#remaining;
    this.#remaining -= passed;
    if (this.#remaining === 0) this.#endPart();
    return passed;
  }

  #readChunkLine(bytes: Uint8Array, start: number, end: number): number {
    const afterLineEnds = skipLineEnds(bytes, start, end);
    if (afterLineEnds > start) return afterLineEnds - start;
    const lineEnd = findLineEnd(bytes, start, end);
    if (lineEnd < 0) return end - start < MOST_CHUNK_LINE_BYTES ? 0 : this.#giveUp(end - start);
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(readLatin1(bytes, start, lineEnd).trimEnd());
    if (!size) return this.#giveUp(end - start);
    this.#remaining = Number.parseInt(size[1] ?? '', 16);
    this.#mode = this.#remaining > 0 ? 'chunk' : 'trailer';
    return lineEnd + 1 - start;
  }

  /** Fields may follow the last chunk; an empty line ends them. */
  #readTrailer(bytes: Uint8Array, start: number, end: number): number {
    const lineEnd = findLineEnd(bytes, start, end);
    if (lineEnd < 0) return end - start < MOST_CHUNK_LINE_BYTES ? 0 : this.#giveUp(end - start);
    const isEmpty = lineEnd === start || (lineEnd === start + 1 && readUint8(bytes, start) === 0x0d);
    if (isEmpty) this.#endBody();
    return lineEnd + 1 - start;
  }

  #endPart(): void {
    if (this.#isChunked) this.#mode = 'chunk-line';
    else this.#endBody();
  }

  #endBody(): void {
    this.#mode = 'head';
    const listener = this.#listener;
    this.#listener = null;
    listener?.end?.();
  }

  #giveUp(count: number): number {
    this.#becomeLost();
    return count;
  }
}
