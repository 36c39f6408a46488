/** Answers that say no, and whether the client got on all the same. */

import type { ControlRecord, Refusal } from '../control-record.ts';
import type { Direction, Moment } from '../dissector.ts';
import type { AnswerLine } from '../text/start-line.ts';
import { controlKey } from './control-url.ts';
import { wordsOfRtspStatus } from './status-words.ts';

/** The way to media; a step that is reached shows that those before it did not stop the client. */
const STEPS = new Map([
  ['OPTIONS', 1],
  ['DESCRIBE', 2],
  ['ANNOUNCE', 2],
  ['SETUP', 3],
  ['PLAY', 4],
  ['RECORD', 4],
]);
const LAST_STEP = 4;
/** Not implemented, not allowed, not understood: no harm to a keep-alive or a capability request. */
const HARMLESS_ELSEWHERE = new Set([400, 405, 451, 455, 501, 551]);
const MOST_WATCHED = 64;

interface Watched {
  readonly refusal: Refusal;
  readonly method: string;
  readonly key: string;
  /** Whether the client has asked the same again, and may have been given it in an answer that the capture lacks. */
  isAskedAgain: boolean;
}

export class RtspRefusals {
  readonly #record: ControlRecord;
  #isPlaying = false;
  /** Refusals that a later success may overcome. */
  #watched: Watched[] = [];

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  refused(method: string, url: string, line: AnswerLine, direction: Direction, at: Moment): void {
    const step = STEPS.get(method) ?? 0;
    // To end or to pause what has ended already is refused every day.
    if (method === 'TEARDOWN' || method === 'PAUSE') return;
    // Who plays asks for nothing but to go on, whatever it was that the capture does not hold.
    if (method === '' && this.#isPlaying) return;
    if (step < 2 && HARMLESS_ELSEWHERE.has(line.status)) return;
    const words = wordsOfRtspStatus(line.status, line.reason);
    const refusal = this.#record.refuse(at, direction, method || 'request', String(line.status), words);
    if (refusal && this.#watched.length < MOST_WATCHED) this.#watch(refusal, method, url);
  }

  asked(method: string, url: string): void {
    if (this.#watched.length === 0) return;
    const key = controlKey(url);
    for (const watched of this.#watched)
      if (watched.method === method && watched.key === key) watched.isAskedAgain = true;
  }

  #watch(refusal: Refusal, method: string, url: string): void {
    this.#watched.push({ refusal, method, key: controlKey(url), isAskedAgain: false });
  }

  succeeded(method: string, url: string, at: Moment): void {
    const key = controlKey(url);
    const step = STEPS.get(method) ?? 0;
    if (step === LAST_STEP) this.#isPlaying = true;
    this.#watched = this.#watched.filter((watched) => {
      const isSameRequest = watched.method === method && watched.key === key;
      // Another track's SETUP, or PLAY without it, does not bring a refused track back; PLAY after it was asked again does.
      const mayBePassed = watched.method !== 'SETUP' || watched.isAskedAgain;
      const isPassed = mayBePassed && (STEPS.get(watched.method) ?? 0) < step;
      // Servers that set up tracks only refuse the whole presentation; the client goes on to its tracks.
      const isTrackOfIt = watched.method === method && method === 'SETUP' && key.startsWith(`${watched.key}/`);
      if (isSameRequest || isPassed || isTrackOfIt) watched.refusal.overcome(at);
      return watched.refusal.overcomeAt === null;
    });
  }
}
