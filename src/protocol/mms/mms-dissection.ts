/** The state of one MMS control connection, MS-MMSP sections 2.2.4 and 3.1: who, what, which transport, what was refused. */

import { readUint32Le, readUtf16Le, viewOf } from '../../bytes/read.ts';
import { type AnnouncedMedia, type ControlRecord, keep, type Question } from '../control-record.ts';
import {
  type Direction,
  type Dissection,
  type Moment,
  opposite,
  type PayloadContext,
  TO_RESPONDER,
} from '../dissector.ts';
import { parseFunnel } from './funnel.ts';
import { describeHresult, formatHresult, isFailure } from './hresult.ts';
import { nameMessage, REPORT, REQUEST, requestAnsweredBy } from './mms-commands.ts';
import { TO_CLIENT, TO_SERVER } from './mms-message.ts';
import { MmsReader } from './mms-reader.ts';

/** Result of a report, behind the message header. */
const HRESULT_OFFSET = 8;
/** ReportEndOfStream: the next entry of a playlist follows. */
const MORE_FOLLOWS = 1;
/** File attribute of a live source. */
const BROADCAST = 0x02000000;

export class MmsDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #readers = [new MmsReader(), new MmsReader()] as const;
  /** Media of the UDP funnel that the client asked for last. */
  #media: AnnouncedMedia | null = null;
  #connecting: Question | null = null;
  #host = '';

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const reader = this.#readers[context.direction];
    reader.append(bytes, start, end);
    while (reader.next()) {
      if (reader.side === TO_SERVER) this.#request(reader, context.direction, context.at);
      else if (reader.side === TO_CLIENT) this.#report(reader, context.direction, context.at);
    }
  }

  gap(direction: Direction, length: number, at: Moment): void {
    this.#readers[direction].gap(length);
    // The answer may be among what is missing.
    if (direction === opposite(this.#record.clientDirection ?? direction)) this.#connecting?.answer(at);
  }

  close(at: Moment): void {
    this.#media?.end(at);
  }

  #request(message: MmsReader, direction: Direction, at: Moment): void {
    const record = this.#record;
    record.clientDirection ??= direction;
    const name = nameMessage(message.side, message.id);
    switch (message.id) {
      case REQUEST.connect:
        record.message(at, direction, name, this.#readSubscriber(message));
        this.#connecting ??= record.ask(at, direction, name);
        break;
      case REQUEST.connectFunnel:
        this.#connectFunnel(readText(message, 28), direction, at);
        break;
      case REQUEST.openFile:
        record.message(at, direction, name, this.#readFile(message));
        break;
      case REQUEST.startPlaying:
      case REQUEST.startStriding:
        record.closedAt = null;
        record.message(at, direction, name);
        break;
      case REQUEST.stopPlaying:
        this.#media?.pause(at);
        this.#closed(at);
        record.message(at, direction, name);
        break;
      case REQUEST.closeFile:
        this.#media?.end(at);
        this.#closed(at);
        record.message(at, direction, name);
        break;
      default:
        record.message(at, direction, name);
    }
  }

  #report(message: MmsReader, direction: Direction, at: Moment): void {
    const record = this.#record;
    record.clientDirection ??= opposite(direction);
    this.#connecting?.answer(at);
    const name = nameMessage(message.side, message.id);
    const request = requestAnsweredBy(message.id);
    if (request === null || message.end - message.start < HRESULT_OFFSET + 4) {
      record.message(at, direction, name);
      return;
    }
    const hresult = readUint32Le(message.bytes, message.start + HRESULT_OFFSET);
    if (isFailure(hresult)) {
      const words = describeHresult(hresult);
      record.message(at, direction, name, `${formatHresult(hresult)} ${words}`);
      record.refuse(at, direction, request, formatHresult(hresult), words);
    } else {
      record.message(at, direction, name, this.#succeeded(message));
      // A funnel is proven only by what flows through it.
      if (message.id !== REPORT.connectedFunnel) this.#overcome(request, at);
    }
    this.#follow(message.id, hresult, at);
  }

  /** Moves the media of a UDP funnel on. */
  #follow(report: number, hresult: number, at: Moment): void {
    switch (report) {
      // The ASF header is sent over the funnel, so its silence is a failure from the answer to ReadBlock on.
      case REPORT.readBlock:
      case REPORT.startedPlaying:
      case REPORT.startStriding:
        if (isFailure(hresult)) return;
        this.#media?.start(at);
        this.#overcome('ConnectFunnel', at);
        break;
      case REPORT.disconnectedFunnel:
        this.#media?.end(at);
        break;
      case REPORT.endOfStream:
        if (hresult === MORE_FOLLOWS) return;
        this.#media?.pause(at);
        this.#closed(at);
        break;
      case REPORT.redirect:
        this.#closed(at);
        break;
    }
  }

  /** Takes facts from a successful report; what it returns is the detail of the message. */
  #succeeded(message: MmsReader): string {
    const record = this.#record;
    switch (message.id) {
      case REPORT.connected: {
        const server = readCounted(message, 64, readField(message, 48));
        const skipped = readField(message, 52) + readField(message, 56);
        record.fact('server', server);
        record.fact(
          'authentication',
          readCounted(message, 64 + 2 * (readField(message, 48) + skipped), readField(message, 60)),
        );
        return server;
      }
      case REPORT.openFile:
        return this.#readFileReport(message);
      case REPORT.redirect: {
        const location = readText(message, 16);
        record.fact('redirect', location);
        return location;
      }
      default:
        return '';
    }
  }

  #readFileReport(message: MmsReader): string {
    if (message.end - message.start < 80) return '';
    const record = this.#record;
    const isLive = (readField(message, 28) & BROADCAST) !== 0;
    const bitRate = readField(message, 72);
    const seconds = viewOf(message.bytes).getFloat64(message.start + 32, true);
    record.fact('content', isLive ? 'live' : 'stored');
    if (bitRate > 0) record.fact('bitRate', `${bitRate} bit/s`);
    if (!isLive && seconds > 0 && seconds < 1e7) record.fact('duration', `${Number(seconds.toFixed(3))} s`);
    return isLive ? 'live' : 'stored';
  }

  /** The player's product, its GUID and the server as the client knows it, separated by semicolons. */
  #readSubscriber(message: MmsReader): string {
    const text = readText(message, 20);
    const parts = text.split(';');
    this.#record.fact('agent', (parts[0] ?? '').trim());
    this.#host = /;\s*Host:\s*([^;\s]+)/i.exec(text)?.[1] ?? '';
    return text;
  }

  #readFile(message: MmsReader): string {
    const path = readText(message, 24);
    this.#record.fact('stream', path);
    if (this.#host !== '') this.#record.fact('url', `mms://${this.#host}/${path}`);
    return path;
  }

  #connectFunnel(text: string, direction: Direction, at: Moment): void {
    const record = this.#record;
    record.message(at, direction, 'ConnectFunnel', text);
    record.replaceFact('funnel', text);
    const funnel = parseFunnel(text);
    if (funnel === null) return;
    if (this.#media !== null) {
      this.#media.fellBack(at, `ConnectFunnel ${text}`);
      this.#media.end(at);
      this.#media = null;
    }
    record.variant = funnel.transport === 'udp' ? 'MMSU' : 'MMST';
    if (funnel.transport === 'udp') this.#announce(funnel.port, direction, at);
  }

  #announce(clientPort: number, direction: Direction, at: Moment): void {
    const isClientInitiator = direction === TO_RESPONDER;
    const client = { address: null, port: clientPort };
    const server = { address: null, port: null };
    this.#media = this.#record.announce({
      at,
      protocol: 'mmsu',
      transport: 'udp',
      initiator: isClientInitiator ? client : server,
      responder: isClientInitiator ? server : client,
      sends: isClientInitiator ? 'toInitiator' : 'toResponder',
      isMulticast: false,
      ttl: null,
      how: 'MMS funnel',
      media: '',
      formats: [],
      mayBeSilent: false,
      certainty: 'parsed',
    });
  }

  #overcome(request: string, at: Moment): void {
    for (const refusal of this.#record.refusals) {
      if (refusal.request === request) refusal.overcome(at);
    }
  }

  #closed(at: Moment): void {
    this.#record.closedAt ??= keep(at);
  }
}

/** A 32-bit field of a message, 0 where the message is too short for it. */
function readField(message: MmsReader, offset: number): number {
  const at = message.start + offset;
  return at + 4 <= message.end ? readUint32Le(message.bytes, at) : 0;
}

/** Text from `offset` up to its NUL or the message's end. */
function readText(message: MmsReader, offset: number): string {
  return readUtf16Le(message.bytes, Math.min(message.start + offset, message.end), message.end);
}

/** Text of `length` characters, its NUL among them. */
function readCounted(message: MmsReader, offset: number, length: number): string {
  const from = Math.min(message.start + offset, message.end);
  return readUtf16Le(message.bytes, from, Math.min(message.end, from + 2 * length));
}
