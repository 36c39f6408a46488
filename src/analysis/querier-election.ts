/**
 * Queriers of IGMP that ask side by side. On one segment only the one with the lowest address asks (RFC 3376 section 6.6.2): where
 * a higher one goes on as well, the capture shows two segments.
 */

import type { Sighting } from '../flow/mac-table.ts';
import { parseAddress } from '../format/address.ts';
import type { ApartQueriers } from '../verdict/flow-case.ts';

const MOST_QUERIERS = 16;
const MOST_PAIRS = 64;
/** Who does not hear the querier takes its place, after no less than this with the shortest of intervals that are in use. */
const AT_ONCE_NS = 10e9;
/** Other Querier Present Interval by its default (section 8.5): within it a querier that asks again was never gone. */
const PRESENT_NS = 255e9;

interface Querier {
  readonly address: string;
  readonly order: number;
  lastAt: Sighting;
}

export class QuerierElection {
  /** Pairs that cannot be on one segment; `at`: the query that shows it. */
  readonly apart: ApartQueriers[] = [];
  readonly #queriers: Querier[] = [];

  /** A query of IPv4, of version 2 or later: version 1 has no election. */
  note(address: string, at: Sighting): void {
    const order = orderOf(address);
    // A switch that asks without an address of its own takes no part (RFC 4541 section 2.1.1).
    if (order === 0) return;
    const sighting = { capture: at.capture, frame: at.frame, time: at.time };
    const own = this.#queriers.find((each) => each.address === address);
    for (const other of this.#queriers) {
      const since = at.time - other.lastAt.time;
      const isAskedOver = other.order < order && since >= 0 && since < AT_ONCE_NS;
      const isBackAgain =
        other.order > order &&
        own !== undefined &&
        other.lastAt.time > own.lastAt.time &&
        at.time - own.lastAt.time < PRESENT_NS;
      if (isAskedOver || isBackAgain) this.#addPair(address, other.address, sighting);
    }
    if (own !== undefined) own.lastAt = sighting;
    else if (this.#queriers.length < MOST_QUERIERS) this.#queriers.push({ address, order, lastAt: sighting });
  }

  /** When this querier asked last; null for one that is not known. */
  lastOf(address: string): Sighting | null {
    return this.#queriers.find((each) => each.address === address)?.lastAt ?? null;
  }

  #addPair(one: string, other: string, at: Sighting): void {
    const isKnown = this.apart.some(({ queriers }) => queriers.includes(one) && queriers.includes(other));
    if (!isKnown && this.apart.length < MOST_PAIRS) this.apart.push({ queriers: [one, other], at });
  }
}

/** 0 for no address of IPv4. */
function orderOf(address: string): number {
  const bytes = parseAddress(address);
  return bytes === null || bytes.length !== 4 ? 0 : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
