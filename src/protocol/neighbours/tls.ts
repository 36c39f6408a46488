/** TLS by its records, RFC 8446 section 5.1, and what its hello messages tell in clear. */

import { MessageBuffer } from '../../bytes/message-buffer.ts';
import { readUint8, readUint16, readUint24 } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Direction, Dissection, PayloadContext, Recognition } from '../dissector.ts';
import { type ItemReader, ItemStream } from '../text/item-stream.ts';
import { nameProtocol } from './neighbour.ts';
import { readClientHello, readServerVersion } from './tls-hello.ts';

const RECORD_HEADER_BYTES = 5;
/** RFC 5246 section 6.2.3: what encryption and compression may add to 2^14. */
const LARGEST_RECORD = 16_384 + 2048;
const HANDSHAKE_HEADER_BYTES = 4;
const LARGEST_HELLO = 0xffff;
const FIRST_TYPE = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

/** Length of the record at `offset` with its header, or 0 when none can start there. Needs five bytes. */
function readRecordLength(bytes: Uint8Array, offset: number): number {
  const type = readUint8(bytes, offset);
  const length = readUint16(bytes, offset + 3);
  const isRecord = type >= FIRST_TYPE && type <= APPLICATION_DATA && readUint8(bytes, offset + 1) === 3;
  return isRecord && readUint8(bytes, offset + 2) <= 4 && length > 0 && length <= LARGEST_RECORD
    ? RECORD_HEADER_BYTES + length
    : 0;
}

function recognizeTls(bytes: Uint8Array, start: number, end: number): Recognition {
  const isHandshake = end > start && readUint8(bytes, start) === HANDSHAKE;
  if (end - start < RECORD_HEADER_BYTES) {
    return isHandshake && (end - start < 2 || readUint8(bytes, start + 1) === 3) ? 'maybe' : 'no';
  }
  if (readRecordLength(bytes, start) === 0) return 'no';
  if (isHandshake && end - start < RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES) return 'maybe';
  if (isHandshake) {
    const type = readUint8(bytes, start + RECORD_HEADER_BYTES);
    const isHello = type === CLIENT_HELLO || type === SERVER_HELLO;
    if (isHello && readUint24(bytes, start + RECORD_HEADER_BYTES + 1) <= LARGEST_HELLO) return 'yes';
  }
  return isChainOfRecords(bytes, start, end) ? 'yes' : 'no';
}

/** For a capture that starts in mid-stream: records that lead from one to the next, or exactly to the end. */
function isChainOfRecords(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let records = 0;
  while (at + RECORD_HEADER_BYTES <= end) {
    const length = readRecordLength(bytes, at);
    if (length === 0) return false;
    at += length;
    records++;
  }
  return records >= 2 || at === end;
}

/** One direction: joins handshake bytes across records until its hello is whole. */
class HelloReader implements ItemReader {
  isDone = false;
  readonly #handshake = new MessageBuffer();
  readonly #onHello: (bytes: Uint8Array, start: number, end: number) => void;
  readonly #onAlert: (level: number, description: number) => void;

  constructor(
    onHello: (bytes: Uint8Array, start: number, end: number) => void,
    onAlert: (level: number, description: number) => void,
  ) {
    this.#onHello = onHello;
    this.#onAlert = onAlert;
  }

  readItem(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < RECORD_HEADER_BYTES) return 0;
    const length = readRecordLength(bytes, start);
    if (length === 0) {
      this.isDone = true;
      return end - start;
    }
    if (this.isDone) return length;
    if (end - start < length) return -length;
    this.#readRecord(bytes, start, start + length);
    return length;
  }

  cutItem(): void {
    this.isDone = true;
  }

  loseTrack(): void {
    this.isDone = true;
  }

  #readRecord(bytes: Uint8Array, start: number, end: number): void {
    const type = readUint8(bytes, start);
    if (type === ALERT && end - start === RECORD_HEADER_BYTES + 2) {
      this.#onAlert(readUint8(bytes, start + RECORD_HEADER_BYTES), readUint8(bytes, start + RECORD_HEADER_BYTES + 1));
    }
    if (type !== HANDSHAKE || !this.#handshake.append(bytes, start + RECORD_HEADER_BYTES, end)) {
      this.isDone = true;
      return;
    }
    const hello = this.#handshake;
    if (hello.length < HANDSHAKE_HEADER_BYTES) return;
    const length = HANDSHAKE_HEADER_BYTES + readUint24(hello.bytes, hello.start + 1);
    if (hello.length < length) return;
    this.isDone = true;
    this.#onHello(hello.bytes, hello.start, hello.start + length);
  }
}

/** Servers that take RTMP over TLS from encoders: their names say what is inside. */
const RTMPS_NAMES = [/(^|\.)(a\.)?rtmps?\./, /(^|\.)live-api-s\.facebook\.com$/, /\.contribute\.live-video\.net$/];

/** Ports whose protocol has a variant inside TLS. */
const VARIANT_BY_PORT: ReadonlyMap<number, string> = new Map([
  [1935, 'RTMPS'],
  [322, 'RTSPS'],
  [5061, 'SIPS'],
]);

class TlsDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #readers: readonly [HelloReader, HelloReader];
  readonly #streams: readonly [ItemStream, ItemStream];
  #context: PayloadContext;

  constructor(record: ControlRecord, context: PayloadContext) {
    this.#record = record;
    this.#context = context;
    this.#readers = [this.#helloReader(), this.#helloReader()];
    this.#streams = [
      new ItemStream(this.#readers[0], RECORD_HEADER_BYTES + LARGEST_RECORD),
      new ItemStream(this.#readers[1], RECORD_HEADER_BYTES + LARGEST_RECORD),
    ];
  }

  get isDone(): boolean {
    return this.#readers[0].isDone && this.#readers[1].isDone;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    if (this.#readers[context.direction].isDone) return;
    this.#context = context;
    this.#streams[context.direction].feed(bytes, start, end);
  }

  gap(direction: Direction, length: number): void {
    this.#streams[direction].gap(length);
  }

  #helloReader(): HelloReader {
    return new HelloReader(
      (bytes, start, end) => this.#tellHello(bytes, start, end),
      (level, description) => this.#tellAlert(level, description),
    );
  }

  #tellHello(bytes: Uint8Array, start: number, end: number): void {
    const { at, direction, destinationPort } = this.#context;
    if (readUint8(bytes, start) === SERVER_HELLO) {
      const version = readServerVersion(bytes, start, end);
      this.#record.fact('version', version);
      this.#record.message(at, direction, 'server hello', version);
      return;
    }
    if (readUint8(bytes, start) !== CLIENT_HELLO) return;
    const hello = readClientHello(bytes, start, end);
    this.#record.clientDirection = direction;
    this.#record.fact('sni', hello.serverName);
    this.#record.fact('alpn', hello.protocols.join(', '));
    this.#record.message(at, direction, 'client hello', hello.serverName);
    const isRtmps = RTMPS_NAMES.some((pattern) => pattern.test(hello.serverName));
    this.#record.variant = isRtmps ? 'RTMPS' : (VARIANT_BY_PORT.get(destinationPort) ?? '');
  }

  #tellAlert(level: number, description: number): void {
    const { at, direction } = this.#context;
    const words = ALERTS.get(description) ?? `alert ${description}`;
    this.#record.message(at, direction, level === 2 ? 'fatal alert' : 'alert', words);
  }
}

/** RFC 8446 section 6, those that a stranger can read: before anything is encrypted. */
const ALERTS: ReadonlyMap<number, string> = new Map([
  [0, 'close notify'],
  [10, 'unexpected message'],
  [40, 'handshake failure'],
  [42, 'bad certificate'],
  [43, 'unsupported certificate'],
  [45, 'certificate expired'],
  [46, 'certificate unknown'],
  [48, 'unknown certificate authority'],
  [49, 'access denied'],
  [70, 'protocol version'],
  [71, 'insufficient security'],
  [80, 'internal error'],
  [112, 'unrecognized name'],
  [116, 'certificate required'],
  [120, 'no application protocol'],
]);

export const tls = nameProtocol('tls', 'TLS', ['tcp'], recognizeTls, {
  firstBytes: { tcp: [[FIRST_TYPE, APPLICATION_DATA]] },
  open: (record, context) => new TlsDissection(record, context),
});
