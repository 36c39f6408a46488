/** One HTTP/1 connection (RFC 9112): requests with their answers, and which kind of streaming they carry. */

import type { ControlRecord } from '../control-record.ts';
import type { Direction, Dissection, Moment, PayloadContext } from '../dissector.ts';
import { ItemStream } from '../text/item-stream.ts';
import type { MessageHead } from '../text/message-head.ts';
import type { StartLine } from '../text/start-line.ts';
import { HttpConversation } from './http-conversation.ts';
import { matchHttpLine } from './http-grammar.ts';
import { type BodyPlan, HttpReader, MOST_HELD_BYTES } from './http-reader.ts';
import { findMmshData } from './mmsh-frames.ts';

export class HttpDissection implements Dissection {
  readonly #conversation: HttpConversation;
  readonly #readers: readonly [HttpReader, HttpReader];
  readonly #streams: readonly [ItemStream, ItemStream];
  readonly #hasBegun: [boolean, boolean] = [false, false];
  #context: PayloadContext;

  constructor(record: ControlRecord, context: PayloadContext) {
    this.#context = context;
    this.#conversation = new HttpConversation(record, () => this.#context);
    this.#readers = [this.#openReader(0), this.#openReader(1)];
    this.#streams = [
      new ItemStream(this.#readers[0], MOST_HELD_BYTES),
      new ItemStream(this.#readers[1], MOST_HELD_BYTES),
    ];
  }

  get isDone(): boolean {
    return this.#conversation.isDone;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#context = context;
    const { direction } = context;
    if (!this.#hasBegun[direction]) {
      this.#hasBegun[direction] = true;
      // Windows Media that flowed before the capture began.
      const isWithinMmsh = matchHttpLine(bytes, start, end) === 'no' && findMmshData(bytes, start, end) >= 0;
      if (isWithinMmsh) this.#readers[direction].beginBody(this.#conversation.planMmshBody());
    }
    this.#streams[direction].feed(bytes, start, end);
  }

  gap(direction: Direction, length: number, at: Moment): void {
    this.#context = { ...this.#context, direction, at };
    if (!this.#readers[direction].absorbGap(length)) this.#streams[direction].gap(length);
  }

  close(at: Moment): void {
    this.#context = { ...this.#context, at };
    this.#conversation.close(this.#isBetweenMessages(0) && this.#isBetweenMessages(1));
  }

  /** Also of a direction of which nothing is in the capture. */
  #isBetweenMessages(direction: Direction): boolean {
    if (!this.#hasBegun[direction]) return true;
    return this.#streams[direction].isBetweenItems && this.#readers[direction].isBetweenMessages;
  }

  #openReader(direction: Direction): HttpReader {
    return new HttpReader({
      onHead: (line: StartLine, head: MessageHead): BodyPlan =>
        line.kind === 'request'
          ? this.#conversation.request(direction, line, head)
          : this.#conversation.answer(direction, line, head),
    });
  }
}
