/** TCP connections that carry media: each one's meter, and the rate of each of its sides over time. */

import { ConnectionMeter } from '../flow/connection-meter.ts';
import type { TimeSeries } from '../flow/time-series.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';

const MOST_CONNECTIONS = 16_384;

type Side = 0 | 1;

export interface MediaConnection {
  readonly meter: ConnectionMeter;
  /** Numbers of the time series of both sides; -1 before a side has sent data, and where there was no place. */
  readonly series: [number, number];
}

export class MediaConnections {
  readonly #series: TimeSeries;
  /** By slot. */
  readonly #connections = new Map<number, MediaConnection>();

  constructor(series: TimeSeries) {
    this.#series = series;
  }

  /** A segment of a connection that carries media. */
  segment(slot: number, packet: DecodedPacket, side: Side, time: number): void {
    const connection = this.#connections.get(slot) ?? this.#begin(slot);
    if (connection === null) return;
    const repeated = connection.meter.segment(packet, side, time);
    if (packet.payloadLength === 0) return;
    if (connection.series[side] < 0) connection.series[side] = this.#series.begin(time);
    const series = connection.series[side];
    if (series < 0) return;
    this.#series.add(series, time, packet.payloadLength, 0);
    if (repeated > 0) this.#series.addLoss(series, time, repeated);
  }

  /** Null for a connection that is not known to carry media. */
  of(slot: number): MediaConnection | null {
    return this.#connections.get(slot) ?? null;
  }

  forget(slot: number): void {
    for (const series of this.#connections.get(slot)?.series ?? []) if (series >= 0) this.#series.forget(series);
    this.#connections.delete(slot);
  }

  #begin(slot: number): MediaConnection | null {
    if (this.#connections.size >= MOST_CONNECTIONS) return null;
    const connection: MediaConnection = { meter: new ConnectionMeter(), series: [-1, -1] };
    this.#connections.set(slot, connection);
    return connection;
  }
}
