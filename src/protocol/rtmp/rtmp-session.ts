/** What the messages of an RTMP connection tell (Adobe RTMP 1.0 sections 5.4 and 7.1): commands, codecs and metadata. */

import { readUint16, readUint32 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Direction, Moment } from '../dissector.ts';
import type { AmfValue } from './amf-reader.ts';
import { decodeAmf0, isObject, memberOf } from './amf0.ts';
import { MESSAGE } from './chunk-header.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { readAudioCodec, readVideoCodec } from './media-tag.ts';
import { RtmpCommands } from './rtmp-commands.ts';

/** User control events worth an arrow; pings are not. */
const EVENT_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'Stream Begin'],
  [1, 'Stream EOF'],
  [2, 'Stream Dry'],
  [3, 'Set Buffer Length'],
  [4, 'Stream Is Recorded'],
]);

/** In an aggregate message: the header before the body of its first tag. */
const TAG_HEADER_BYTES = 11;

/** Metadata worth showing: its name in onMetaData, and as a fact. */
const METADATA: readonly (readonly [name: string, fact: string])[] = [
  ['width', 'width'],
  ['height', 'height'],
  ['framerate', 'frameRate'],
  ['encoder', 'encoder'],
];

/** Messages of one kind of media. */
interface MediaCount {
  readonly kind: 'audio' | 'video';
  messages: number;
  codec: string;
}

export class RtmpSession {
  readonly #record: ControlRecord;
  readonly #commands: RtmpCommands;
  readonly #audio: MediaCount = { kind: 'audio', messages: 0, codec: '' };
  readonly #video: MediaCount = { kind: 'video', messages: 0, codec: '' };

  constructor(record: ControlRecord) {
    this.#record = record;
    this.#commands = new RtmpCommands(record);
  }

  /** Takes the message that `message` has found. */
  take(message: ChunkReader, direction: Direction, at: Moment): void {
    const { body } = message;
    switch (message.type) {
      case MESSAGE.audio:
      case MESSAGE.video:
        this.#takeMedia(message.type, body, 0, direction, at);
        break;
      case MESSAGE.aggregate:
        this.#takeMedia(body[0] ?? 0, body, TAG_HEADER_BYTES, direction, at);
        break;
      case MESSAGE.command:
        this.#takeCommand(decodeAmf0(body, 0, body.length), direction, at);
        break;
      case MESSAGE.commandAmf3:
        this.#takeCommand(decodeAmf0(body, 1, body.length), direction, at);
        break;
      case MESSAGE.data:
        this.#takeData(decodeAmf0(body, 0, body.length), direction, at);
        break;
      case MESSAGE.dataAmf3:
        this.#takeData(decodeAmf0(body, 1, body.length), direction, at);
        break;
      case MESSAGE.setChunkSize:
        this.#record.message(at, direction, 'Set Chunk Size', String(readUint32(body, 0)));
        break;
      case MESSAGE.userControl:
        this.#takeEvent(body, direction, at);
        break;
    }
  }

  /** Tells that bytes of `direction` are missing. */
  miss(direction: Direction, at: Moment): void {
    this.#commands.miss(direction, at);
  }

  /** The connection ends; `closer` is null when nobody knows who ended it. */
  close(closer: Direction | null, at: Moment): void {
    if (closer !== null) this.#commands.close(closer, at);
    this.#tellCounts();
  }

  #tellCounts(): void {
    for (const { kind, messages } of [this.#audio, this.#video]) {
      if (messages > 0) this.#record.replaceFact(`${kind}Messages`, String(messages));
    }
  }

  #takeCommand(values: readonly AmfValue[], direction: Direction, at: Moment): void {
    this.#commands.take(values, direction, at);
    if (this.#record.closedAt !== null) this.#tellCounts();
  }

  #takeMedia(type: number, body: Uint8Array, start: number, direction: Direction, at: Moment): void {
    if (type !== MESSAGE.audio && type !== MESSAGE.video) return;
    const media = type === MESSAGE.audio ? this.#audio : this.#video;
    media.messages++;
    this.#commands.mediaFlows(direction, at);
    // Players ask for silence with empty messages: the codec may come later.
    if (media.codec !== '') return;
    media.codec = (type === MESSAGE.audio ? readAudioCodec : readVideoCodec)(body, start, body.length);
    if (media.codec === '') return;
    this.#record.fact(`${media.kind}Codec`, media.codec);
    this.#record.message(at, direction, `first ${media.kind}`, media.codec);
  }

  /** `onMetaData`, from an encoder behind `@setDataFrame`. */
  #takeData(values: readonly AmfValue[], direction: Direction, at: Moment): void {
    const first = values[0] === '@setDataFrame' ? 1 : 0;
    const name = values[first];
    if (typeof name !== 'string') return;
    this.#record.message(at, direction, name);
    const metadata = values[first + 1];
    if (name !== 'onMetaData' || !isObject(metadata)) return;
    for (const [member, fact] of METADATA) this.#record.fact(fact, showValue(memberOf(metadata, member)));
  }

  #takeEvent(body: Uint8Array, direction: Direction, at: Moment): void {
    const name = EVENT_NAMES.get(readUint16(body, 0));
    if (name === undefined) return;
    const stream = body.length >= 6 ? `stream ${readUint32(body, 2)}` : '';
    this.#record.message(at, direction, name, stream);
  }
}

/** Numbers without the noise of their last binary digits. */
function showValue(value: AmfValue): string {
  if (typeof value === 'number') return String(Number(value.toFixed(3)));
  return typeof value === 'string' ? value : '';
}
