/** The payloads of a capture's flows, in order and copied: what dissectors are fed with, and nothing around it. */

import { openCaptures } from '../src/capture/open-captures.ts';
import { OrderedBytes } from '../src/flow/ordered-bytes.ts';
import { formatAddressAt } from '../src/format/address.ts';
import { PacketDecoder } from '../src/packet/decode-frame.ts';
import { DecodedPacket, TCP_FLAG } from '../src/packet/decoded-packet.ts';
import type { Direction, Moment, Transport } from '../src/protocol/dissector.ts';

export interface Piece {
  readonly direction: Direction;
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly at: Moment;
}

/** One flow: TCP in order without its holes, UDP datagram by datagram. */
export interface PayloadStream {
  readonly name: string;
  readonly transport: Transport;
  readonly ports: readonly [number, number];
  readonly isMulticast: boolean;
  readonly pieces: Piece[];
}

/** Payload of one direction that is kept: enough for any control channel, and a taste of media. */
const MOST_PIECES = 400;

class StreamCollector {
  readonly streams = new Map<string, PayloadStream>();
  readonly #ordered = new Map<string, OrderedBytes>();

  take(packet: DecodedPacket, at: Moment): void {
    const { source, destination } = endsOf(packet);
    const transport: Transport = packet.isTcp ? 'tcp' : 'udp';
    const forward = `${transport} ${source} > ${destination}`;
    const backward = `${transport} ${destination} > ${source}`;
    const direction: Direction = this.streams.has(backward) ? 1 : 0;
    const stream = this.streams.get(direction === 1 ? backward : forward) ?? open(forward, transport, packet);
    this.streams.set(stream.name, stream);
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    if (packet.isTcp) this.#segment(stream, packet, direction, at);
    else if (payloadEnd > payloadStart) {
      add(stream, { direction, bytes: bytes.slice(payloadStart, payloadEnd), wireLength: payloadLength, at });
    }
  }

  finish(): PayloadStream[] {
    for (const ordered of this.#ordered.values()) ordered.flush();
    return [...this.streams.values()].filter(({ pieces }) => pieces.length > 0);
  }

  #segment(stream: PayloadStream, packet: DecodedPacket, direction: Direction, at: Moment): void {
    const ordered = this.#ordered.get(stream.name) ?? orderInto(stream);
    this.#ordered.set(stream.name, ordered);
    const { bytes, payloadStart, payloadEnd, payloadLength, tcpSequence, tcpFlags } = packet;
    if ((tcpFlags & TCP_FLAG.syn) !== 0) ordered.begin(direction, (tcpSequence + 1) | 0);
    ordered.segment(direction, tcpSequence, bytes, payloadStart, payloadEnd, payloadLength, at);
  }
}

function open(name: string, transport: Transport, packet: DecodedPacket): PayloadStream {
  const ports = [packet.sourcePort, packet.destinationPort] as const;
  const first = packet.bytes[packet.destinationAddress] ?? 0;
  const isMulticast = packet.ipVersion === 4 ? first >= 224 && first < 240 : first === 0xff;
  return { name, transport, ports, isMulticast, pieces: [] };
}

function orderInto(stream: PayloadStream): OrderedBytes {
  return new OrderedBytes({
    onBytes: (direction, bytes, start, end, { capture, frame, time }) =>
      add(stream, {
        direction,
        bytes: bytes.slice(start, end),
        wireLength: end - start,
        at: { capture, frame, time },
      }),
    onGap: () => {},
  });
}

function add(stream: PayloadStream, piece: Piece): void {
  if (stream.pieces.length < MOST_PIECES) stream.pieces.push(piece);
}

function endsOf(packet: DecodedPacket): { source: string; destination: string } {
  const length = packet.ipVersion === 4 ? 4 : 16;
  const { bytes, sourceAddress, destinationAddress } = packet;
  return {
    source: `${formatAddressAt(bytes, sourceAddress, length)}:${packet.sourcePort}`,
    destination: `${formatAddressAt(bytes, destinationAddress, length)}:${packet.destinationPort}`,
  };
}

export async function readPayloadStreams(path: string): Promise<PayloadStream[]> {
  const source = await openCaptures([path]);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  const collector = new StreamCollector();
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let i = 0; i < batch.count; i++) {
      decoder.decode(batch, i, packet);
      if ((!packet.isTcp && !packet.isUdp) || packet.ipVersion === 0 || packet.isFragment) continue;
      const time = (batch.seconds[i] ?? 0) * 1e9 + (batch.nanoseconds[i] ?? 0);
      collector.take(packet, { capture: 0, frame: batch.numbers[i] ?? 0, time });
    }
  }
  await source.close();
  return collector.finish();
}

/** The first bytes of a direction, put together; empty when it has none. */
export function beginningOf(stream: PayloadStream, direction: Direction, most: number): Uint8Array {
  const own = stream.pieces.filter((piece) => piece.direction === direction).map((piece) => piece.bytes);
  return Uint8Array.from(Buffer.concat(own).subarray(0, most));
}
