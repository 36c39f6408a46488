/** Flows found by their ids: two arrays side by side, which take a tenth of the memory of a map of tens of thousands. */

import type { FlowCase } from '../verdict/flow-case.ts';
import { lowerBound } from './lower-bound.ts';

export class FlowsById {
  /** In order of id. */
  readonly flows: readonly FlowCase[];
  readonly #ids: Uint32Array;

  /** Ids are whole numbers below 2^32, each given once. */
  constructor(flows: readonly FlowCase[]) {
    this.flows = flows.toSorted((a, b) => a.id - b.id);
    this.#ids = Uint32Array.from(this.flows, ({ id }) => id);
  }

  get(id: number): FlowCase | null {
    const place = lowerBound(this.#ids, id);
    return this.#ids[place] === id ? (this.flows[place] ?? null) : null;
  }
}
