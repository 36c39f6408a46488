/**
 * First fragments of each flow's datagrams (RFC 791 section 3.2), which alone have ports, and how many of these datagrams became
 * whole. Kept by side of the flow, 0 being its low end (see `FlowTable.side`), and only where there are fragments.
 */

import type { Sighting } from './mac-table.ts';

type Side = 0 | 1;

/** Of one side of a flow. */
export interface FirstFragments {
  /** Datagrams that came in fragments, the first of which was seen; a span's copies are not counted. */
  readonly begun: number;
  /** Of these, or of those whose first fragment came last, the ones that were put together. */
  readonly whole: number;
  /** First fragments that came again at once, as a span shows those that a router has passed on. */
  readonly again: number;
  readonly first: Sighting;
  readonly last: Sighting;
}

interface Entry {
  begun: number;
  whole: number;
  again: number;
  lastId: number;
  first: Sighting | null;
  last: Sighting | null;
}

export class FirstFragmentTable {
  /** By slot and side. */
  readonly #entries = new Map<number, Entry>();

  /** A first fragment that awaits others; `id` is the identification of its datagram, -1 where it is not known. */
  note(slot: number, side: Side, id: number, at: Sighting): void {
    const entry = this.#entry(slot, side);
    if (id >= 0 && id === entry.lastId) {
      entry.again++;
      return;
    }
    entry.lastId = id;
    entry.begun++;
    const { capture, frame, time } = at;
    entry.last = { capture, frame, time };
    entry.first ??= entry.last;
  }

  /** A datagram was put together. */
  complete(slot: number, side: Side): void {
    this.#entry(slot, side).whole++;
  }

  /** Null where no first fragment was seen. */
  of(slot: number, side: Side): FirstFragments | null {
    const entry = this.#entries.get(slot * 2 + side);
    if (entry === undefined || entry.first === null || entry.last === null) return null;
    const { begun, whole, again, first, last } = entry;
    return { begun, whole, again, first, last };
  }

  /** Forgets those of an evicted flow. */
  release(slot: number): void {
    this.#entries.delete(slot * 2);
    this.#entries.delete(slot * 2 + 1);
  }

  #entry(slot: number, side: Side): Entry {
    const key = slot * 2 + side;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry = { begun: 0, whole: 0, again: 0, lastId: -1, first: null, last: null };
    this.#entries.set(key, entry);
    return entry;
  }
}
