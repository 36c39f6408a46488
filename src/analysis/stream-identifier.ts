/** Identity of TCP flows: a recognizer that needs more bytes is shown the beginning of each direction as it grows. */

import type { FlowTable } from '../flow/flow-table.ts';
import { type HoldBudget, OrderedBytes, type StreamListener } from '../flow/ordered-bytes.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { CandidateIndex } from '../protocol/candidate-index.ts';
import { keep } from '../protocol/control-record.ts';
import type { Dissector, Moment, PayloadContext } from '../protocol/dissector.ts';
import type { HeldBytes, IdentifierAnswer } from './identifier.ts';
import { PendingFlows } from './pending-flows.ts';
import { ReusedContext } from './reused-context.ts';

/** Segments that are looked at before a flow stays unknown. */
const MOST_ATTEMPTS = 4;
/** Bytes that are held while a signature may still become whole. */
const MOST_HELD_BYTES = 8192;
const MOST_PENDING = 4096;

const SIDES = [0, 1] as const;
type Side = (typeof SIDES)[number];

const EMPTY = new Uint8Array(0);

interface Part {
  readonly side: Side;
  readonly start: number;
  readonly end: number;
  readonly at: Moment;
}

/** The first bytes of one side. */
class Beginning {
  bytes = EMPTY;
  length = 0;
  /** Bytes that the recognizers were asked about; more have come when it is less than the length. */
  asked = 0;
  isOpen = false;

  append(bytes: Uint8Array, start: number, end: number): void {
    const length = this.length + end - start;
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.bytes.length));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length = length;
  }
}

/** The beginnings of a flow that some recognizer wants to see more of. */
class HeldStream implements StreamListener {
  readonly ordered: OrderedBytes;
  readonly beginnings = [new Beginning(), new Beginning()] as const;
  readonly #parts: Part[] = [];
  #hasGap = false;

  constructor(budget: HoldBudget) {
    this.ordered = new OrderedBytes(this, budget);
  }

  /** What follows a gap is no beginning of anything. */
  get isFull(): boolean {
    return this.#hasGap || this.beginnings[0].length + this.beginnings[1].length >= MOST_HELD_BYTES;
  }

  onBytes(side: Side, bytes: Uint8Array, start: number, end: number, at: Moment): void {
    const beginning = this.beginnings[side];
    const from = beginning.length;
    beginning.append(bytes, start, end);
    this.#parts.push({ side, start: from, end: beginning.length, at: keep(at) });
  }

  onGap(): void {
    this.#hasGap = true;
  }

  parts(slot: number, flows: FlowTable): HeldBytes[] {
    return this.#parts.map(({ side, start, end, at }) => ({
      direction: flows.directionOf(slot, side),
      bytes: this.beginnings[side].bytes.subarray(start, end),
      at,
    }));
  }
}

export class StreamIdentifier {
  readonly #candidates: CandidateIndex;
  readonly #flows: FlowTable;
  readonly #budget: HoldBudget;
  readonly #pending = new PendingFlows<HeldStream>(MOST_PENDING, (held) => held.ordered.drop());
  readonly #context = new ReusedContext();

  constructor(dissectors: readonly Dissector[], flows: FlowTable, budget: HoldBudget) {
    this.#candidates = new CandidateIndex(dissectors, 'tcp');
    this.#flows = flows;
    this.#budget = budget;
  }

  /** See `Identifier.look`. */
  look(
    slot: number,
    packet: DecodedPacket,
    context: PayloadContext,
    attempts: number,
    isPending: boolean,
  ): IdentifierAnswer {
    let held = isPending ? this.#pending.get(slot) : undefined;
    if (held === undefined) {
      const answer = this.#ask(packet.bytes, packet.payloadStart, packet.payloadEnd, context);
      if (answer === 'no') return attempts + 1 < MOST_ATTEMPTS ? 'open' : 'unknown';
      if (answer !== 'maybe') return { dissector: answer, held: [], ordered: null };
      held = new HeldStream(this.#budget);
      this.#pending.add(slot, held);
    }
    held.ordered.take(packet, this.#flows.side, context.at);
    return this.#askAgain(slot, held, context, attempts);
  }

  forget(slot: number): void {
    this.#pending.drop(slot);
  }

  /** Asks about each beginning that has grown. */
  #askAgain(slot: number, held: HeldStream, context: PayloadContext, attempts: number): IdentifierAnswer {
    for (const side of SIDES) {
      const beginning = held.beginnings[side];
      if (beginning.asked === beginning.length) continue;
      beginning.asked = beginning.length;
      this.#context.setFrom(context, this.#flows.directionOf(slot, side), beginning.length);
      const answer = this.#ask(beginning.bytes, 0, beginning.length, this.#context);
      if (answer !== 'no' && answer !== 'maybe') return this.#settle(slot, answer, held);
      beginning.isOpen = answer === 'maybe';
    }
    if (!held.isFull && (held.beginnings[0].isOpen || held.beginnings[1].isOpen)) return 'pending';
    this.#pending.drop(slot);
    return attempts + 1 < MOST_ATTEMPTS ? 'open' : 'unknown';
  }

  #ask(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Dissector | 'maybe' | 'no' {
    let answer: 'maybe' | 'no' = 'no';
    const candidates = this.#candidates.find(bytes, start, end);
    for (let i = 0; i < candidates; i++) {
      const dissector = this.#candidates.at(i);
      const recognition = dissector.recognize(bytes, start, end, context);
      if (recognition === 'yes') return dissector;
      if (recognition === 'maybe') answer = 'maybe';
    }
    return answer;
  }

  /** The stream goes on from where it stands, so what is held behind a hole is not dropped with the rest. */
  #settle(slot: number, dissector: Dissector, held: HeldStream): IdentifierAnswer {
    this.#pending.remove(slot);
    return { dissector, held: held.parts(slot, this.#flows), ordered: held.ordered };
  }
}
