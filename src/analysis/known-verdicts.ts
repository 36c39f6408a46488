/** Verdicts of flows, each worked out once for a judgement: sorting and filtering ask for all of them again and again. */

import { VERDICTS, type Verdict } from '../verdict/finding.ts';

export class KnownVerdicts {
  /** By slot: the place of the verdict plus one, 0 where none is known, and the flow that it is of, for slots are used again. */
  readonly #places: Uint8Array;
  readonly #ids: Uint32Array;

  constructor(slots: number) {
    this.#places = new Uint8Array(slots);
    this.#ids = new Uint32Array(slots);
  }

  /** Null for a flow whose verdict is not known, and for slots that came later. */
  get(slot: number, id: number): Verdict | null {
    const place = this.#places[slot] ?? 0;
    return place === 0 || this.#ids[slot] !== id ? null : (VERDICTS[place - 1] as Verdict);
  }

  set(slot: number, id: number, verdict: Verdict): void {
    this.#places[slot] = VERDICTS.indexOf(verdict) + 1;
    this.#ids[slot] = id;
  }
}
