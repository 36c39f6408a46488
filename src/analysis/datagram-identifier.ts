/** Identity of UDP flows: what one datagram proves, and what takes several. */

import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { CandidateIndex } from '../protocol/candidate-index.ts';
import type { Confirmation, Dissector, PayloadContext } from '../protocol/dissector.ts';
import type { Identified, IdentifierAnswer } from './identifier.ts';
import { PendingFlows } from './pending-flows.ts';

/** Datagrams that recognizers look at before a flow stays unknown: GStreamer's player opens the path with five of random bytes. */
const MOST_ATTEMPTS = 7;
/** Datagrams that confirmations may take to make up their minds. */
const MOST_DATAGRAMS = 48;
const MOST_PENDING = 20_000;

interface Suspect {
  readonly dissector: Dissector;
  readonly confirmation: Confirmation;
}

/** The confirmations that are open for one flow. */
class Suspects {
  #open: Suspect[] | null = null;
  #datagrams = 0;

  get isOver(): boolean {
    return this.#open === null || this.#datagrams >= MOST_DATAGRAMS;
  }

  add(dissector: Dissector): void {
    if (dissector.confirm === undefined || this.#has(dissector)) return;
    const suspect = { dissector, confirmation: dissector.confirm() };
    // A list that is made with its element takes no room for more, and most flows have one suspect.
    if (this.#open === null) this.#open = [suspect];
    else this.#open.push(suspect);
  }

  /** Shows them a datagram; the one that is sure now, or null. */
  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Dissector | null {
    this.#datagrams++;
    const open = this.#open;
    if (open === null) return null;
    for (let i = open.length - 1; i >= 0; i--) {
      const { dissector, confirmation } = open[i] as Suspect;
      const answer = confirmation.accept(bytes, start, end, context);
      if (answer === 'yes') return dissector;
      if (answer === 'no') open.splice(i, 1);
    }
    if (open.length === 0) this.#open = null;
    return null;
  }

  #has(dissector: Dissector): boolean {
    return this.#open?.some((suspect) => suspect.dissector === dissector) === true;
  }
}

export class DatagramIdentifier {
  readonly #candidates: CandidateIndex;
  readonly #pending = new PendingFlows<Suspects>(MOST_PENDING);

  constructor(dissectors: readonly Dissector[]) {
    this.#candidates = new CandidateIndex(dissectors, 'udp');
  }

  /** See `Identifier.look`. */
  look(
    slot: number,
    packet: DecodedPacket,
    context: PayloadContext,
    attempts: number,
    isPending: boolean,
  ): IdentifierAnswer {
    const { bytes, payloadStart, payloadEnd } = packet;
    const known = isPending ? this.#pending.get(slot) : undefined;
    let suspects = known;
    if (attempts < MOST_ATTEMPTS) {
      const candidates = this.#candidates.find(bytes, payloadStart, payloadEnd);
      for (let i = 0; i < candidates; i++) {
        const dissector = this.#candidates.at(i);
        const recognition = dissector.recognize(bytes, payloadStart, payloadEnd, context);
        if (recognition === 'no') continue;
        if (recognition === 'yes') return this.#settle(slot, dissector);
        suspects ??= new Suspects();
        suspects.add(dissector);
      }
    }
    if (suspects !== undefined) {
      const sure = suspects.accept(bytes, payloadStart, payloadEnd, context);
      if (sure !== null) return this.#settle(slot, sure);
      if (!suspects.isOver) {
        if (known === undefined) this.#pending.add(slot, suspects);
        return 'pending';
      }
      this.#pending.drop(slot);
    }
    return attempts + 1 < MOST_ATTEMPTS ? 'open' : 'unknown';
  }

  forget(slot: number): void {
    this.#pending.drop(slot);
  }

  #settle(slot: number, dissector: Dissector): Identified {
    this.#pending.drop(slot);
    return { dissector, held: [], ordered: null };
  }
}
