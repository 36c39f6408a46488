/** Identity of UDP flows: what one datagram proves, and what takes several. */

import type { DecodedPacket } from '../packet/decoded-packet.ts';
import type { Confirmation, Dissector, PayloadContext } from '../protocol/dissector.ts';
import { indexByFirstByte } from '../protocol/first-bytes.ts';
import type { Identified, IdentifierAnswer } from './identifier.ts';
import { PendingFlows } from './pending-flows.ts';

/** Datagrams that recognizers look at before a flow stays unknown. */
const MOST_ATTEMPTS = 4;
/** Datagrams that confirmations may take to make up their minds. */
const MOST_DATAGRAMS = 48;
const MOST_PENDING = 20_000;

/** The confirmations that are open for one flow. */
class Suspects {
  readonly #dissectors: Dissector[] = [];
  readonly #confirmations: Confirmation[] = [];
  #datagrams = 0;

  get isEmpty(): boolean {
    return this.#dissectors.length === 0;
  }

  get isTooOld(): boolean {
    return this.#datagrams >= MOST_DATAGRAMS;
  }

  add(dissector: Dissector): void {
    if (dissector.confirm === undefined || this.#dissectors.includes(dissector)) return;
    this.#dissectors.push(dissector);
    this.#confirmations.push(dissector.confirm());
  }

  /** Shows them a datagram; the one that is sure now, or null. */
  accept(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Dissector | null {
    this.#datagrams++;
    for (let i = this.#dissectors.length - 1; i >= 0; i--) {
      const answer = this.#confirmations[i]?.accept(bytes, start, end, context);
      if (answer === 'yes') return this.#dissectors[i] ?? null;
      if (answer === 'maybe') continue;
      this.#dissectors.splice(i, 1);
      this.#confirmations.splice(i, 1);
    }
    return null;
  }
}

export class DatagramIdentifier {
  readonly #candidates: readonly (readonly Dissector[])[];
  readonly #pending = new PendingFlows<Suspects>(MOST_PENDING);

  constructor(dissectors: readonly Dissector[]) {
    this.#candidates = indexByFirstByte(dissectors, 'udp');
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
      const candidates = this.#candidates[bytes[payloadStart] as number] as readonly Dissector[];
      for (const dissector of candidates) {
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
      if (!suspects.isEmpty && !suspects.isTooOld) {
        if (known === undefined) this.#pending.add(slot, suspects);
        return 'pending';
      }
      this.#pending.drop(slot);
      if (suspects.isTooOld) return 'unknown';
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
