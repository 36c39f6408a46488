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
/** It waits for two of its own intervals or more (section 8.5), and then asks once in each. */
const INTERVALS_WAITED = 2;

interface Querier {
  readonly address: string;
  readonly order: number;
  lastAt: Sighting;
  /** When it asked the time before; -Infinity where it did not. */
  timeBefore: number;
}

export class QuerierElection {
  /** Pairs that cannot be on one segment; `at`: the query that shows it. */
  readonly apart: ApartQueriers[] = [];
  readonly #queriers: Querier[] = [];

  /** A general query of IPv4, of version 2 or later: version 1 has no election. */
  note(address: string, at: Sighting): void {
    const order = orderOf(address);
    // A switch that asks without an address of its own takes no part (RFC 4541 section 2.1.1).
    if (order === 0) return;
    const sighting = { capture: at.capture, frame: at.frame, time: at.time };
    const own = this.#queriers.find((each) => each.address === address);
    for (const other of this.#queriers) {
      if (own === undefined || own === other) continue;
      const isAskedOver = other.order < order && isAskedAgain(own, other, at.time);
      if (isAskedOver || (other.order > order && isOneBetween(own, other, at.time))) {
        this.#addPair(address, other.address, sighting);
      }
    }
    if (own !== undefined) {
      own.timeBefore = own.lastAt.time;
      own.lastAt = sighting;
    } else if (this.#queriers.length < MOST_QUERIERS) {
      this.#queriers.push({ address, order, lastAt: sighting, timeBefore: -Infinity });
    }
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

/** Whether the higher one asks right after the lower, which it must have heard: it is not new, as one is that asks at its start. */
function isAskedAgain(higher: Querier, lower: Querier, now: number): boolean {
  return lower.lastAt.time >= higher.lastAt.time && now - lower.lastAt.time < AT_ONCE_NS;
}

/**
 * Whether the higher one, which had asked before, asks once between two queries of the lower, and too early: had it waited for
 * the lower in vain, and so for two of its intervals, it would ask again in half of that time.
 */
function isOneBetween(lower: Querier, higher: Querier, now: number): boolean {
  const { lastAt, timeBefore } = higher;
  const waited = lastAt.time - lower.lastAt.time;
  const isKnown = Number.isFinite(timeBefore) && timeBefore <= lower.lastAt.time;
  return isKnown && waited > 0 && waited < INTERVALS_WAITED * (now - lastAt.time);
}

/** 0 for no address of IPv4. */
function orderOf(address: string): number {
  const bytes = parseAddress(address);
  return bytes === null || bytes.length !== 4 ? 0 : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
