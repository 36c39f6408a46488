/** Secure Reliable Transport, draft-sharabayko-srt section 3, and UDT from which it comes. */

import { readUint8, readUint16, readUint32, readUtf8 } from '../../bytes/read.ts';
import type { ControlRecord, Question } from '../control-record.ts';
import type { Confirmation, Dissection, Dissector, PayloadContext, Recognition } from '../dissector.ts';
import { TO_RESPONDER } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';

const HEADER_BYTES = 16;
const HANDSHAKE_BYTES = 48;
const CONTROL = 0x80;
const DESTINATION_OFFSET = 12;

const TYPE = { handshake: 0, keepAlive: 1, ack: 2, nak: 3, shutdown: 5, ackAck: 6, dropRequest: 7 } as const;
/** Sizes of control information by type, without the header. */
const SIZES: ReadonlyMap<number, (size: number) => boolean> = new Map([
  [TYPE.keepAlive, (size: number) => size === 0 || size === 4],
  [TYPE.ack, (size: number) => size === 4 || size === 16 || (size >= 24 && size <= 32)],
  [TYPE.nak, (size: number) => size > 0 && size % 4 === 0],
  [TYPE.shutdown, (size: number) => size === 0 || size === 4],
  [TYPE.ackAck, (size: number) => size === 0 || size === 4],
  [TYPE.dropRequest, (size: number) => size === 8],
]);

const WAVEHAND = 0;
const INDUCTION = 1;
const CONCLUSION = 0xffffffff;
const AGREEMENT = 0xfffffffe;
/** Handshake types from here on refuse: 1000 and the reason. */
const FIRST_REJECTION = 1000;
const LAST_REJECTION = 4000;
const STREAM_ID_EXTENSION = 5;

/** Section 3.2.1.3; above 2000 the application's own, which follow HTTP's numbers by custom. */
const REJECTIONS: ReadonlyMap<number, string> = new Map([
  [1001, 'system'],
  [1002, 'peer'],
  [1003, 'resource'],
  [1004, 'rogue handshake'],
  [1005, 'backlog'],
  [1006, 'internal error'],
  [1007, 'closing'],
  [1008, 'version'],
  [1009, 'rendezvous cookie'],
  [1010, 'bad secret'],
  [1011, 'password required or unexpected'],
  [1012, 'message API collision'],
  [1013, 'congestion controller'],
  [1014, 'packet filter'],
  [1015, 'group'],
  [1016, 'timeout'],
]);

function isHandshake(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER_BYTES + HANDSHAKE_BYTES || readUint32(bytes, start) !== 0x80000000) return false;
  const body = start + HEADER_BYTES;
  const version = readUint32(bytes, body);
  const largestPacket = readUint32(bytes, body + 12);
  const type = readUint32(bytes, body + 20);
  const isType = type === WAVEHAND || type === INDUCTION || type >= AGREEMENT;
  const isRejection = type >= FIRST_REJECTION && type < LAST_REJECTION;
  return (version === 4 || version === 5) && largestPacket >= 76 && largestPacket <= 65_535 && (isType || isRejection);
}

/** Other control packets are short on proof: type, size and, over several, one destination. */
function recognizeSrt(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (end - start < HEADER_BYTES || readUint8(bytes, start) !== CONTROL) return 'no';
  if (isHandshake(bytes, start, end)) return 'yes';
  const hasSize = SIZES.get(readUint8(bytes, start + 1));
  const isControl = hasSize?.(context.wireLength - HEADER_BYTES) === true && readUint16(bytes, start + 2) === 0;
  return isControl && readUint32(bytes, start + DESTINATION_OFFSET) !== 0 ? 'maybe' : 'no';
}

const CONTROL_PACKETS = 4;
const MOST_DATAGRAMS = 128;

/** Control packets to one socket each way, their clock going forward. */
class SrtConfirmation implements Confirmation {
  readonly #sockets: [number, number] = [0, 0];
  readonly #clocks: [number, number] = [0, 0];
  #agreeing = 0;
  #datagrams = 0;

  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
    const recognition = recognizeSrt(bytes, start, end, context);
    if (recognition === 'yes') return 'yes';
    if (++this.#datagrams > MOST_DATAGRAMS) return 'no';
    if (recognition === 'no') return 'maybe';
    const socket = readUint32(bytes, start + DESTINATION_OFFSET);
    const clock = readUint32(bytes, start + 8);
    const isSame = this.#sockets[context.direction] === socket && clock > this.#clocks[context.direction];
    this.#agreeing = isSame ? this.#agreeing + 1 : 0;
    this.#sockets[context.direction] = socket;
    this.#clocks[context.direction] = clock;
    return this.#agreeing >= CONTROL_PACKETS ? 'yes' : 'maybe';
  }
}

/** A caller gives an attempt up after this time, if not told otherwise (SRTO_CONNTIMEO); what comes later is another one. */
const ATTEMPT_NS = 3e9;

class SrtDissection implements Dissection {
  isDone = false;
  readonly #record: ControlRecord;
  #question: Question | null = null;
  /** Nanoseconds since the origin. */
  #askedAt = 0;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const isData = end - start >= 1 && readUint8(bytes, start) < CONTROL;
    const type = isHandshake(bytes, start, end) ? readUint32(bytes, start + HEADER_BYTES + 20) : null;
    // A caller goes on when it has got the listener's answer, be that in the capture or not.
    const isAnswered = isData || type === CONCLUSION || context.direction !== this.#question?.direction;
    if (isAnswered) this.#question?.answer(context.at);
    // Data has begun, or only control packets were ever seen: the handshake is over.
    if (type === null) this.isDone = isData;
    else if (type === INDUCTION) this.#takeInduction(context);
    else if (type === CONCLUSION) this.#readConclusion(bytes, start, end, context);
    else if (type >= FIRST_REJECTION && type < LAST_REJECTION) this.#refuse(type, context);
  }

  /** A caller sends it four times a second until it is answered; it is the listener's answer, too. */
  #takeInduction(context: PayloadContext): void {
    const question = this.#question;
    if (question === null || question.direction === context.direction) {
      if (question !== null && context.at.time - this.#askedAt < ATTEMPT_NS) question.repeat(context.at);
      else this.#question = this.#record.ask(context.at, context.direction, 'handshake');
      this.#askedAt = context.at.time;
    }
    this.#tell(context, 'induction');
  }

  #readConclusion(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    let streamId = '';
    for (let at = start + HEADER_BYTES + HANDSHAKE_BYTES; at + 4 <= end; ) {
      const next = at + 4 + readUint16(bytes, at + 2) * 4;
      if (readUint16(bytes, at) === STREAM_ID_EXTENSION && next <= end) streamId = readStreamId(bytes, at + 4, next);
      at = next;
    }
    this.#record.fact('stream', streamId);
    this.#tell(context, 'conclusion', streamId);
  }

  #refuse(type: number, context: PayloadContext): void {
    const words = REJECTIONS.get(type) ?? 'refused by the application';
    this.#tell(context, 'rejection', `${type} ${words}`);
    this.#record.refuse(context.at, context.direction, 'connection', String(type), words);
  }

  #tell(context: PayloadContext, name: string, detail = ''): void {
    this.#record.message(context.at, context.direction, name, detail);
    if (name === 'induction' && context.direction === TO_RESPONDER) this.#record.clientDirection ??= TO_RESPONDER;
  }
}

/** Section 3.2.1.3: words of four characters, each written backwards. */
function readStreamId(bytes: Uint8Array, start: number, end: number): string {
  const swapped = new Uint8Array(end - start);
  for (let i = 0; i < swapped.length; i++) swapped[i] = readUint8(bytes, start + (i ^ 3));
  return readUtf8(swapped, 0, swapped.length).replace(/\0+$/, '');
}

export const srt: Dissector = {
  id: 'srt',
  label: 'SRT',
  transports: ['udp'],
  isStreaming: true,
  firstBytes: { udp: eachByte(CONTROL) },
  recognize: recognizeSrt,
  confirm: () => new SrtConfirmation(),
  open: (record) => new SrtDissection(record),
};
