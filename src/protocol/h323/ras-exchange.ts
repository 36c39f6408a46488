/** Requests of RAS and their answers, by sequence number and direction, with repetitions (ITU-T H.225.0 section 7.19). */

import { type ControlRecord, keep, type Question, type Refusal } from '../control-record.ts';
import type { Direction, Moment } from '../dissector.ts';
import { opposite } from '../dissector.ts';

const MOST_PENDING = 128;
const MOST_REFUSALS = 64;
/** An endpoint gives up long before (H.225.0 table 16); the same request later is a new one. */
const LONGEST_RETRY_NS = 20e9;

export interface RasRequest {
  /** `admissionRequest`. */
  readonly name: string;
  /** The call that it is about; empty when it is about none. */
  readonly call: string;
  readonly isAnsweringCall: boolean;
}

interface Pending {
  readonly request: RasRequest;
  readonly question: Question | null;
  lastAt: Moment;
  isAnswered: boolean;
}

export class RasExchange {
  readonly #record: ControlRecord;
  readonly #pending = new Map<string, Pending>();
  /** Refusals that nothing has overcome. */
  #refused: readonly { readonly key: string; readonly refusal: Refusal }[] = [];

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  /** Some keep the number when they ask again, some take a new one. */
  ask(at: Moment, direction: Direction, number: number, request: RasRequest, words: string): void {
    const key = `${direction} ${number}`;
    const repeated = this.#repeated(at, direction, key, request);
    if (repeated !== undefined) {
      repeated.question?.repeat(at);
      repeated.lastAt = keep(at);
      this.#pending.set(key, repeated);
      return;
    }
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= MOST_PENDING && oldest !== undefined) this.#pending.delete(oldest);
    const question = this.#record.ask(at, direction, words);
    this.#pending.delete(key);
    this.#pending.set(key, { request, question, lastAt: keep(at), isAnswered: false });
  }

  /** The request that an answer in `direction` is for, if it was seen. `isFinal`: no other answer will come. */
  answer(at: Moment, direction: Direction, number: number, isFinal: boolean): RasRequest | null {
    const pending = this.#pending.get(`${opposite(direction)} ${number}`);
    if (pending === undefined) return null;
    pending.question?.answer(at);
    if (isFinal) pending.isAnswered = true;
    return pending.request;
  }

  refuse(at: Moment, direction: Direction, request: string, call: string, code: string, words: string): void {
    const refusal = this.#record.refuse(at, direction, request, code, words);
    if (refusal === null) return;
    this.#refused = [...this.#refused, { key: `${direction} ${request} ${call}`, refusal }].slice(-MOST_REFUSALS);
  }

  /** The same was granted in the end. */
  grant(at: Moment, direction: Direction, request: string, call: string): void {
    const key = `${direction} ${request} ${call}`;
    for (const refused of this.#refused) if (refused.key === key) refused.refusal.overcome(at);
    this.#refused = this.#refused.filter((refused) => refused.key !== key);
  }

  #repeated(at: Moment, direction: Direction, key: string, request: RasRequest): Pending | undefined {
    const same = this.#pending.get(key);
    if (same?.request.name === request.name && isRecent(same, at)) return same;
    for (const [other, pending] of this.#pending) {
      const isSame = pending.request.name === request.name && pending.request.call === request.call;
      if (isSame && !pending.isAnswered && other.startsWith(`${direction} `) && isRecent(pending, at)) return pending;
    }
    return undefined;
  }
}

function isRecent(pending: Pending, at: Moment): boolean {
  return at.time - pending.lastAt.time <= LONGEST_RETRY_NS;
}
