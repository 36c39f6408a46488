/** Media streams one per line: the columns that Wireshark's list of RTP streams has, and more. */

import type { ConnectionRow, MeasuredStreamRow, TransportStreamRow, VideoRow } from '../analysis/measured-media.ts';
import type { FlowRow } from '../analysis/snapshot.ts';
import { formatBitRate, formatCount, formatPercent } from '../format/count.ts';
import { formatEndpoint } from '../format/endpoint.ts';
import { formatTimeOfDay, formatTimestamp } from '../format/time.ts';
import { csvLine } from './escape-csv.ts';
import type { FlowListFormat } from './flow-list.ts';
import { safeJson } from './json-report.ts';
import { streamToJson } from './json-rows.ts';
import type { ReportSource } from './report-source.ts';
import { writeTextTable } from './text-table.ts';

const NS_PER_SECOND = 1e9;

/** A stream with the flow that carries it. */
interface StreamLine {
  readonly flow: FlowRow;
  readonly stream: MeasuredStreamRow;
  readonly sender: FlowRow['initiator'];
  readonly receiver: FlowRow['initiator'];
}

export function writeStreamList(source: ReportSource, format: FlowListFormat): AsyncGenerator<string> {
  const origin = source.snapshot.originSeconds;
  switch (format) {
    case 'table':
      return writeTextTable(TABLE_HEAD, tablePages(source, origin));
    case 'jsonl':
      return writeLines(source, '', (line) => `${safeJson(lineToJson(line, origin))}\n`);
    case 'csv':
      return writeLines(source, csvLine(CSV_HEAD), (line) => csvLine(csvCells(line, origin)));
  }
}

async function* pagesOf(source: ReportSource): AsyncGenerator<StreamLine[]> {
  for await (const flows of source.flows()) yield flows.flatMap(streamLinesOf);
}

export function streamLinesOf(flow: FlowRow): StreamLine[] {
  return (flow.media?.streams ?? []).map((stream) => {
    const isFromInitiator = stream.direction === 'toResponder';
    const sender = isFromInitiator ? flow.initiator : flow.responder;
    const receiver = isFromInitiator ? flow.responder : flow.initiator;
    return { flow, stream, sender, receiver };
  });
}

const TABLE_HEAD = [
  'Flow',
  'Start (UTC)',
  'Seconds',
  'From',
  'To',
  'SSRC',
  'Codec',
  'Clock',
  'Packets',
  'Rate',
  'Lost',
  'Late',
  'Copies',
  'Max delta',
  'Mean jitter',
  'Max jitter',
  'Lost at receiver',
  'Round trip',
];

async function* tablePages(source: ReportSource, origin: number): AsyncGenerator<string[][]> {
  for await (const lines of pagesOf(source)) {
    // The first page sets the widths: one without a stream would set them too narrow.
    if (lines.length > 0) yield lines.map((line) => tableCells(line, origin));
  }
}

function tableCells({ flow, stream, sender, receiver }: StreamLine, origin: number): string[] {
  const seconds = secondsOf(stream);
  const [view] = stream.receivers;
  return [
    `${flow.id}`,
    formatTimeOfDay(stream.firstTime, origin),
    seconds.toFixed(1),
    formatEndpoint(sender.address, sender.port),
    formatEndpoint(receiver.address, receiver.port),
    formatSsrc(stream.ssrc),
    stream.codec ?? (stream.payloadType === null ? '-' : `type ${stream.payloadType}`),
    clockText(stream),
    formatCount(stream.packets),
    formatBitRate(stream.bytes, seconds),
    lossText(stream, flow.media?.connection ?? null),
    formatCount(stream.reordered),
    formatCount(stream.duplicates),
    milliseconds(stream.maxDeltaMs),
    milliseconds(stream.meanJitterMs),
    milliseconds(stream.maxJitterMs),
    view === undefined ? '-' : formatCount(view.lost),
    milliseconds(view?.roundTripMs ?? null),
  ];
}

/** Of packets where they are numbered; else segments that were sent again, else cells. */
function lossText({ lost, expected, transport }: MeasuredStreamRow, connection: ConnectionRow | null): string {
  if (lost !== null && expected !== null) return `${formatCount(lost)} (${formatPercent(lost, expected)})`;
  if (connection !== null) return `${formatCount(connection.sentAgain + connection.filledLate)} again`;
  const lostCells = transport?.lostCells ?? null;
  return lostCells === null ? '-' : `${formatCount(lostCells)} cells`;
}

function clockText({ clockRate, clockSource }: MeasuredStreamRow): string {
  if (clockRate === null) return '?';
  return clockSource === 'estimated' ? `~${clockRate}` : `${clockRate}`;
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(3)} ms`;
}

function formatSsrc(ssrc: number | null): string {
  return ssrc === null ? '-' : `0x${ssrc.toString(16).padStart(8, '0')}`;
}

function secondsOf({ firstTime, lastTime }: MeasuredStreamRow): number {
  return (lastTime - firstTime) / NS_PER_SECOND;
}

async function* writeLines(
  source: ReportSource,
  head: string,
  write: (line: StreamLine) => string,
): AsyncGenerator<string> {
  if (head !== '') yield head;
  for await (const lines of pagesOf(source)) yield lines.map(write).join('');
}

function lineToJson({ flow, stream, sender, receiver }: StreamLine, origin: number): Readonly<Record<string, unknown>> {
  const { id, verdict, protocol, announcedHow } = flow;
  return { flow: id, verdict, protocol, announcedHow, sender, receiver, ...streamToJson(stream, origin) };
}

const CSV_HEAD = [
  'flow',
  'verdict',
  'start_time',
  'end_time',
  'sender_address',
  'sender_port',
  'receiver_address',
  'receiver_port',
  'ssrc',
  'payload_type',
  'codec',
  'clock_rate',
  'clock_source',
  'packets',
  'bytes',
  'expected',
  'lost',
  'loss_events',
  'longest_loss',
  'duplicates',
  'reordered',
  'restarts',
  'payload_type_changes',
  'min_delta_ms',
  'mean_delta_ms',
  'max_delta_ms',
  'mean_jitter_ms',
  'max_jitter_ms',
  'max_skew_ms',
  'clock_drift_ppm',
  'packets_sent',
  'receiver_lost',
  'receiver_worst_loss_percent',
  'receiver_jitter_ms',
  'receiver_max_jitter_ms',
  'round_trip_ms',
  'loss_place',
  'sender_name',
  'goodbye_time',
  'nacks',
  'packets_asked_for',
  'picture_loss_indications',
  'full_intra_requests',
  'mos',
  'width',
  'height',
  'profile',
  'level',
  'frames_per_second',
  'key_frames',
  'max_key_frame_interval_ms',
  'segments_sent_again',
  'segments_filled_late',
  'segments_overtaken',
  'zero_windows',
  'stalls',
  'round_trip_to_receiver_ms',
  'limited_by',
  'programmes',
  'continuity_errors',
  'lost_cells',
  'clock_bits_per_second',
  'max_pcr_jitter_ms',
  'max_delay_factor_ms',
  'max_media_loss_rate',
];

function csvCells({ flow, stream, sender, receiver }: StreamLine, origin: number): (string | number | null)[] {
  const [view] = stream.receivers;
  return [
    flow.id,
    flow.verdict,
    formatTimestamp(stream.firstTime, origin),
    formatTimestamp(stream.lastTime, origin),
    sender.address,
    sender.port,
    receiver.address,
    receiver.port,
    formatSsrc(stream.ssrc),
    stream.payloadType,
    stream.codec,
    stream.clockRate,
    stream.clockSource,
    stream.packets,
    stream.bytes,
    stream.expected,
    stream.lost,
    stream.lossEvents,
    stream.longestLoss,
    stream.duplicates,
    stream.reordered,
    stream.restarts,
    stream.payloadTypeChanges,
    stream.minDeltaMs,
    stream.meanDeltaMs,
    stream.maxDeltaMs,
    stream.meanJitterMs,
    stream.maxJitterMs,
    stream.maxSkewMs,
    stream.clockDriftPpm,
    stream.packetsSent,
    view?.lost ?? null,
    view?.worstLossPercent ?? null,
    view?.jitterMs ?? null,
    view?.maxJitterMs ?? null,
    view?.roundTripMs ?? null,
    view?.lossPlace ?? null,
    stream.name,
    stream.goodbyeTime === null ? null : formatTimestamp(stream.goodbyeTime, origin),
    stream.requests?.nacks ?? null,
    stream.requests?.packetsAskedFor ?? null,
    stream.requests?.pictureLoss ?? null,
    stream.requests?.fullIntraRequests ?? null,
    stream.mos,
    ...videoCells(stream.video),
    ...connectionCells(flow.media?.connection ?? null),
    ...transportCells(stream.transport),
  ];
}

function videoCells(video: VideoRow | null): (string | number | null)[] {
  if (video === null) return [null, null, null, null, null, null, null];
  const { width, height, profile, level, framesPerSecond, keyFrames, maxKeyFrameIntervalMs } = video;
  return [width, height, profile, level, framesPerSecond, keyFrames, maxKeyFrameIntervalMs];
}

function connectionCells(connection: ConnectionRow | null): (string | number | null)[] {
  if (connection === null) return [null, null, null, null, null, null, null];
  const { sentAgain, filledLate, overtaken, zeroWindows, stalls, roundTripToReceiver, limitedBy } = connection;
  return [sentAgain, filledLate, overtaken, zeroWindows, stalls, roundTripToReceiver?.minMs ?? null, limitedBy];
}

function transportCells(transport: TransportStreamRow | null): (string | number | null)[] {
  if (transport === null) return [null, null, null, null, null, null, null];
  const names = transport.programmes.map(({ name }) => name).filter((name) => name !== null);
  const jitters = transport.programmes.map(({ clock }) => clock?.maxJitterMs ?? 0);
  return [
    names.length === 0 ? null : names.join(', '),
    transport.continuityErrors,
    transport.lostCells,
    transport.bitsPerSecond,
    jitters.length === 0 ? null : Math.max(...jitters),
    transport.deliveryIndex?.maxDelayFactorMs ?? null,
    transport.deliveryIndex?.maxLossRate ?? null,
  ];
}
