/** Finds the record of a flow by its key: an open-addressing table of hashes. */

import { type FlowKey, RECORD_WORDS } from './flow-key.ts';

const INITIAL_ENTRIES = 8192;
const EMPTY = 0;
const REMOVED = -1;

/** Linear probing over pairs of hash and slot + 1; at most half full. */
export class FlowIndex {
  #pairs = new Int32Array(INITIAL_ENTRIES * 2);
  /** Entries that are not empty, removed ones included. */
  #used = 0;

  /** The slot of the flow with this key, or -1. */
  find(key: FlowKey, records: Int32Array): number {
    const at = this.#locate(key, records);
    return at < 0 ? -1 : (this.#pairs[at * 2 + 1] as number) - 1;
  }

  /** Where a flow with this hash most likely is: its first candidate, unchecked; -1 when there is none. */
  guess(hash: number): number {
    const pairs = this.#pairs;
    return (pairs[(hash & (pairs.length / 2 - 1)) * 2 + 1] as number) - 1;
  }

  /** Adds a flow that is not in the index yet. */
  add(hash: number, slot: number): void {
    if (this.#used * 4 >= this.#pairs.length) this.#rebuild();
    this.#used++;
    place(this.#pairs, hash, slot);
  }

  remove(key: FlowKey, records: Int32Array): void {
    const at = this.#locate(key, records);
    if (at >= 0) this.#pairs[at * 2 + 1] = REMOVED;
  }

  removeSlots(slots: ReadonlySet<number>): void {
    for (let at = 1; at < this.#pairs.length; at += 2) {
      const entry = this.#pairs[at] as number;
      if (entry > 0 && slots.has(entry - 1)) this.#pairs[at] = REMOVED;
    }
  }

  #locate(key: FlowKey, records: Int32Array): number {
    const pairs = this.#pairs;
    const mask = pairs.length / 2 - 1;
    const hash = key.hash;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = pairs[at * 2 + 1] as number;
      if (entry === EMPTY) return -1;
      if (entry > 0 && pairs[at * 2] === hash && key.isAt(records, (entry - 1) * RECORD_WORDS)) return at;
    }
  }

  /** Leaves removed entries behind; doubles unless most of what was used had been removed. */
  #rebuild(): void {
    const old = this.#pairs;
    let live = 0;
    for (let at = 1; at < old.length; at += 2) if ((old[at] as number) > 0) live++;
    this.#pairs = new Int32Array(live * 8 > old.length ? old.length * 2 : old.length);
    this.#used = live;
    for (let at = 0; at < old.length; at += 2) {
      const entry = old[at + 1] as number;
      if (entry > 0) place(this.#pairs, old[at] as number, entry - 1);
    }
  }
}

function place(pairs: Int32Array, hash: number, slot: number): void {
  const mask = pairs.length / 2 - 1;
  let at = hash & mask;
  while (pairs[at * 2 + 1] !== EMPTY) at = (at + 1) & mask;
  pairs[at * 2] = hash;
  pairs[at * 2 + 1] = slot + 1;
}
