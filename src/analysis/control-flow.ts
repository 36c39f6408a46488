/** One flow that a dissection follows: orders its bytes, gives them to the dissection and keeps what it tells. */

import type { FlowTable } from '../flow/flow-table.ts';
import { type HoldBudget, OrderedBytes, payloadSequence, type StreamListener } from '../flow/ordered-bytes.ts';
import { type DecodedPacket, TCP_FLAG } from '../packet/decoded-packet.ts';
import { ControlRecord, keep } from '../protocol/control-record.ts';
import {
  type Direction,
  type Dissection,
  type Dissector,
  type Moment,
  opposite,
  type PayloadContext,
} from '../protocol/dissector.ts';
import { ReusedContext } from './reused-context.ts';

type Side = 0 | 1;

/** The bytes of a side before its FIN that are still to come. */
interface MissedEnd {
  readonly side: Side;
  /** Sequence number behind them. */
  readonly end: number;
  readonly missedBefore: Moment | null;
}

export class ControlFlow implements StreamListener {
  readonly slot: number;
  dissector: Dissector;
  readonly record = new ControlRecord();
  readonly #flows: FlowTable;
  #dissection: Dissection | null;
  readonly #ordered: OrderedBytes | null;
  readonly #context = new ReusedContext();
  #missedEnd: MissedEnd | null = null;

  /** `ordered`: what has put the bytes of a TCP flow in order so far, null where nothing has. */
  constructor(
    slot: number,
    dissector: Dissector,
    context: PayloadContext,
    flows: FlowTable,
    ordered: OrderedBytes | null,
    budget: HoldBudget,
  ) {
    this.slot = slot;
    this.dissector = dissector;
    this.#flows = flows;
    this.#dissection = dissector.open?.(this.record, context) ?? null;
    this.#context.setFrom(context, context.direction, 0);
    this.#ordered = context.transport === 'tcp' ? (ordered ?? new OrderedBytes(this, budget)) : null;
    if (this.#ordered !== null) this.#ordered.listener = this;
  }

  /** True when no more bytes are wanted. */
  get isDone(): boolean {
    return this.#dissection === null || this.#dissection.isDone === true;
  }

  /** Id of another protocol that the flow has turned out to carry, null when there is none. */
  get becomes(): string | null {
    return this.#dissection?.becomes ?? null;
  }

  /** Follows the flow as another protocol from now on; what has been learned stands. */
  change(dissector: Dissector): void {
    this.dissector = dissector;
    this.#dissection = dissector.open?.(this.record, this.#context) ?? null;
  }

  /** Bytes that were held while the flow was being recognised, in order. */
  replay(direction: Direction, bytes: Uint8Array, at: Moment): void {
    this.#give(direction, bytes, 0, bytes.length, bytes.length, at);
  }

  /** Where its sides have not begun, they begin with this segment and with what it acknowledges. */
  beginAt(packet: DecodedPacket, side: Side): void {
    this.#ordered?.begin(side, payloadSequence(packet));
    if ((packet.tcpFlags & TCP_FLAG.ack) !== 0) this.#ordered?.begin(otherSide(side), packet.tcpAcknowledgement);
  }

  segment(packet: DecodedPacket, side: Side, at: Moment): void {
    const ordered = this.#ordered;
    if (ordered === null) return;
    const flags = packet.tcpFlags;
    // What a segment acknowledges was said before what it says itself.
    if ((flags & TCP_FLAG.ack) !== 0) ordered.acknowledged(otherSide(side), packet.tcpAcknowledgement);
    if (packet.payloadLength > 0) {
      ordered.take(packet, side, at);
      if (packet.payloadEnd - packet.payloadStart < packet.payloadLength) this.record.cutAt = keep(at);
      this.#findEnd(ordered);
    }
    if ((flags & TCP_FLAG.rst) !== 0) this.#dissection?.close?.(at);
    else if ((flags & TCP_FLAG.fin) !== 0) this.#end(ordered, packet, side, at);
  }

  datagram(packet: DecodedPacket, direction: Direction, at: Moment): void {
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    this.#give(direction, bytes, payloadStart, payloadEnd, payloadLength, at);
  }

  onBytes(side: Side, bytes: Uint8Array, start: number, end: number, at: Moment): void {
    this.#give(this.#flows.directionOf(this.slot, side), bytes, start, end, end - start, at);
  }

  onGap(side: Side, length: number, at: Moment): void {
    this.record.missedAt = keep(at);
    this.#dissection?.gap?.(this.#flows.directionOf(this.slot, side), length, at);
  }

  /** Gives the dissection what is still held behind holes. */
  flush(): void {
    this.#ordered?.flush();
  }

  /** Forgets what is still held behind holes. */
  drop(): void {
    this.#ordered?.drop();
  }

  #end(ordered: OrderedBytes, packet: DecodedPacket, side: Side, at: Moment): void {
    const end = (payloadSequence(packet) + packet.payloadLength) | 0;
    if (ordered.lacksBefore(side, end)) this.#missEnd({ side, end, missedBefore: this.record.missedAt }, at);
    const isWhole = ordered.isWholeUpTo(side, end);
    if (isWhole) this.#dissection?.close?.(at, this.#flows.directionOf(this.slot, side));
    else this.#dissection?.close?.(at);
  }

  /** A FIN may overtake what was sent before it. */
  #missEnd(missed: MissedEnd, at: Moment): void {
    this.#missedEnd = missed;
    this.record.missedAt = keep(at);
  }

  #findEnd(ordered: OrderedBytes): void {
    const missed = this.#missedEnd;
    if (missed === null || ordered.lacksBefore(missed.side, missed.end)) return;
    this.#missedEnd = null;
    this.record.missedAt = missed.missedBefore;
  }

  #give(direction: Direction, bytes: Uint8Array, start: number, end: number, wireLength: number, at: Moment): void {
    const context = this.#context;
    const flows = this.#flows;
    context.direction = direction;
    context.sourcePort = flows.port(this.slot, direction);
    context.destinationPort = flows.port(this.slot, opposite(direction));
    context.wireLength = wireLength;
    context.at = at;
    this.#dissection?.data(bytes, start, end, context);
  }
}

function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}
