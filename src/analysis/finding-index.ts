/** Which findings speak of which flows: one sorted array, for an outage is one finding of tens of thousands of flows. */

import type { Finding } from '../verdict/finding.ts';
import { lowerBound } from './lower-bound.ts';

/** A key is a flow's id (32 bits), the place of a finding (19 bits), and whether the flow only explains it (1 bit). */
const PLACES = 2 ** 19;
const KEYS_OF_FLOW = PLACES * 2;

export class FindingIndex {
  readonly #findings: readonly Finding[];
  readonly #keys: Float64Array;

  /** `findings` are in the order in which they are given back, fewer than 2^19, each with a flow once at most. */
  constructor(findings: readonly Finding[]) {
    this.#findings = findings;
    const count = findings.reduce((sum, { flows, related }) => sum + flows.length + related.length, 0);
    this.#keys = new Float64Array(count);
    let used = 0;
    for (const [place, { flows, related }] of findings.entries()) {
      for (const id of flows) this.#keys[used++] = id * KEYS_OF_FLOW + place * 2;
      for (const id of related) this.#keys[used++] = id * KEYS_OF_FLOW + place * 2 + 1;
    }
    this.#keys.sort();
  }

  /** The first finding that judges a flow. */
  firstJudging(id: number): Finding | null {
    for (let at = lowerBound(this.#keys, id * KEYS_OF_FLOW); this.#isOf(id, at); at++) {
      if (this.#isJudged(at)) return this.#findingAt(at);
    }
    return null;
  }

  /** The findings that judge a flow. */
  judging(id: number): Finding[] {
    return this.#placesOf(id)
      .filter((at) => this.#isJudged(at))
      .map((at) => this.#findingAt(at));
  }

  /** The findings that judge a flow or that it explains. */
  about(id: number): Finding[] {
    return this.#placesOf(id).map((at) => this.#findingAt(at));
  }

  #placesOf(id: number): number[] {
    const places = [];
    for (let at = lowerBound(this.#keys, id * KEYS_OF_FLOW); this.#isOf(id, at); at++) places.push(at);
    return places;
  }

  #isOf(id: number, at: number): boolean {
    return at < this.#keys.length && Math.floor((this.#keys[at] as number) / KEYS_OF_FLOW) === id;
  }

  #isJudged(at: number): boolean {
    return (this.#keys[at] as number) % 2 === 0;
  }

  #findingAt(at: number): Finding {
    return this.#findings[Math.floor(((this.#keys[at] as number) % KEYS_OF_FLOW) / 2)] as Finding;
  }
}
