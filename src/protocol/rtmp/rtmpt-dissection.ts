/**
 * RTMP in HTTP (RTMPT): the client posts its bytes, and the server answers with its own (Adobe RTMPT, after the requests
 * that Flash players send). Bodies of /send and its answers put one after the other are an RTMP connection.
 */

import { type ControlRecord, keep } from '../control-record.ts';
import type { Direction, Dissection, Moment, PayloadContext } from '../dissector.ts';
import { type BodyListener, type BodyPlan, HttpReader, MOST_HELD_BYTES, UNTIL_CLOSE } from '../http/http-reader.ts';
import { ItemStream } from '../text/item-stream.ts';
import type { MessageHead } from '../text/message-head.ts';
import type { AnswerLine, RequestLine } from '../text/start-line.ts';
import { RtmpDissection } from './rtmp-dissection.ts';

/** Requests that wait for their answer. */
const MOST_PENDING = 64;

export class RtmptDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #inner: RtmpDissection;
  readonly #readers: readonly [HttpReader, HttpReader];
  readonly #streams: readonly [ItemStream, ItemStream];
  /** What was asked for (`open`, `send`, `idle`), in order. */
  readonly #pending: string[] = [];
  #context: PayloadContext;

  constructor(record: ControlRecord, context: PayloadContext) {
    this.#record = record;
    this.#context = context;
    this.#inner = new RtmpDissection(record);
    this.#readers = [this.#openReader(0), this.#openReader(1)];
    this.#streams = [
      new ItemStream(this.#readers[0], MOST_HELD_BYTES),
      new ItemStream(this.#readers[1], MOST_HELD_BYTES),
    ];
    record.variant = 'RTMPT';
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#context = context;
    this.#streams[context.direction].feed(bytes, start, end);
  }

  gap(direction: Direction, length: number, at: Moment): void {
    this.#context = { ...this.#context, direction, at };
    if (this.#readers[direction].absorbGap(length)) return;
    this.#streams[direction].gap(length);
    // How much of it was RTMP, nobody knows.
    this.#inner.gap(direction, UNTIL_CLOSE, at);
  }

  close(at: Moment): void {
    // Who closes which HTTP connection says nothing of the one inside.
    this.#inner.close(at);
  }

  #openReader(direction: Direction): HttpReader {
    return new HttpReader({
      onHead: (line, head) =>
        line.kind === 'request' ? this.#request(direction, line, head) : this.#answer(direction, line, head),
    });
  }

  #request(direction: Direction, line: RequestLine, head: MessageHead): BodyPlan {
    const record = this.#record;
    const { at } = this.#context;
    const kind = /^(?:[a-z]+:\/\/[^/]*)?\/(\w+)/i.exec(line.url)?.[1] ?? '';
    if (this.#pending.length >= MOST_PENDING) this.#pending.shift();
    this.#pending.push(kind);
    record.clientDirection ??= direction;
    if (kind === 'close') record.closedAt ??= keep(at);
    if (kind !== 'send' && kind !== 'idle') record.message(at, direction, line.method, line.url);
    return { length: head.contentLength ?? 0, listener: kind === 'send' ? this.#listen(0) : null };
  }

  #answer(direction: Direction, line: AnswerLine, head: MessageHead): BodyPlan {
    const kind = this.#pending.shift() ?? 'send';
    const { at } = this.#context;
    if (kind !== 'send' && kind !== 'idle') this.#record.message(at, direction, String(line.status), line.reason);
    // A server that does not know /fcs/ident2 may well know the rest.
    const isRefusal = line.status >= 400 && kind !== 'fcs';
    if (isRefusal) this.#record.refuse(at, direction, kind, String(line.status), line.reason);
    const isData = line.status < 300 && (kind === 'send' || kind === 'idle');
    // The first byte tells the client how long to wait before it asks again.
    return { length: head.contentLength ?? UNTIL_CLOSE, listener: isData ? this.#listen(1) : null };
  }

  /** Hands a body on, without its first `skipped` bytes. */
  #listen(skipped: number): BodyListener {
    let left = skipped;
    return {
      data: (bytes, start, end) => {
        const from = Math.min(end, start + left);
        left -= from - start;
        this.#inner.data(bytes, from, end, this.#context);
        return true;
      },
      gap: (length) => {
        const { direction, at } = this.#context;
        this.#inner.gap(direction, length - Math.min(left, length), at);
        left = 0;
      },
    };
  }
}
