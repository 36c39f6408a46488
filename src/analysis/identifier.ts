/** Finds out what a flow is by its bytes: asks every recognizer about its first payloads until one is sure. */

import type { FlowTable } from '../flow/flow-table.ts';
import { OrderedBytes } from '../flow/ordered-bytes.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import type { Confirmation, Direction, Dissector, Moment, PayloadContext, Transport } from '../protocol/dissector.ts';
import { ReusedContext } from './control-flow.ts';

/** Payloads that are looked at before a flow stays unknown. */
const MOST_ATTEMPTS = 4;
/** Datagrams that a confirmation may take to make up its mind. */
const MOST_DATAGRAMS = 48;
/** Bytes of a TCP flow that are held while a signature may still become whole. */
const MOST_HELD_BYTES = 8192;
/** Flows whose identity is open at one time. */
const MOST_PENDING = 20_000;

type Side = 0 | 1;

/** A piece of a TCP stream held while the flow is being recognised. */
export interface HeldBytes {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
  readonly at: Moment;
}

export interface Identified {
  readonly dissector: Dissector;
  /** Bytes seen before the answer came, in order; the payload that brought it is not among them unless TCP held it. */
  readonly held: readonly HeldBytes[];
}

/** `open`: ask again with the next payload. `unknown`: give up. */
export type IdentifierAnswer = Identified | 'open' | 'unknown';

interface PendingDatagrams {
  readonly kind: 'datagrams';
  readonly confirmations: { readonly dissector: Dissector; readonly confirmation: Confirmation }[];
  seen: number;
}

interface PendingStream {
  readonly kind: 'stream';
  readonly ordered: OrderedBytes;
  readonly held: HeldBytes[];
  heldBytes: number;
}

export class Identifier {
  readonly #byTransport: Readonly<Record<Transport, readonly Dissector[]>>;
  readonly #pending = new Map<number, PendingDatagrams | PendingStream>();
  readonly #flows: FlowTable;

  constructor(dissectors: readonly Dissector[], flows: FlowTable) {
    this.#flows = flows;
    this.#byTransport = {
      tcp: dissectors.filter((dissector) => dissector.transports.includes('tcp')),
      udp: dissectors.filter((dissector) => dissector.transports.includes('udp')),
    };
  }

  /** Looks at one payload of a flow. `attempts`: payloads of it that nobody knew so far. */
  look(slot: number, packet: DecodedPacket, side: Side, context: PayloadContext, attempts: number): IdentifierAnswer {
    return packet.isTcp
      ? this.#lookAtSegment(slot, packet, side, context, attempts)
      : this.#lookAtDatagram(slot, packet, context, attempts);
  }

  forget(slot: number): void {
    this.#pending.delete(slot);
  }

  #lookAtDatagram(slot: number, packet: DecodedPacket, context: PayloadContext, attempts: number): IdentifierAnswer {
    const { bytes, payloadStart, payloadEnd } = packet;
    const pending = this.#pending.get(slot);
    const isPending = pending?.kind === 'datagrams';
    const confirmations = isPending ? pending.confirmations : [];
    if (attempts < MOST_ATTEMPTS) {
      for (const dissector of this.#byTransport.udp) {
        const recognition = dissector.recognize(bytes, payloadStart, payloadEnd, context);
        if (recognition === 'yes') return this.#settle(slot, dissector, []);
        if (recognition !== 'maybe' || dissector.confirm === undefined) continue;
        if (confirmations.some((known) => known.dissector === dissector)) continue;
        confirmations.push({ dissector, confirmation: dissector.confirm() });
      }
    }
    for (let i = confirmations.length - 1; i >= 0; i--) {
      const { dissector, confirmation } = confirmations[i] as PendingDatagrams['confirmations'][number];
      const answer = confirmation.accept(bytes, payloadStart, payloadEnd, context);
      if (answer === 'yes') return this.#settle(slot, dissector, []);
      if (answer === 'no') confirmations.splice(i, 1);
    }
    if (isPending) pending.seen++;
    const isTooLong = isPending && pending.seen >= MOST_DATAGRAMS;
    if (confirmations.length === 0 || isTooLong) {
      this.#pending.delete(slot);
      return attempts + 1 < MOST_ATTEMPTS && !isTooLong ? 'open' : 'unknown';
    }
    if (!isPending && this.#pending.size < MOST_PENDING) {
      this.#pending.set(slot, { kind: 'datagrams', confirmations, seen: 1 });
    }
    return 'open';
  }

  #lookAtSegment(
    slot: number,
    packet: DecodedPacket,
    side: Side,
    context: PayloadContext,
    attempts: number,
  ): IdentifierAnswer {
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    let pending = this.#pending.get(slot);
    if (pending === undefined) {
      const answer = this.#ask(bytes, payloadStart, payloadEnd, context);
      if (answer !== 'no' && answer !== 'maybe') return this.#settle(slot, answer, []);
      if (answer === 'no' || this.#pending.size >= MOST_PENDING) {
        return attempts + 1 < MOST_ATTEMPTS ? 'open' : 'unknown';
      }
      pending = this.#holdStream(slot);
    }
    if (pending.kind !== 'stream') return 'unknown';
    pending.ordered.segment(side, packet.tcpSequence, bytes, payloadStart, payloadEnd, payloadLength, context.at);
    return this.#askAgain(slot, pending, context, attempts);
  }

  #holdStream(slot: number): PendingStream {
    const held: HeldBytes[] = [];
    const flows = this.#flows;
    const pending: PendingStream = {
      kind: 'stream',
      held,
      heldBytes: 0,
      ordered: new OrderedBytes({
        onBytes: (side, bytes, start, end, at) => {
          const moment = { capture: at.capture, frame: at.frame, time: at.time };
          held.push({ direction: flows.directionOf(slot, side), bytes: bytes.slice(start, end), at: moment });
          pending.heldBytes += end - start;
        },
        // What follows a gap is no beginning of anything.
        onGap: () => {
          pending.heldBytes = MOST_HELD_BYTES;
        },
      }),
    };
    this.#pending.set(slot, pending);
    return pending;
  }

  /** Asks about the beginnings of both directions as far as they are there. */
  #askAgain(slot: number, pending: PendingStream, context: PayloadContext, attempts: number): IdentifierAnswer {
    let isOpen = false;
    for (const direction of [0, 1] as const) {
      const parts = pending.held.filter((part) => part.direction === direction).map((part) => part.bytes);
      if (parts.length === 0) continue;
      const start = Buffer.concat(parts);
      const view = new ReusedContext();
      Object.assign(view, context, { direction });
      if (direction !== context.direction) {
        view.sourcePort = context.destinationPort;
        view.destinationPort = context.sourcePort;
      }
      view.wireLength = start.length;
      const answer = this.#ask(start, 0, start.length, view);
      if (answer !== 'no' && answer !== 'maybe') return this.#settle(slot, answer, pending.held);
      isOpen ||= answer === 'maybe';
    }
    if (isOpen && pending.heldBytes < MOST_HELD_BYTES) return 'open';
    this.#pending.delete(slot);
    return attempts + 1 < MOST_ATTEMPTS ? 'open' : 'unknown';
  }

  #ask(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Dissector | 'maybe' | 'no' {
    let isOpen = false;
    for (const dissector of this.#byTransport.tcp) {
      const recognition = dissector.recognize(bytes, start, end, context);
      if (recognition === 'yes') return dissector;
      isOpen ||= recognition === 'maybe';
    }
    return isOpen ? 'maybe' : 'no';
  }

  #settle(slot: number, dissector: Dissector, held: readonly HeldBytes[]): Identified {
    this.#pending.delete(slot);
    return { dissector, held };
  }
}
