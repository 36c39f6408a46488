/** An RTMP connection for tests: messages to send, and the record of what the dissection made of them. */

import { ControlRecord } from '../src/protocol/control-record.ts';
import {
  type Direction,
  type Dissection,
  type PayloadContext,
  TO_INITIATOR,
  TO_RESPONDER,
} from '../src/protocol/dissector.ts';
import { rtmp } from '../src/protocol/rtmp/rtmp.ts';
import { command, handshake, type Message } from './rtmp-messages.ts';

export const CONNECT = command('connect', 1, { app: 'live', flashVer: 'FMLE/3.0', tcUrl: 'rtmp://h/live' });
export function media(type: 8 | 9, length: number, first: readonly number[]): Message {
  const body = [...first, ...new Array<number>(Math.max(0, length - first.length)).fill(0x5a)];
  return { type, body, chunkStream: type === 8 ? 4 : 6, streamId: 1 };
}

export const VIDEO = media(9, 900, [0x17, 1, 0, 0, 0]);
export const AUDIO = media(8, 90, [0xaf, 1]);

export function context(direction: Direction, frame = 1): PayloadContext {
  const at = { capture: 0, frame, time: frame * 1000 };
  return { transport: 'tcp', direction, sourcePort: 0, destinationPort: 0, isMulticast: false, wireLength: 0, at };
}

export class Connection {
  readonly record = new ControlRecord();
  readonly dissection: Dissection = rtmp.open?.(this.record, context(TO_RESPONDER)) as Dissection;

  constructor(...started: readonly Direction[]) {
    for (const direction of started) this.send(direction, handshake());
  }

  send(direction: Direction, bytes: Uint8Array, frame = 1): void {
    this.dissection.data(bytes, 0, bytes.length, context(direction, frame));
  }

  get names(): string[] {
    return this.record.messages.map((message) => message.name).filter((name) => name !== 'handshake');
  }

  get facts(): Record<string, string> {
    return Object.fromEntries(this.record.facts);
  }
}

export function opened(): Connection {
  return new Connection(TO_RESPONDER, TO_INITIATOR);
}
