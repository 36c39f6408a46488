/** Commands of RTMP and their answers, Adobe RTMP 1.0 section 7.2: who plays or publishes what, and what was refused. */

import { type ControlRecord, keep, type Question } from '../control-record.ts';
import { type Direction, type Moment, opposite } from '../dissector.ts';
import { hidePassword } from '../text/url.ts';
import type { AmfObject, AmfValue } from './amf-reader.ts';
import { isObject, textOf } from './amf0.ts';

/** Calls that wait for their answer, per direction. */
const MOST_CALLS = 64;
/** Calls whose failure is a failure of the session; servers refuse others (releaseStream, _checkbw) as a matter of course. */
const ESSENTIAL_CALLS: ReadonlySet<string> = new Set(['connect', 'createStream', 'publish', 'play', 'play2']);
/** A stream that the server ends sooner than this after it has let it begin was never wanted. */
const SHORTEST_STREAM_NS = 1e9;
const CLOSING_CALLS: ReadonlySet<string> = new Set(['deleteStream', 'closeStream', 'close']);

/** Status codes that prove the success of a call. */
const STARTING_CODES: ReadonlyMap<string, string> = new Map([
  ['NetConnection.Connect.Success', 'connect'],
  ['NetStream.Publish.Start', 'publish'],
  ['NetStream.Play.Start', 'play'],
]);
/** Status codes after which the stream has ended although the connection stays. */
const ENDING_CODES: ReadonlySet<string> = new Set([
  'NetStream.Play.Stop',
  'NetStream.Play.Complete',
  'NetStream.Play.UnpublishNotify',
  'NetStream.Unpublish.Success',
  'NetConnection.Connect.Closed',
]);

export class RtmpCommands {
  readonly #record: ControlRecord;
  /** Names of calls by transaction id, per direction of the call. */
  readonly #calls = [new Map<number, string>(), new Map<number, string>()] as const;
  /** The call that decides about the session and that has not been answered. */
  #waiting: Question | null = null;
  /** What the server has let begin, as long as no media has followed. */
  #begun: { readonly request: string; readonly time: number } | null = null;
  #tcUrl = '';

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  take(values: readonly AmfValue[], direction: Direction, at: Moment): void {
    const [name, transaction] = values;
    if (typeof name !== 'string') return;
    const info = values.find(isInfo);
    this.#record.message(at, direction, name, this.#describe(values, info));
    const isAnswer = name === '_result' || name === '_error';
    if (isAnswer) {
      const request = this.#takeCall(transaction, opposite(direction));
      this.#answer(request, at);
      if (name === '_error') this.#fail(request || requestOf(info), info, direction, at);
      else if (info !== undefined) this.#succeed(values, info, at);
    } else if (info !== undefined) {
      this.#status(info, direction, at);
    } else {
      this.#call(name, values, direction, at);
    }
  }

  /** Tells that bytes of `direction` are missing: an answer may be among them, or media. */
  miss(direction: Direction, at: Moment): void {
    if (direction !== this.#waiting?.direction) this.#waiting?.answer(at);
    else this.#begun = null;
  }

  /** Tells that media flows in `direction`: to a player, that is an answer. */
  mediaFlows(direction: Direction, at: Moment): void {
    this.#begun = null;
    if (this.#waiting?.request === 'play' && direction !== this.#waiting.direction) this.#waiting.answer(at);
  }

  /**
   * A server that closes instead of answering says no: to an unknown application or a wrong stream key, many do. Some let the
   * stream begin first, and close before any media.
   */
  close(closer: Direction, at: Moment): void {
    const waiting = this.#waiting;
    const begun = this.#begun;
    if (waiting !== null && waiting.answeredAt === null) {
      if (waiting.direction === closer) return;
      waiting.answer(at);
      this.#record.refuse(at, closer, waiting.request, 'closed', `no answer to ${waiting.request}`);
    } else if (begun !== null && waiting?.request === begun.request && waiting.direction !== closer) {
      if (at.time - begun.time > SHORTEST_STREAM_NS || this.#record.closedAt !== null) return;
      this.#record.refuse(at, closer, begun.request, 'closed', `${begun.request} was let begin, and ended at once`);
    }
  }

  #call(name: string, values: readonly AmfValue[], direction: Direction, at: Moment): void {
    const record = this.#record;
    const calls = this.#calls[direction];
    const transaction = values[1];
    if (typeof transaction === 'number' && transaction > 0 && calls.size < MOST_CALLS) calls.set(transaction, name);
    if (ESSENTIAL_CALLS.has(name)) record.clientDirection ??= direction;
    if (CLOSING_CALLS.has(name)) record.closedAt ??= keep(at);
    if (name === 'connect') {
      this.#waiting = record.ask(at, direction, name);
      this.#takeConnect(values[2]);
    } else if (name === 'publish' || name === 'play') {
      this.#waiting = record.ask(at, direction, name);
      this.#takeStream(name, values[3]);
    } else if (name === 'play2') {
      this.#takeStream('play', textOf(values[3], 'streamName'));
    }
  }

  #answer(request: string, at: Moment): void {
    if (request === this.#waiting?.request) this.#waiting?.answer(at);
  }

  #takeConnect(command: AmfValue | undefined): void {
    const record = this.#record;
    this.#tcUrl = hidePassword(textOf(command, 'tcUrl'));
    record.fact('app', textOf(command, 'app'));
    record.fact('tcUrl', this.#tcUrl);
    record.fact('agent', textOf(command, 'flashVer'));
  }

  #takeStream(role: 'publish' | 'play', name: AmfValue | undefined): void {
    if (typeof name !== 'string') return;
    const record = this.#record;
    record.closedAt = null;
    record.fact('role', role);
    record.fact('stream', name);
    // Some players name the whole URL.
    if (name.includes('://')) record.fact('url', hidePassword(name));
    else if (this.#tcUrl !== '') record.fact('url', `${this.#tcUrl.replace(/\/+$/, '')}/${name}`);
  }

  /** Name of the call that an answer belongs to, empty when the capture does not show it. */
  #takeCall(transaction: AmfValue | undefined, direction: Direction): string {
    if (typeof transaction !== 'number') return '';
    const calls = this.#calls[direction];
    const name = calls.get(transaction) ?? '';
    calls.delete(transaction);
    return name;
  }

  #status(info: AmfObject, direction: Direction, at: Moment): void {
    const code = textOf(info, 'code');
    this.#record.clientDirection ??= opposite(direction);
    this.#answer(requestOf(info), at);
    if (textOf(info, 'level') === 'error') this.#fail(requestOf(info) || 'play', info, direction, at);
    else this.#start(STARTING_CODES.get(code), at);
    if (ENDING_CODES.has(code)) this.#record.closedAt ??= keep(at);
  }

  #start(request: string | undefined, at: Moment): void {
    this.#overcome(request, at);
    if (request === 'publish' || request === 'play') this.#begun = { request, time: at.time };
  }

  #succeed(values: readonly AmfValue[], info: AmfObject, at: Moment): void {
    this.#record.fact('server', textOf(values[2], 'fmsVer'));
    this.#overcome(STARTING_CODES.get(textOf(info, 'code')), at);
  }

  #fail(request: string, info: AmfObject | undefined, direction: Direction, at: Moment): void {
    if (!ESSENTIAL_CALLS.has(request)) return;
    this.#begun = null;
    const code = textOf(info, 'code') || '_error';
    this.#record.refuse(at, direction, request, code, textOf(info, 'description') || code);
  }

  #overcome(request: string | undefined, at: Moment): void {
    if (request === undefined) return;
    if (request !== 'connect') this.#record.closedAt = null;
    for (const refusal of this.#record.refusals) {
      if (refusal.request === request) refusal.overcome(at);
    }
  }

  /** What is worth reading beside the name: a status code, else the first text among the arguments. */
  #describe(values: readonly AmfValue[], info: AmfObject | undefined): string {
    if (info !== undefined) {
      const description = textOf(info, 'description');
      return description === '' ? textOf(info, 'code') : `${textOf(info, 'code')} (${description})`;
    }
    if (values[0] === 'connect') return textOf(values[2], 'app');
    const text = values.slice(2).find((value) => typeof value === 'string');
    return typeof text === 'string' ? text : '';
  }
}

/** An information object: what onStatus and the answers to connect carry. */
function isInfo(value: AmfValue): value is AmfObject {
  return isObject(value) && textOf(value, 'code') !== '';
}

/** The call that a status code speaks of, empty when it names none. */
function requestOf(info: AmfObject | undefined): string {
  const code = textOf(info, 'code');
  if (code.startsWith('NetConnection.Connect')) return 'connect';
  if (/^NetStream\.(Publish|Record|Unpublish)/.test(code)) return 'publish';
  return code.startsWith('NetStream.Play') ? 'play' : '';
}
