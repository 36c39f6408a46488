/** The state of one RTMP connection: handshake, then chunks, each direction for itself. */

import { readUint8 } from '../../bytes/read.ts';
import type { ControlRecord, Question } from '../control-record.ts';
import type { Direction, Dissection, Moment, PayloadContext } from '../dissector.ts';
import { ChunkReader } from './chunk-reader.ts';
import { recognizeChunks } from './chunk-search.ts';
import { HANDSHAKE_BYTES, isEncryptedVersion, isHandshakeVersion } from './handshake.ts';
import { RtmpSession } from './rtmp-session.ts';

class Side {
  isStarted = false;
  readonly reader = new ChunkReader();
}

export class RtmpDissection implements Dissection {
  isDone = false;
  #isEncrypted = false;
  #isClosed = false;
  readonly #record: ControlRecord;
  readonly #session: RtmpSession;
  readonly #sides = [new Side(), new Side()] as const;
  #handshake: Question | null = null;

  constructor(record: ControlRecord) {
    this.#record = record;
    this.#session = new RtmpSession(record);
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    if (this.isDone || start >= end) return;
    const { direction, at } = context;
    const side = this.#sides[direction];
    if (!side.isStarted) this.#start(side, bytes, start, end, context);
    if (this.#isEncrypted) {
      // Nothing more can be read, but whether the other side answers is worth knowing.
      this.isDone = this.#sides.every((one) => one.isStarted);
      return;
    }
    const { reader } = side;
    reader.append(bytes, start, end);
    while (reader.next()) this.#session.take(reader, direction, at);
    this.isDone = this.#sides.every((one) => one.reader.isGivenUp);
  }

  gap(direction: Direction, length: number, at: Moment): void {
    const side = this.#sides[direction];
    // Without its first byte, a direction is not known to begin with a handshake.
    if (side.isStarted) side.reader.gap(length);
    else side.reader.startInMiddle();
    side.isStarted = true;
    this.#answerHandshake(direction, at);
    this.#session.miss(direction, at);
  }

  close(at: Moment, closer?: Direction): void {
    // Whoever closes second only agrees.
    this.#session.close(this.#isClosed ? null : (closer ?? null), at);
    this.#isClosed = true;
  }

  /** Looks at the first bytes of a direction: a handshake, or the middle of a stream. */
  #start(side: Side, bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const { direction, at } = context;
    side.isStarted = true;
    this.#answerHandshake(direction, at);
    const version = readUint8(bytes, start);
    if (!isHandshakeVersion(version) || recognizeChunks(bytes, start, end) !== 'no') {
      side.reader.startInMiddle();
      return;
    }
    this.#record.message(at, direction, 'handshake', `version ${version}`);
    this.#handshake ??= this.#record.ask(at, direction, 'handshake');
    side.reader.skip(HANDSHAKE_BYTES);
    if (!isEncryptedVersion(version)) return;
    this.#isEncrypted = true;
    this.#record.variant = 'RTMPE';
  }

  #answerHandshake(direction: Direction, at: Moment): void {
    if (direction !== this.#handshake?.direction) this.#handshake?.answer(at);
  }
}
