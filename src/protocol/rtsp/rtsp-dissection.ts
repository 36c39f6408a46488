/** The state of one RTSP connection (RFC 2326, RFC 7826, MS-RTSP): who asks whom, what is agreed, what is refused. */

import type { ControlRecord } from '../control-record.ts';
import type { Direction, Dissection, Moment, PayloadContext } from '../dissector.ts';
import { ItemStream } from '../text/item-stream.ts';
import type { MessageHead } from '../text/message-head.ts';
import type { StartLine } from '../text/start-line.ts';
import { type ConversationOptions, RtspConversation } from './rtsp-conversation.ts';
import { MOST_HELD_BYTES, RtspReader, type RtspSink } from './rtsp-reader.ts';

export class RtspDissection implements Dissection {
  readonly #conversation: RtspConversation;
  readonly #record: ControlRecord;
  readonly #streams: readonly [ItemStream, ItemStream];
  #at: Moment = { capture: 0, frame: 0, time: 0 };

  constructor(record: ControlRecord, options: ConversationOptions = {}) {
    this.#record = record;
    this.#conversation = new RtspConversation(record, options);
    this.#streams = [this.#openStream(0), this.#openStream(1)];
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#at = context.at;
    if (context.transport === 'tcp') {
      this.#streams[context.direction].feed(bytes, start, end);
      return;
    }
    // Each datagram begins and ends with a message.
    const datagram = this.#openStream(context.direction);
    datagram.feed(bytes, start, end);
    datagram.loseTrack();
  }

  gap(direction: Direction, length: number, at: Moment): void {
    this.#at = at;
    this.#streams[direction].gap(length);
  }

  close(at: Moment): void {
    this.#conversation.close(at);
  }

  #openStream(direction: Direction): ItemStream {
    const record = this.#record;
    const sink: RtspSink = {
      get wantsFrames() {
        return record.onEmbeddedMedia !== null;
      },
      onMessage: (line, head, body) => this.#onMessage(direction, line, head, body),
      onFrame: (channel, bytes, start, end) => {
        if (end - start < 2) return;
        const protocol = this.#conversation.protocolOfChannel(channel, bytes[start + 1] ?? 0);
        if (protocol !== 'other') record.onEmbeddedMedia?.(protocol, channel, bytes, start, end, direction, this.#at);
      },
    };
    return new ItemStream(new RtspReader(sink), MOST_HELD_BYTES);
  }

  #onMessage(direction: Direction, line: StartLine, head: MessageHead, body: string): void {
    if (line.kind === 'request') this.#conversation.request(direction, line, head, body, this.#at);
    else this.#conversation.answer(direction, line, head, body, this.#at);
  }
}
