/**
 * Measures the media of the capture while it is read: every flow that is RTP or may turn out to be, media inside control
 * connections, and what the ends report of it by RTCP.
 */

import { readUint8 } from '../bytes/read.ts';
import { TimeSeries } from '../flow/time-series.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import type { ControlRecord, EmbeddedMediaListener, MediaFormat } from '../protocol/control-record.ts';
import type { Direction, Moment, PayloadContext } from '../protocol/dissector.ts';
import { type UdpTransportStream, UdpTransportStreams } from '../protocol/mpegts/udp-transport-streams.ts';
import { type RtcpReception, RtcpReports, type RtcpRequests, type RtcpSender } from '../protocol/rtp/rtcp-reports.ts';
import { isRtcpSecondByte } from '../protocol/rtp/rtp-header.ts';
import { recognizeRtp } from '../protocol/rtp/rtp-recognition.ts';
import { RtpStreams } from '../protocol/rtp/rtp-streams.ts';
import type { RtpStreamRow } from '../protocol/rtp/stream-row.ts';

import { MediaConnections } from './media-connections.ts';

/** Flows that are measured before it is known that they are media. */
const MOST_SUSPECTS = 20_000;
/** Time series: one and a half kilobytes each. */
const MOST_SERIES = 8192;
const BUCKETS_OF_STREAM = 64;
const NO_STREAMS: readonly RtpStreamRow[] = [];
const NO_REPORTS: SsrcReports = { views: [], senders: [], requests: [] };

/** Protocols whose flows may carry RTP: its own, and those that share its ports (RFC 5761, RFC 7983). */
const CARRIERS: ReadonlySet<string> = new Set(['rtp', 'rtcp', 'stun', 'dtls']);

/** Whether datagrams of a flow of this protocol are to be measured. */
export function mayCarryRtp(protocolId: string): boolean {
  return CARRIERS.has(protocolId);
}

/** What the ends of streams say of an SSRC by RTCP, and the slots of the flows in which they say it. */
export interface SsrcReports {
  readonly views: ReceiverView[];
  readonly senders: { readonly slot: number; readonly sender: RtcpSender }[];
  readonly requests: { readonly slot: number; readonly requests: RtcpRequests }[];
}

export interface ReceiverView {
  readonly slot: number;
  readonly reception: RtcpReception;
  /** The receiver itself, null where it says nothing but this. */
  readonly receiver: RtcpSender | null;
}

export class MediaQuality {
  /** Of every stream that found a place. */
  readonly series = new TimeSeries(BUCKETS_OF_STREAM, MOST_SERIES);
  /** TCP that carries media. */
  readonly connections = new MediaConnections(this.series);
  readonly #streams = new RtpStreams(this.series);
  readonly #transports = new UdpTransportStreams(this.series);
  readonly #reports = new RtcpReports();
  readonly #suspects = new Set<number>();
  readonly #reportsBySsrc = new Map<number, SsrcReports>();
  #changesGathered = 0;

  /** Packets of media that found no place for their stream. */
  get dropped(): number {
    return this.#streams.dropped + this.#transports.dropped;
  }

  /** A datagram of a flow that may carry RTP; what is neither RTP nor RTCP in it is passed over. */
  datagram(slot: number, packet: DecodedPacket, direction: Direction, at: Moment): void {
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    if (payloadEnd - payloadStart > 1 && isRtcpSecondByte(readUint8(bytes, payloadStart + 1))) {
      this.#reports.packet(slot, direction, bytes, payloadStart, payloadEnd, payloadLength, at.time);
    } else {
      this.#streams.packet(slot, direction, bytes, payloadStart, payloadEnd, payloadLength, at.time);
    }
  }

  /** A datagram of a flow that is known to be a transport stream. */
  cells(slot: number, packet: DecodedPacket, direction: Direction, at: Moment): void {
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    this.#transports.packet(slot, direction, bytes, payloadStart, payloadEnd, payloadLength, at.time);
  }

  /** A datagram of a flow that is not known yet: what it measures stands once the flow is confirmed. */
  suspect(slot: number, packet: DecodedPacket, context: PayloadContext): void {
    if (recognizeRtp(packet.bytes, packet.payloadStart, packet.payloadEnd, context) === 'no') return;
    if (!this.#suspects.has(slot)) {
      if (this.#suspects.size >= MOST_SUSPECTS) return;
      this.#suspects.add(slot);
    }
    this.datagram(slot, packet, context.direction, context.at);
  }

  /** The flow is of a known protocol now, or never will be: keeps what was measured only where it may carry RTP. */
  settle(slot: number, protocolId: string | null): void {
    if (!this.#suspects.delete(slot)) return;
    if (protocolId === null || !mayCarryRtp(protocolId)) this.forget(slot);
  }

  /** Takes the media that travels inside the control connection in `slot`. */
  listenerOf(slot: number, record: ControlRecord): EmbeddedMediaListener {
    let described: readonly MediaFormat[] | null = null;
    return (protocol, _channel, bytes, start, end, direction, at) => {
      if (described !== record.embeddedFormats) {
        described = record.embeddedFormats;
        this.describe(slot, described);
      }
      const meter = protocol === 'rtp' ? this.#streams : this.#reports;
      meter.packet(slot, direction, bytes, start, end, end - start, at.time);
    };
  }

  /** What a control channel says of the payload types of a flow. */
  describe(slot: number, formats: readonly MediaFormat[]): void {
    this.#streams.describe(slot, formats);
  }

  /** In order of their first packet; empty while nobody knows whether the flow is media at all. */
  streamsOf(slot: number): readonly RtpStreamRow[] {
    return this.#suspects.has(slot) ? NO_STREAMS : this.#streams.streamsOf(slot);
  }

  /** Transport streams straight over UDP. */
  transportsOf(slot: number): readonly UdpTransportStream[] {
    return this.#transports.streamsOf(slot);
  }

  /** Slot of another flow in which the packets of this stream come too, null when there is none. */
  twinOf(slot: number, { direction, ssrc }: RtpStreamRow): number | null {
    return this.#streams.twinOf(slot, direction, ssrc);
  }

  /** What is said anywhere in the capture of streams with this SSRC, which others may have too. */
  reportsOn(ssrc: number): SsrcReports {
    if (this.#changesGathered !== this.#reports.changes) this.#gatherReports();
    return this.#reportsBySsrc.get(ssrc) ?? NO_REPORTS;
  }

  /** Whether packets of RTP have reached the end that sends in this direction, by its own reports in this flow. */
  isReportedBy(slot: number, direction: Direction): boolean {
    const receptions = this.#reports.reportsOf(slot)?.receptions ?? [];
    return receptions.some((each) => each.direction === direction && each.highestSequence > 0);
  }

  /** Whether an end that sends in this direction names reports of the other end that it has got (RFC 3550 section 6.4.1). */
  answersReports(slot: number, direction: Direction): boolean {
    const receptions = this.#reports.reportsOf(slot)?.receptions ?? [];
    return receptions.some((each) => each.direction === direction && each.roundTripMs !== null);
  }

  /** Packets of RTP in a direction whose numbers had come before. */
  cameAgain(slot: number, direction: Direction): number {
    const streams = this.streamsOf(slot).filter((stream) => stream.direction === direction);
    return streams.reduce((sum, { duplicates }) => sum + duplicates, 0);
  }

  /** After which time packets of RTP still reached the end that sends in this direction, by its reports; -Infinity where none tells. */
  arrivedAfter(slot: number, direction: Direction): number {
    const receptions = this.#reports.reportsOf(slot)?.receptions ?? [];
    return Math.max(...receptions.filter((each) => each.direction === direction).map((each) => each.arrivedAfter));
  }

  /** Packets of media that the senders of a direction say in this flow to have sent. */
  sentByReports(slot: number, direction: Direction): number {
    const senders = this.#reports.reportsOf(slot)?.senders.filter((each) => each.direction === direction) ?? [];
    return senders.reduce((sum, { packetsSent }) => sum + (packetsSent ?? 0), 0);
  }

  /** How many reports of a direction tell of nothing that arrived; 0 where one tells of anything. */
  emptyReports(slot: number, direction: Direction): number {
    const senders = this.#reports.reportsOf(slot)?.senders.filter((each) => each.direction === direction) ?? [];
    if (senders.some(({ reports, emptyReports }) => emptyReports < reports)) return 0;
    return senders.reduce((sum, each) => sum + each.emptyReports, 0);
  }

  forget(slot: number): void {
    this.#suspects.delete(slot);
    this.#streams.forget(slot);
    this.#transports.forget(slot);
    this.#reports.forget(slot);
    this.connections.forget(slot);
  }

  #gatherReports(): void {
    this.#reportsBySsrc.clear();
    this.#changesGathered = this.#reports.changes;
    for (const [slot, { receptions, senders, requests }] of this.#reports.all()) {
      for (const sender of senders) this.#gatheredOf(sender.ssrc).senders.push({ slot, sender });
      for (const row of requests) this.#gatheredOf(row.source).requests.push({ slot, requests: row });
      for (const reception of receptions) {
        const receiver = senders.find(({ ssrc }) => ssrc === reception.reporter) ?? null;
        this.#gatheredOf(reception.source).views.push({ slot, reception, receiver });
      }
    }
  }

  #gatheredOf(ssrc: number): SsrcReports {
    const known = this.#reportsBySsrc.get(ssrc);
    if (known !== undefined) return known;
    const reports = { views: [], senders: [], requests: [] };
    this.#reportsBySsrc.set(ssrc, reports);
    return reports;
  }
}
