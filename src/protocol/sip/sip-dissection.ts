/** A SIP flow (RFC 3261): who calls whom, what is refused, and the media of its calls. */

import type { ControlRecord, Question, Refusal } from '../control-record.ts';
import { type Direction, type Dissection, type Moment, opposite, type PayloadContext } from '../dissector.ts';
import { ItemStream } from '../text/item-stream.ts';
import type { AnswerLine } from '../text/start-line.ts';
import { SipCalls } from './sip-calls.ts';
import { parseSipDatagram, type SipMessage } from './sip-message.ts';
import { MOST_HELD_BYTES, SipReader } from './sip-reader.ts';
import { isOfPeople, wordsOfSipStatus } from './sip-status.ts';

/** Requests without whose answer there is no call. */
const QUESTIONS = new Set(['INVITE', 'REGISTER', 'OPTIONS']);
/** Requests whose refusal is a failure for people. */
const SERIOUS = new Set(['INVITE', 'REGISTER']);
/** The caller gave up: not the other end's no. */
const CANCELLED = 487;
const MOST_PENDING = 64;

export class SipDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #calls: SipCalls;
  readonly #streams: readonly [ItemStream, ItemStream];
  /** Open questions by Call-ID and CSeq. */
  readonly #questions = new Map<string, Question>();
  /** By method and callee, as long as nothing succeeded. */
  readonly #refusals = new Map<string, Refusal[]>();
  /** Whether any call was taken. */
  #hasTalked = false;
  #at: Moment = { capture: 0, frame: 0, time: 0 };

  constructor(record: ControlRecord) {
    this.#record = record;
    this.#calls = new SipCalls(record);
    this.#streams = [this.#openStream(0), this.#openStream(1)];
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#at = context.at;
    if (context.transport === 'tcp') {
      this.#streams[context.direction].feed(bytes, start, end);
      return;
    }
    const message = parseSipDatagram(bytes, start, end);
    if (message) this.#take(context.direction, message);
  }

  gap(direction: Direction, length: number, at: Moment): void {
    this.#at = at;
    this.#streams[direction].gap(length);
  }

  close(at: Moment): void {
    this.#calls.close(at);
  }

  #openStream(direction: Direction): ItemStream {
    return new ItemStream(new SipReader((message) => this.#take(direction, message)), MOST_HELD_BYTES);
  }

  #take(direction: Direction, message: SipMessage): void {
    const { line, head } = message;
    const record = this.#record;
    const at = this.#at;
    if (line.kind === 'request') {
      record.clientDirection ??= direction;
      record.message(at, direction, line.method, line.url);
      this.#ask(direction, message);
    } else {
      record.clientDirection ??= opposite(direction);
      record.message(at, direction, `${line.status} ${line.reason}`.trimEnd(), message.method);
      this.#answered(direction, message, line);
    }
    const isClient = direction === record.clientDirection;
    record.fact(isClient ? 'agent' : 'server', head.get('user-agent') || head.get('server'));
    if (message.method === 'INVITE') {
      record.fact('caller', message.from);
      record.fact('callee', message.to);
    }
    if (line.kind === 'answer' && message.description) this.#nameCodecs(message);
    this.#calls.message(direction, message, at);
  }

  #ask(direction: Direction, message: SipMessage): void {
    // Until an answer is acknowledged, it may not have come, and the request is repeated (RFC 3261 section 13.2.2.4).
    if (message.method === 'ACK') {
      this.#questions.delete(`${message.callId} ${message.sequence.replace(/\s+ACK$/, ' INVITE')}`);
    }
    if (!QUESTIONS.has(message.method)) return;
    const key = `${message.callId} ${message.sequence}`;
    const known = this.#questions.get(key);
    if (known) {
      known.repeat(this.#at);
      return;
    }
    const question = this.#record.ask(this.#at, direction, message.method);
    if (!question) return;
    this.#questions.set(key, question);
    const [oldest] = this.#questions.keys();
    if (this.#questions.size > MOST_PENDING && oldest !== undefined) this.#questions.delete(oldest);
  }

  #answered(direction: Direction, message: SipMessage, line: AnswerLine): void {
    const key = `${message.callId} ${message.sequence}`;
    this.#questions.get(key)?.answer(this.#at);
    if (line.status >= 200 && message.method !== 'INVITE') this.#questions.delete(key);
    if (!SERIOUS.has(message.method)) return;
    if (message.method === 'INVITE' && line.status >= 200 && line.status < 300) this.#talked();
    const subject = `${message.method} ${message.to}`;
    if (line.status >= 200) this.#overcome(subject, line);
    if (line.status >= 400 && line.status !== CANCELLED) this.#refuse(direction, subject, message.method, line);
  }

  /** Where other calls are taken, a callee that is busy is no failure. */
  #talked(): void {
    this.#hasTalked = true;
    for (const refusal of this.#record.refusals) if (isOfPeople(refusal.code)) refusal.overcome(this.#at);
  }

  /** Success overcomes every refusal before it; a challenge that was met is overcome whatever comes of it. */
  #overcome(subject: string, line: AnswerLine): void {
    const isSuccess = line.status < 300;
    for (const refusal of this.#refusals.get(subject) ?? []) {
      if (isSuccess || (isChallenge(refusal.code) && refusal.code !== String(line.status))) refusal.overcome(this.#at);
    }
    if (isSuccess) this.#refusals.delete(subject);
  }

  /** A client that tries on is refused the same way again and again: once is told. */
  #refuse(direction: Direction, subject: string, method: string, line: AnswerLine): void {
    const known = this.#refusals.get(subject) ?? [];
    const code = String(line.status);
    if (this.#hasTalked && isOfPeople(code)) return;
    if (known.some((refusal) => refusal.code === code) || this.#refusals.size >= MOST_PENDING) return;
    const refusal = this.#record.refuse(this.#at, direction, method, code, wordsOfSipStatus(line.status, line.reason));
    if (refusal) this.#refusals.set(subject, [...known, refusal]);
  }

  #nameCodecs(message: SipMessage): void {
    const formats = message.description?.media.flatMap((media) => (media.port === 0 ? [] : media.formats)) ?? [];
    const encodings = formats.map((format) => format.encoding).filter((encoding) => encoding !== '');
    this.#record.fact('codec', [...new Set(encodings)].join(', '));
  }
}

function isChallenge(code: string): boolean {
  return code === '401' || code === '407';
}
