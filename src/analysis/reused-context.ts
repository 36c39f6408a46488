/** The context that is handed to recognizers and dissections: one object, overwritten for each payload. */

import type { DecodedPacket } from '../packet/decoded-packet.ts';
import type { Direction, Moment, PayloadContext, Transport } from '../protocol/dissector.ts';

const NOWHERE: Moment = { capture: 0, frame: 0, time: 0 };

export class ReusedContext implements PayloadContext {
  transport: Transport = 'tcp';
  direction: Direction = 0;
  sourcePort = 0;
  destinationPort = 0;
  isMulticast = false;
  wireLength = 0;
  at = NOWHERE;

  set(packet: DecodedPacket, direction: Direction, isMulticast: boolean, at: Moment): void {
    this.transport = packet.isTcp ? 'tcp' : 'udp';
    this.direction = direction;
    this.sourcePort = packet.sourcePort;
    this.destinationPort = packet.destinationPort;
    this.isMulticast = isMulticast;
    this.wireLength = packet.payloadLength;
    this.at = at;
  }

  /** What `context` is for `wireLength` bytes of its flow in the same or the other direction. */
  setFrom(context: PayloadContext, direction: Direction, wireLength: number): void {
    const isSame = direction === context.direction;
    this.transport = context.transport;
    this.direction = direction;
    this.sourcePort = isSame ? context.sourcePort : context.destinationPort;
    this.destinationPort = isSame ? context.destinationPort : context.sourcePort;
    this.isMulticast = context.isMulticast;
    this.wireLength = wireLength;
    this.at = context.at;
  }
}
