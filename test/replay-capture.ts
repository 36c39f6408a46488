/** Replays the flows of a capture through one dissector, the way the analysis does but with nothing else around it. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openCaptures } from '../src/capture/open-captures.ts';
import { OrderedBytes } from '../src/flow/ordered-bytes.ts';
import { formatAddressAt } from '../src/format/address.ts';
import { PacketDecoder } from '../src/packet/decode-frame.ts';
import { DecodedPacket, TCP_FLAG } from '../src/packet/decoded-packet.ts';
import { ControlRecord } from '../src/protocol/control-record.ts';
import type {
  Direction,
  Dissection,
  Dissector,
  Moment,
  PayloadContext,
  Recognition,
} from '../src/protocol/dissector.ts';

const SHARED_CAPTURES = fileURLToPath(new URL('../../shared/captures/', import.meta.url));
/** Bytes of a direction that a recognizer is shown before it is asked about the next segment alone. */
const MOST_SHOWN_BYTES = 8 * 1024;

export const hasSharedCaptures = existsSync(SHARED_CAPTURES);

export interface ReplayedFlow {
  /** `address:port > address:port`, first sender first. */
  readonly name: string;
  readonly record: ControlRecord;
  recognition: Recognition;
}

/** The flows that the dissector recognised, in order of their first payload. */
export function replaySharedCapture(path: string, dissector: Dissector): Promise<ReplayedFlow[]> {
  return replayCapture(SHARED_CAPTURES + path, dissector);
}

export async function replayCapture(path: string, dissector: Dissector): Promise<ReplayedFlow[]> {
  const source = await openCaptures([path]);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  const flows = new Map<string, FlowReplay>();
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let i = 0; i < batch.count; i++) {
      decoder.decode(batch, i, packet);
      if (!dissector.transports.includes(packet.isTcp ? 'tcp' : 'udp') || (!packet.isTcp && !packet.isUdp)) continue;
      if (packet.isFragment && !packet.reassembled) continue;
      const time = (batch.seconds[i] ?? 0) * 1e9 + (batch.nanoseconds[i] ?? 0);
      replayPacket(packet, flows, dissector, { capture: 0, frame: batch.numbers[i] ?? 0, time });
    }
  }
  await source.close();
  const replayed = [...flows.values()];
  for (const flow of replayed) flow.finish();
  return replayed.map((flow) => flow.result).filter((flow) => flow.recognition === 'yes');
}

function replayPacket(packet: DecodedPacket, flows: Map<string, FlowReplay>, dissector: Dissector, at: Moment): void {
  const length = packet.ipVersion === 4 ? 4 : 16;
  const source = `${formatAddressAt(packet.bytes, packet.sourceAddress, length)}:${packet.sourcePort}`;
  const destination = `${formatAddressAt(packet.bytes, packet.destinationAddress, length)}:${packet.destinationPort}`;
  let direction: Direction = 0;
  let flow = flows.get(`${source} > ${destination}`);
  if (flow === undefined) {
    flow = flows.get(`${destination} > ${source}`);
    direction = 1;
  }
  if (flow === undefined) {
    const name = `${source} > ${destination}`;
    flow = new FlowReplay(name, dissector);
    flows.set(name, flow);
    direction = 0;
  }
  flow.packet(packet, direction, at);
}

class FlowReplay {
  readonly result: ReplayedFlow;
  readonly #dissector: Dissector;
  readonly #order: OrderedBytes;
  readonly #shown = [new Uint8Array(0), new Uint8Array(0)];
  readonly #early: (() => void)[] = [];
  #dissection: Dissection | null = null;
  #confirmation: ReturnType<NonNullable<Dissector['confirm']>> | null = null;

  constructor(name: string, dissector: Dissector) {
    this.result = { name, record: new ControlRecord(), recognition: 'no' };
    this.#dissector = dissector;
    this.#order = new OrderedBytes({
      onBytes: (side, bytes, start, end, at) => this.#bytes(side, bytes.slice(start, end), at),
      onGap: (side, length, at) => this.#whenOpen(() => this.#dissection?.gap?.(side, length, at)),
    });
  }

  packet(packet: DecodedPacket, direction: Direction, at: Moment): void {
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    if (packet.isUdp) {
      this.#datagram(bytes.slice(payloadStart, payloadEnd), contextOf('udp', direction, payloadLength, at));
      return;
    }
    if ((packet.tcpFlags & TCP_FLAG.syn) !== 0) this.#order.begin(direction, (packet.tcpSequence + 1) | 0);
    this.#order.segment(direction, packet.tcpSequence, bytes, payloadStart, payloadEnd, payloadLength, at);
    if ((packet.tcpFlags & TCP_FLAG.ack) !== 0) {
      this.#order.acknowledged(direction === 0 ? 1 : 0, packet.tcpAcknowledgement);
    }
    if ((packet.tcpFlags & (TCP_FLAG.fin | TCP_FLAG.rst)) !== 0) {
      const closer = (packet.tcpFlags & TCP_FLAG.fin) !== 0 ? direction : undefined;
      this.#whenOpen(() => this.#dissection?.close?.(at, closer));
    }
  }

  finish(): void {
    this.#order.flush();
  }

  #bytes(direction: Direction, bytes: Uint8Array, at: Moment): void {
    this.#whenOpen(() => this.#dissection?.data(bytes, 0, bytes.length, contextOf('tcp', direction, bytes.length, at)));
    if (this.#dissection !== null) return;
    const shown = new Uint8Array([...(this.#shown[direction] ?? []), ...bytes]);
    this.#shown[direction] = shown;
    if (shown.length > MOST_SHOWN_BYTES) return;
    this.#recognized(
      this.#dissector.recognize(shown, 0, shown.length, contextOf('tcp', direction, shown.length, at)),
      at,
    );
  }

  #datagram(bytes: Uint8Array, context: PayloadContext): void {
    this.#whenOpen(() => this.#dissection?.data(bytes, 0, bytes.length, context));
    if (this.#dissection !== null) return;
    let recognition = this.#dissector.recognize(bytes, 0, bytes.length, context);
    if (recognition === 'maybe' || this.#confirmation !== null) {
      this.#confirmation ??= this.#dissector.confirm?.() ?? null;
      recognition = this.#confirmation?.accept(bytes, 0, bytes.length, context) ?? recognition;
    }
    this.#recognized(recognition, context.at);
  }

  #recognized(recognition: Recognition, at: Moment): void {
    this.result.recognition = recognition;
    if (recognition !== 'yes') return;
    this.#dissection = this.#dissector.open?.(this.result.record, contextOf('tcp', 0, 0, at)) ?? null;
    for (const call of this.#early.splice(0)) call();
  }

  #whenOpen(call: () => void): void {
    if (this.#dissection !== null) call();
    else this.#early.push(call);
  }
}

function contextOf(transport: 'tcp' | 'udp', direction: Direction, wireLength: number, at: Moment): PayloadContext {
  return { transport, direction, sourcePort: 0, destinationPort: 0, isMulticast: false, wireLength, at };
}
