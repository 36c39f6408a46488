/** The state of one MSBD connection (MS-MSBD section 3): an encoder or server hands its stream to a server. */

import { readUint16, readUint16Le, readUint32Le } from '../../bytes/read.ts';
import { formatIpv4 } from '../../format/address.ts';
import { type AnnouncedMedia, type ControlRecord, keep, type Question } from '../control-record.ts';
import {
  type Direction,
  type Dissection,
  type Moment,
  opposite,
  type PayloadContext,
  TO_RESPONDER,
} from '../dissector.ts';
import { describeHresult, formatHresult, isFailure } from '../mms/hresult.ts';
import { HEADER_BYTES, MESSAGE, nameMessage } from './msbd-message.ts';
import { MsbdReader } from './msbd-reader.ts';

const HRESULT_OFFSET = 12;
/** REQ_CONNECT: the client wants IP multicast. */
const WANTS_MULTICAST = 2;
/** RES_CONNECT: the socket address names a group. */
const IS_MULTICAST = 2;
const RES_CONNECT_BYTES = 36;
/** IND_STREAMINFO: length of the ASF header. */
const HEADER_LENGTH_OFFSET = 44;

export class MsbdDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #readers = [new MsbdReader(), new MsbdReader()] as const;
  #connecting: Question | null = null;
  #media: AnnouncedMedia | null = null;
  #hasMedia = false;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    // Over UDP there is nothing but media.
    if (context.transport === 'udp') return;
    const reader = this.#readers[context.direction];
    reader.append(bytes, start, end);
    while (reader.next()) this.#take(reader, context.direction, context.at);
  }

  gap(direction: Direction, length: number, at: Moment): void {
    this.#readers[direction].gap(length);
    if (direction !== this.#connecting?.direction) this.#connecting?.answer(at);
  }

  close(at: Moment): void {
    this.#media?.end(at);
  }

  #take(message: MsbdReader, direction: Direction, at: Moment): void {
    const record = this.#record;
    switch (message.id) {
      case MESSAGE.requestConnect:
        this.#requestConnect(message, direction, at);
        break;
      case MESSAGE.respondConnect:
        this.#respondConnect(message, direction, at);
        break;
      case MESSAGE.streamInfo:
        this.#takeStreamInfo(message, direction, at);
        break;
      case MESSAGE.packet:
        if (!this.#hasMedia) record.message(at, direction, 'first IND_PACKET');
        this.#hasMedia = true;
        break;
      case MESSAGE.endOfStream:
        record.message(at, direction, nameMessage(message.id));
        this.#media?.pause(at);
        record.closedAt ??= keep(at);
        break;
      default:
        record.message(at, direction, nameMessage(message.id));
    }
  }

  #requestConnect(message: MsbdReader, direction: Direction, at: Moment): void {
    const record = this.#record;
    const name = nameMessage(message.id);
    const isMulticast = readField(message, HEADER_BYTES) === WANTS_MULTICAST;
    record.clientDirection ??= direction;
    record.message(at, direction, name, isMulticast ? 'by multicast' : 'on this connection');
    this.#connecting ??= record.ask(at, direction, name);
  }

  #respondConnect(message: MsbdReader, direction: Direction, at: Moment): void {
    const record = this.#record;
    const name = nameMessage(message.id);
    this.#connecting?.answer(at);
    record.clientDirection ??= opposite(direction);
    const hresult = readField(message, HRESULT_OFFSET);
    if (isFailure(hresult)) {
      const words = describeHresult(hresult);
      record.message(at, direction, name, `${formatHresult(hresult)} ${words}`);
      record.refuse(at, direction, 'REQ_CONNECT', formatHresult(hresult), words);
      return;
    }
    const { bytes, start, end } = message;
    const isMulticast = end - start >= RES_CONNECT_BYTES && readUint16Le(bytes, start + 20) === IS_MULTICAST;
    if (!isMulticast) {
      record.message(at, direction, name);
      return;
    }
    const group = formatIpv4(bytes, start + 24);
    const port = readUint16(bytes, start + 22);
    record.message(at, direction, name, `${group}:${port}`);
    this.#announce(group, port, direction, at);
  }

  #announce(group: string, port: number, direction: Direction, at: Moment): void {
    if (port === 0) return;
    this.#media?.end(at);
    this.#media = this.#record.announce({
      at,
      protocol: 'msbd',
      transport: 'udp',
      initiator: { address: null, port: null },
      responder: { address: group, port },
      sends: direction === TO_RESPONDER ? 'toResponder' : 'toInitiator',
      isMulticast: true,
      ttl: null,
      how: 'MSBD RES_CONNECT',
      media: '',
      formats: [],
      mayBeSilent: false,
      certainty: 'parsed',
    });
  }

  /** The server describes the stream right before it sends it; after the end of a stream it describes an empty one. */
  #takeStreamInfo(message: MsbdReader, direction: Direction, at: Moment): void {
    const record = this.#record;
    const bitRate = readField(message, 24);
    const detail = bitRate === 0 ? '' : `${bitRate} bit/s`;
    record.message(at, direction, nameMessage(message.id), detail);
    record.fact('bitRate', detail);
    if (readField(message, HEADER_LENGTH_OFFSET) === 0) return;
    record.closedAt = null;
    this.#media?.start(at);
  }
}

/** A 32-bit field of a message, 0 where the message is too short for it. */
function readField(message: MsbdReader, offset: number): number {
  const at = message.start + offset;
  return at + 4 <= message.end ? readUint32Le(message.bytes, at) : 0;
}
