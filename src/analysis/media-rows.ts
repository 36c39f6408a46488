/** The quality of a flow's media for people and reports: what was measured here beside what receivers report. */

import { printable } from '../format/text.ts';
import type { MediaFormat } from '../protocol/control-record.ts';
import type { TransportStream } from '../protocol/mpegts/transport-stream.ts';
import type { UdpTransportStream } from '../protocol/mpegts/udp-transport-streams.ts';
import { formatOfStaticPayloadType } from '../protocol/rtp/payload-types.ts';
import { RTP_HEADER_BYTES } from '../protocol/rtp/rtp-header.ts';
import type { RtpStreamRow } from '../protocol/rtp/stream-row.ts';
import { connectionRow } from './connection-rows.ts';
import type { SlotCase } from './flow-cases.ts';
import type { ConnectionRow, MeasuredStreamRow, MediaRow, StreamSeriesRow } from './measured-media.ts';
import type { MediaConnection } from './media-connections.ts';
import type { Pipeline } from './pipeline.ts';
import { reportedRow } from './report-rows.ts';
import { streamSeriesRow } from './series-rows.ts';
import { codecsOf, transportRow } from './transport-rows.ts';
import { videoRow } from './video-rows.ts';
import { opinionScore } from './voice-quality.ts';

/** Less is no more than a handshake and commands. */
const LEAST_BYTES_OF_MEDIA = 8192;
/** What only RTP tells. */
const UNNUMBERED = {
  ssrc: null,
  payloadType: null,
  clockRate: null,
  clockSource: 'unknown',
  expected: null,
  lost: null,
  meanJitterMs: null,
  maxJitterMs: null,
  minDeltaMs: null,
  meanDeltaMs: null,
  maxSkewMs: null,
  clockDriftPpm: null,
  silences: 0,
  silenceMs: 0,
  replaces: null,
  twin: null,
  packetsSent: null,
  name: null,
  goodbyeTime: null,
  requests: null,
  payloadTypeChanges: 0,
  duplicates: 0,
  reordered: 0,
  lossEvents: 0,
  longestLoss: 0,
  restarts: 0,
  receivers: [],
} as const;
const DIRECTION_NAMES = ['toResponder', 'toInitiator'] as const;

/** Null for a flow in which no stream of media was measured. */
export function mediaRow(pipeline: Pipeline, flow: SlotCase): MediaRow | null {
  const rtp = rtpStreamsOf(pipeline, flow);
  const streams = [
    ...rtp.map((stream) => streamRow(pipeline, flow, stream, rtp)),
    ...pipeline.contents.media.transportsOf(flow.slot).map((stream) => transportOnlyRow(pipeline, stream)),
  ];
  const connection = pipeline.contents.media.connections.of(flow.slot);
  if (connection === null) return streams.length === 0 ? null : { streams, connection };
  const row = connectionRow(pipeline, flow, connection);
  if (streams.length > 0) return { streams, connection: row };
  // RTSP that holds no media may talk for days.
  if (flow.protocol === 'rtsp' || row.bytes < LEAST_BYTES_OF_MEDIA) return null;
  return { streams: [connectionStream(pipeline, flow, connection, row)], connection: row };
}

/** Streams of RTP in a flow that is known to carry it. */
export function rtpStreamsOf(pipeline: Pipeline, flow: SlotCase): readonly RtpStreamRow[] {
  const isMedia = flow.protocol === 'rtp' || flow.transport === 'tcp';
  return isMedia ? pipeline.contents.media.streamsOf(flow.slot).filter(hasPayload) : [];
}

/** Transport streams in a flow, over RTP or without it. */
export function transportsOf(pipeline: Pipeline, flow: SlotCase): readonly TransportStream[] {
  const overRtp = rtpStreamsOf(pipeline, flow).map(({ transport }) => transport);
  const alone = pipeline.contents.media.transportsOf(flow.slot).map(({ transport }) => transport);
  return [...overRtp.filter((transport) => transport !== null), ...alone];
}

/** Clients open their firewall with packets that are a header and nothing more. */
function hasPayload({ packets, bytes }: RtpStreamRow): boolean {
  return bytes > packets * RTP_HEADER_BYTES;
}

function streamRow(
  pipeline: Pipeline,
  flow: SlotCase,
  stream: RtpStreamRow,
  streamsOfFlow: readonly RtpStreamRow[],
): MeasuredStreamRow {
  const { direction, series, transport, video, ...measured } = stream;
  const format = formatOf(flow, stream.payloadType);
  const twinSlot = pipeline.contents.media.twinOf(flow.slot, stream);
  return {
    ...measured,
    direction: DIRECTION_NAMES[direction],
    codec: codecOf(flow, stream, format),
    replaces: replacedBy(stream, streamsOfFlow),
    twin: twinSlot === null ? null : pipeline.flows.id(twinSlot),
    ...reportedRow(pipeline, flow, stream),
    series: seriesRow(pipeline, series),
    transport: transport && transportRow(transport),
    video: video && videoRow(video, format),
    mos: format && opinionScore(format.encoding, stream),
  };
}

/** SSRC of the last stream that had ended when this one began, null when there is none. */
function replacedBy(stream: RtpStreamRow, streams: readonly RtpStreamRow[]): number | null {
  const isBefore = ({ direction, payloadType, lastTime }: RtpStreamRow) =>
    direction === stream.direction && payloadType === stream.payloadType && lastTime <= stream.firstTime;
  const before = streams.filter((each) => each !== stream && isBefore(each));
  return before.toSorted((one, other) => other.lastTime - one.lastTime)[0]?.ssrc ?? null;
}

/** RTMP, MMS, HTTP and their like: all that the connection carries is one stream. */
function connectionStream(
  pipeline: Pipeline,
  flow: SlotCase,
  connection: MediaConnection,
  { direction, segments, bytes, longestGapMs }: ConnectionRow,
): MeasuredStreamRow {
  const side = pipeline.flows.sideOf(flow.slot, direction === 'toResponder' ? 0 : 1);
  const { firstTime, lastTime } = connection.meter.sides[side];
  const codec = flow.record?.facts.get('codec');
  return {
    ...UNNUMBERED,
    direction,
    codec: codec === undefined ? null : printable(codec, 80),
    packets: segments,
    bytes,
    maxDeltaMs: longestGapMs,
    firstTime,
    lastTime,
    series: seriesRow(pipeline, connection.series[side]),
    transport: null,
    video: null,
    mos: null,
  };
}

/** MPEG-TS over UDP: datagrams have no numbers and no clock, only the cells in them do. */
function transportOnlyRow(pipeline: Pipeline, stream: UdpTransportStream): MeasuredStreamRow {
  const { direction, transport, packets, bytes, firstTime, lastTime, maxDeltaMs, series } = stream;
  return {
    ...UNNUMBERED,
    direction: DIRECTION_NAMES[direction],
    codec: codecsOf(transport),
    packets,
    bytes,
    maxDeltaMs: packets > 1 ? maxDeltaMs : null,
    firstTime,
    lastTime,
    series: seriesRow(pipeline, series),
    transport: transportRow(transport),
    video: null,
    mos: null,
  };
}

function seriesRow(pipeline: Pipeline, series: number): StreamSeriesRow | null {
  return series < 0 ? null : streamSeriesRow(pipeline.contents.media.series.read(series));
}

/** As announced, else as the payload type always means; null where nobody says. */
function formatOf(flow: SlotCase, payloadType: number): MediaFormat | null {
  const announced: readonly MediaFormat[] = [
    ...flow.announced.flatMap(({ media }) => media.announcement.formats),
    ...(flow.record?.embeddedFormats ?? []),
  ];
  return announced.find((each) => each.payloadType === payloadType) ?? formatOfStaticPayloadType(payloadType);
}

/** By its format, else what the bytes tell. */
function codecOf(flow: SlotCase, { transport, video }: RtpStreamRow, format: MediaFormat | null): string | null {
  const codecs = transport && codecsOf(transport);
  if (codecs !== null) return `MP2T (${codecs})`;
  const encoding = format?.encoding || flow.record?.facts.get('codec') || (video?.codec ?? '');
  return encoding === '' ? null : printable(encoding, 80);
}
