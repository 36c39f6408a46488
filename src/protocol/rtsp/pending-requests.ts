/** RTSP requests of one direction that wait for their answers. */

import type { Question } from '../control-record.ts';
import type { Scope } from './tracks.ts';
import type { TransportSpec } from './transport-header.ts';

const MOST_PENDING = 32;

export interface Request extends Scope {
  readonly method: string;
  /** Transports that a SETUP offers. */
  readonly offers: readonly TransportSpec[];
  readonly question: Question | null;
}

export class PendingRequests {
  /** By CSeq, oldest first. */
  readonly #requests = new Map<string, Request>();

  get isEmpty(): boolean {
    return this.#requests.size === 0;
  }

  find(sequence: string): Request | null {
    return this.#requests.get(sequence) ?? null;
  }

  add(sequence: string, request: Request): void {
    this.#requests.delete(sequence);
    this.#requests.set(sequence, request);
    const [oldest] = this.#requests.keys();
    if (this.#requests.size > MOST_PENDING && oldest !== undefined) this.#requests.delete(oldest);
  }

  /** An answer without CSeq is to the request that has waited longest. */
  take(sequence: string): Request | null {
    const key = sequence === '' && !this.#requests.has('') ? this.#requests.keys().next().value : sequence;
    if (key === undefined) return null;
    const request = this.find(key);
    this.#requests.delete(key);
    return request;
  }

  takeSetups(): Request[] {
    const setups = [...this.#requests].filter(([, request]) => request.method === 'SETUP');
    for (const [sequence] of setups) this.#requests.delete(sequence);
    return setups.map(([, request]) => request);
  }
}
