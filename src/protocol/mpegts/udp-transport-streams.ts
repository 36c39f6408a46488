/** Transport streams straight over UDP, each direction of a flow for itself. */

import type { TimeSeries } from '../../flow/time-series.ts';
import { type Direction, TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { TransportStream } from './transport-stream.ts';

/** Each takes some twenty kilobytes. */
const MOST_STREAMS = 1024;
const NS_PER_MS = 1e6;

export interface UdpTransportStream {
  readonly direction: Direction;
  readonly transport: TransportStream;
  packets: number;
  /** Payload of the datagrams on the wire. */
  bytes: number;
  readonly firstTime: number;
  lastTime: number;
  maxDeltaMs: number;
  /** Number of its time series, -1 where there was no place for one. */
  readonly series: number;
}

export class UdpTransportStreams {
  /** Datagrams of streams that found no place. */
  dropped = 0;
  readonly #series: TimeSeries;
  /** By twice the flow and the direction. */
  readonly #streams = new Map<number, UdpTransportStream>();

  constructor(series: TimeSeries) {
    this.#series = series;
  }

  /** One datagram of a flow that is known to carry cells. */
  packet(
    flow: number,
    direction: Direction,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    timeNs: number,
  ): void {
    const stream = this.#streams.get(flow * 2 + direction) ?? this.#begin(flow, direction, timeNs);
    if (stream === null) {
      this.dropped++;
      return;
    }
    const lost = stream.transport.datagram(bytes, start, end, wireLength, timeNs);
    stream.packets++;
    stream.bytes += wireLength;
    stream.maxDeltaMs = Math.max(stream.maxDeltaMs, (timeNs - stream.lastTime) / NS_PER_MS);
    stream.lastTime = timeNs;
    if (stream.series < 0) return;
    this.#series.add(stream.series, timeNs, wireLength, 0);
    if (lost > 0) this.#series.addLoss(stream.series, timeNs, lost);
  }

  streamsOf(flow: number): UdpTransportStream[] {
    const streams = [TO_RESPONDER, TO_INITIATOR].map((direction) => this.#streams.get(flow * 2 + direction));
    return streams.filter((stream) => stream !== undefined && stream.transport.cells > 0) as UdpTransportStream[];
  }

  /** Gives back what is kept of a flow whose number will mean another one. */
  forget(flow: number): void {
    for (const direction of [TO_RESPONDER, TO_INITIATOR]) {
      const stream = this.#streams.get(flow * 2 + direction);
      if (stream === undefined) continue;
      if (stream.series >= 0) this.#series.forget(stream.series);
      this.#streams.delete(flow * 2 + direction);
    }
  }

  #begin(flow: number, direction: Direction, time: number): UdpTransportStream | null {
    if (this.#streams.size >= MOST_STREAMS) return null;
    const times = { firstTime: time, lastTime: time, maxDeltaMs: 0, series: this.#series.begin(time) };
    const stream = { direction, transport: new TransportStream(), packets: 0, bytes: 0, ...times };
    this.#streams.set(flow * 2 + direction, stream);
    return stream;
  }
}
