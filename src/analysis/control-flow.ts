/** One flow that a dissection follows: orders its bytes, gives them to the dissection and keeps what it tells. */

import type { FlowTable } from '../flow/flow-table.ts';
import { OrderedBytes } from '../flow/ordered-bytes.ts';
import { type DecodedPacket, TCP_FLAG } from '../packet/decoded-packet.ts';
import { ControlRecord } from '../protocol/control-record.ts';
import type { Direction, Dissection, Dissector, Moment, PayloadContext, Transport } from '../protocol/dissector.ts';

type Side = 0 | 1;

/** The context that is handed to recognizers and dissections; one object, overwritten for each payload. */
export class ReusedContext implements PayloadContext {
  transport: Transport = 'tcp';
  direction: Direction = 0;
  sourcePort = 0;
  destinationPort = 0;
  isMulticast = false;
  wireLength = 0;
  at: Moment = { capture: 0, frame: 0, time: 0 };

  set(packet: DecodedPacket, direction: Direction, isMulticast: boolean, at: Moment): void {
    this.transport = packet.isTcp ? 'tcp' : 'udp';
    this.direction = direction;
    this.sourcePort = packet.sourcePort;
    this.destinationPort = packet.destinationPort;
    this.isMulticast = isMulticast;
    this.wireLength = packet.payloadLength;
    this.at = at;
  }
}

export class ControlFlow {
  readonly slot: number;
  dissector: Dissector;
  readonly record = new ControlRecord();
  #dissection: Dissection | null;
  readonly #ordered: OrderedBytes | null;
  readonly #context = new ReusedContext();
  readonly #ports: readonly [number, number];

  constructor(slot: number, dissector: Dissector, context: PayloadContext, flows: FlowTable) {
    this.slot = slot;
    this.dissector = dissector;
    this.#dissection = dissector.open?.(this.record, context) ?? null;
    this.#context.transport = context.transport;
    this.#context.isMulticast = context.isMulticast;
    this.#ports = [flows.port(slot, 0), flows.port(slot, 1)];
    this.#ordered =
      context.transport === 'tcp'
        ? new OrderedBytes({
            onBytes: (side, bytes, start, end, at) =>
              this.#give(flows.directionOf(slot, side), bytes, start, end, end - start, at),
            onGap: (side, length, at) => this.#dissection?.gap?.(flows.directionOf(slot, side), length, at),
          })
        : null;
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

  /** Tells where both sides of the stream go on, from a segment that acknowledges all of the other side so far. */
  beginAt(packet: DecodedPacket, side: Side, sequence: number): void {
    this.#ordered?.begin(side, sequence);
    if ((packet.tcpFlags & TCP_FLAG.ack) !== 0) {
      this.#ordered?.begin(side === 0 ? 1 : 0, packet.tcpAcknowledgement);
    }
  }

  segment(packet: DecodedPacket, side: Side, at: Moment): void {
    const ordered = this.#ordered;
    if (ordered === null) return;
    if (packet.payloadLength > 0) {
      const sequence = (packet.tcpFlags & TCP_FLAG.syn) !== 0 ? (packet.tcpSequence + 1) | 0 : packet.tcpSequence;
      const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
      ordered.segment(side, sequence, bytes, payloadStart, payloadEnd, payloadLength, at);
    }
    if ((packet.tcpFlags & TCP_FLAG.ack) !== 0) ordered.acknowledged(side === 0 ? 1 : 0, packet.tcpAcknowledgement);
    if ((packet.tcpFlags & (TCP_FLAG.fin | TCP_FLAG.rst)) !== 0) this.#dissection?.close?.(at);
  }

  datagram(packet: DecodedPacket, direction: Direction, at: Moment): void {
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    this.#give(direction, bytes, payloadStart, payloadEnd, payloadLength, at);
  }

  /** Gives the dissection what is still held behind holes. */
  flush(): void {
    this.#ordered?.flush();
  }

  #give(direction: Direction, bytes: Uint8Array, start: number, end: number, wireLength: number, at: Moment): void {
    const context = this.#context;
    context.direction = direction;
    context.sourcePort = this.#ports[direction];
    context.destinationPort = this.#ports[direction === 0 ? 1 : 0];
    context.wireLength = wireLength;
    context.at = at;
    this.#dissection?.data(bytes, start, end, context);
  }
}
