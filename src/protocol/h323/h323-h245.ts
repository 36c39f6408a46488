/** H.245 on a connection of its own, whose port call signalling names (ITU-T H.323 section 8.2). */

import type { ControlRecord } from '../control-record.ts';
import type { Direction, Dissection, Dissector, Moment, PayloadContext } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';
import { H245Conversation } from './h245-conversation.ts';
import { canBeH245, recognizeH245 } from './h245-recognition.ts';
import { TPKT_VERSION, TpktStream } from './tpkt.ts';

class H245Dissection implements Dissection {
  readonly #streams = [new TpktStream(canBeH245), new TpktStream(canBeH245)] as const;
  readonly #conversation: H245Conversation;

  constructor(record: ControlRecord) {
    this.#conversation = new H245Conversation(record, '');
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const { direction, at } = context;
    this.#streams[direction].data(bytes, start, end, (held, from, to) =>
      this.#conversation.packet(held, from, to, direction, at),
    );
  }

  gap(direction: Direction): void {
    this.#streams[direction].gap();
  }

  close(at: Moment): void {
    this.#conversation.close(at);
  }
}

export const h323H245: Dissector = {
  id: 'h323-h245',
  label: 'H.323 H.245',
  transports: ['tcp'],
  isStreaming: true,
  firstBytes: { tcp: eachByte(TPKT_VERSION) },
  recognize: recognizeH245,
  open: (record) => new H245Dissection(record),
};
