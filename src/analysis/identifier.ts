/** Finds out what a flow is by its bytes: asks about its first payloads until one recognizer is sure. */

import type { FlowTable } from '../flow/flow-table.ts';
import type { HoldBudget, OrderedBytes } from '../flow/ordered-bytes.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import type { Direction, Dissector, Moment, PayloadContext } from '../protocol/dissector.ts';
import { DatagramIdentifier } from './datagram-identifier.ts';
import { StreamIdentifier } from './stream-identifier.ts';

/** A piece of a TCP stream held while the flow was being recognised. */
export interface HeldBytes {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
  readonly at: Moment;
}

export interface Identified {
  readonly dissector: Dissector;
  /** Bytes of a TCP flow from before the answer, in order. */
  readonly held: readonly HeldBytes[];
  /** What has put them in order and stands behind them; null where none were held. */
  readonly ordered: OrderedBytes | null;
}

/** `open`: ask again with the next payload. `pending`: so too, and what was seen is kept. `unknown`: give up. */
export type IdentifierAnswer = Identified | 'open' | 'pending' | 'unknown';

export class Identifier {
  readonly #datagrams: DatagramIdentifier;
  readonly #streams: StreamIdentifier;

  constructor(dissectors: readonly Dissector[], flows: FlowTable, budget: HoldBudget) {
    this.#datagrams = new DatagramIdentifier(dissectors);
    this.#streams = new StreamIdentifier(dissectors, flows, budget);
  }

  /**
   * Looks at one payload, of one byte at least, of the flow that the table has just updated. `attempts`: payloads of it that
   * were not known so far; `isPending`: whether the last answer was `pending`.
   */
  look(
    slot: number,
    packet: DecodedPacket,
    context: PayloadContext,
    attempts: number,
    isPending: boolean,
  ): IdentifierAnswer {
    return packet.isTcp
      ? this.#streams.look(slot, packet, context, attempts, isPending)
      : this.#datagrams.look(slot, packet, context, attempts, isPending);
  }

  forget(slot: number): void {
    this.#datagrams.forget(slot);
    this.#streams.forget(slot);
  }
}
