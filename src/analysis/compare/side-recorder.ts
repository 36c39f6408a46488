/**
 * What is kept of the packets of one side: of each flow and direction a sample that is chosen by the packets' content, so
 * that both sides choose the same packets whatever was lost between them (trajectory sampling).
 */

import type { FlowTable } from '../../flow/flow-table.ts';
import type { MacTable } from '../../flow/mac-table.ts';
import { type DecodedPacket, IP_PROTOCOL } from '../../packet/decoded-packet.ts';
import { Fingerprint } from './fingerprint.ts';

/** Packets kept of one direction, of all flows together, and flows; beyond it fewer are kept, or the rest is not compared. */
const MOST_IN_SAMPLE = 256;
const LEAST_IN_SAMPLE = 8;
const MOST_PACKETS = 200_000;
const MOST_FLOWS = 100_000;
/** Frames of a capture may lie so far out of order, and packets be on their way for as long, when nothing more is kept. */
const CLOSING_NS = 1e9;
/** One packet in a million: what is thinner than that consists of packets that are all alike. */
const MOST_THINNING = 2 ** 20;

export interface SampledPacket {
  /** Nanoseconds since the origin of its side. */
  readonly time: number;
  readonly frame: number;
  readonly exact: number;
  readonly loose: number;
  readonly ttl: number;
}

export interface Sample {
  /** In the order of the capture. */
  packets: SampledPacket[];
  /** One packet in so many is kept, by its content. */
  thinning: number;
  /** After this time nothing is kept any more. */
  closedAt: number;
  /** Link addresses of the first packet, null where the link has none. */
  readonly sourceMac: string | null;
  readonly destinationMac: string | null;
}

/** Packets from the lower of a flow's ends, and from the higher one, by the order that the flow table gives them. */
export type SidePair = [Sample | null, Sample | null];

export class SideRecorder {
  /** By id of the flow. */
  readonly samples = new Map<number, SidePair>();
  /** Whether packets of some flows were not kept for want of a place. */
  isFull = false;
  /** Finite once there is no place for any more packet: up to then each sample has all that it chose. */
  #closedAt = Number.POSITIVE_INFINITY;
  readonly #flows: Pick<FlowTable, 'id' | 'side'>;
  readonly #macs: Pick<MacTable, 'at'>;
  readonly #fingerprint = new Fingerprint();
  #limit = MOST_IN_SAMPLE;
  #kept = 0;

  constructor(flows: Pick<FlowTable, 'id' | 'side'>, macs: Pick<MacTable, 'at'>) {
    this.#flows = flows;
    this.#macs = macs;
  }

  /** A packet that its flow has just counted. */
  take(slot: number, packet: DecodedPacket, time: number, frame: number): void {
    if (packet.transport !== IP_PROTOCOL.tcp && packet.transport !== IP_PROTOCOL.udp) return;
    const sample = this.#sampleOf(slot, packet);
    if (sample === null || this.#kept >= MOST_PACKETS || time > sample.closedAt) return;
    this.#fingerprint.read(packet);
    const { exact, loose } = this.#fingerprint;
    if (!isChosen(this.#fingerprint, sample.thinning)) return;
    sample.packets.push({ time, frame, exact, loose, ttl: packet.ttl });
    this.#kept++;
    if (sample.packets.length > this.#limit) this.#thin(sample);
    if (this.#kept >= MOST_PACKETS) this.#makeRoom(time);
  }

  #sampleOf(slot: number, packet: DecodedPacket): Sample | null {
    const id = this.#flows.id(slot);
    let pair = this.samples.get(id);
    if (pair === undefined) {
      if (this.samples.size >= MOST_FLOWS) this.isFull = true;
      if (this.isFull) return null;
      pair = [null, null];
      this.samples.set(id, pair);
    }
    const { side } = this.#flows;
    pair[side] ??= {
      packets: [],
      thinning: 1,
      closedAt: this.#closedAt,
      sourceMac: this.#macs.at(packet, packet.sourceMac)?.mac ?? null,
      destinationMac: this.#macs.at(packet, packet.destinationMac)?.mac ?? null,
    };
    return pair[side];
  }

  /** Keeps every other packet, until few enough are left. */
  #thin(sample: Sample): void {
    const before = sample.packets;
    let { packets, thinning } = sample;
    while (packets.length > this.#limit / 2 && thinning < MOST_THINNING) {
      thinning *= 2;
      packets = packets.filter((packet) => isChosen(packet, thinning));
    }
    if (packets.length * 8 >= this.#limit) {
      sample.packets = packets;
      sample.thinning = thinning;
    } else {
      // Packets that are all alike cannot be chosen by what they hold: the first ones must do.
      sample.packets = before.slice(0, this.#limit / 2);
      sample.closedAt = sample.packets.at(-1)?.time ?? 0;
    }
    this.#kept -= before.length - sample.packets.length;
  }

  /** Keeps fewer of each flow; where they are few already, nothing more. */
  #makeRoom(time: number): void {
    while (this.#kept >= MOST_PACKETS && this.#limit > LEAST_IN_SAMPLE) {
      this.#limit /= 2;
      for (const pair of this.samples.values()) {
        for (const sample of pair) if (sample !== null && sample.packets.length > this.#limit) this.#thin(sample);
      }
    }
    if (this.#kept >= MOST_PACKETS) this.#close(time - CLOSING_NS);
  }

  #close(time: number): void {
    this.isFull = true;
    this.#closedAt = time;
    for (const pair of this.samples.values()) {
      for (const sample of pair) if (sample !== null) sample.closedAt = Math.min(sample.closedAt, time);
    }
  }
}

/** By what survives the most boxes, so that both sides choose alike. */
export function isChosen({ exact, loose }: Pick<SampledPacket, 'exact' | 'loose'>, thinning: number): boolean {
  return (loose || exact) % thinning === 0;
}
