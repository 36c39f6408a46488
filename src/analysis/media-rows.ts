/** The quality of a flow's media for people and reports: what was measured here beside what receivers report. */

import { printable } from '../format/text.ts';
import type { MediaFormat } from '../protocol/control-record.ts';
import type { TransportStream } from '../protocol/mpegts/transport-stream.ts';
import type { UdpTransportStream } from '../protocol/mpegts/udp-transport-streams.ts';
import { formatOfStaticPayloadType } from '../protocol/rtp/payload-types.ts';
import { RTP_HEADER_BYTES } from '../protocol/rtp/rtp-header.ts';
import type { RtpStreamRow } from '../protocol/rtp/stream-row.ts';
import { connectionRow } from './connection-rows.ts';
import { SlotCase } from './flow-cases.ts';
import { placeLoss } from './loss-place.ts';
import type {
  ConnectionRow,
  MeasuredStreamRow,
  MediaReceiverRow,
  MediaRow,
  StreamSeriesRow,
} from './measured-media.ts';
import type { MediaConnection } from './media-connections.ts';
import type { ReceiverView } from './media-quality.ts';
import type { Pipeline } from './pipeline.ts';
import { streamSeriesRow } from './series-rows.ts';
import { codecsOf, transportRow } from './transport-rows.ts';
import { videoRow } from './video-rows.ts';
import { opinionScore } from './voice-quality.ts';

const NS_PER_SECOND = 1e9;
const MOST_RECEIVERS = 64;
/** Less is no more than a handshake and commands. */
const LEAST_BYTES_OF_MEDIA = 8192;
/** A stream that is there so soon after the capture began may have begun before it. */
const MIDSTREAM_NS = 1e9;
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
  packetsSent: null,
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
  const streams = [
    ...rtpStreamsOf(pipeline, flow).map((stream) => streamRow(pipeline, flow, stream)),
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

function streamRow(pipeline: Pipeline, flow: SlotCase, stream: RtpStreamRow): MeasuredStreamRow {
  const views = pipeline.contents.media.viewsOf(stream.ssrc).filter((view) => isAbout(pipeline, view, flow, stream));
  const { direction, series, transport, video, ...measured } = stream;
  const format = formatOf(flow, stream.payloadType);
  return {
    ...measured,
    direction: DIRECTION_NAMES[direction],
    codec: codecOf(flow, stream, format),
    packetsSent: views.find(({ packetsSent }) => packetsSent !== null)?.packetsSent ?? null,
    series: seriesRow(pipeline, series),
    transport: transport && transportRow(transport),
    video: video && videoRow(video, format),
    mos: format && opinionScore(format.encoding, stream),
    receivers: views.slice(0, MOST_RECEIVERS).map((view) => receiverRow(pipeline, stream, view)),
  };
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

/** Whether a report on this SSRC is one on this stream: SSRCs are chosen by chance, and some servers use one for all. */
function isAbout(pipeline: Pipeline, { slot, reception }: ReceiverView, flow: SlotCase, stream: RtpStreamRow): boolean {
  if (slot === flow.slot) return reception.direction !== stream.direction;
  const ends = [flow.initiator.address, flow.responder.address];
  const reports = new SlotCase(pipeline, slot);
  const [reporter, reported] =
    reception.direction === 0 ? [reports.initiator, reports.responder] : [reports.responder, reports.initiator];
  const sender = ends[stream.direction] ?? '';
  const receiver = ends[1 - stream.direction] ?? '';
  if (!flow.isMulticast) return reporter.address === receiver && reported.address === sender;
  return reporter.address !== sender && (reported.address === sender || reported.address === receiver);
}

function receiverRow(pipeline: Pipeline, stream: RtpStreamRow, { reception }: ReceiverView): MediaReceiverRow {
  const toMs = (units: number) => (stream.clockRate === null ? null : (units * 1000) / stream.clockRate);
  const isMidstream = stream.firstTime - pipeline.firstTime < MIDSTREAM_NS;
  const lostSince = reception.cumulativeLost - (isMidstream ? reception.firstCumulativeLost : 0);
  const isComplete = reception.lastTime >= stream.lastTime - NS_PER_SECOND;
  return {
    ssrc: reception.reporter,
    reports: reception.reports,
    lost: reception.cumulativeLost,
    worstLossPercent: reception.worstLoss * 100,
    jitterMs: toMs(reception.lastJitter),
    maxJitterMs: toMs(reception.maxJitter),
    roundTripMs: reception.roundTripMs,
    lossPlace: placeLoss(stream.lost, Math.max(0, lostSince), isComplete),
  };
}
