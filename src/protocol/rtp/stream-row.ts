/** What is known of one RTP stream, for people and reports. */

import type { Direction } from '../dissector.ts';
import type { TransportStream } from '../mpegts/transport-stream.ts';
import type { VideoStream } from '../video/video-stream.ts';
import { clockDriftPpm } from './packet-timing.ts';
import { expectedPackets, missingPackets } from './sequence-count.ts';
import { FIELD, fieldAt } from './stream-record.ts';

export interface RtpStreamRow {
  readonly direction: Direction;
  readonly ssrc: number;
  /** That of the first packet. */
  readonly payloadType: number;
  readonly payloadTypeChanges: number;
  /** Hz, null when not known; `estimated` ones come from the timestamps and were not used for jitter. */
  readonly clockRate: number | null;
  readonly clockSource: 'announced' | 'payload type' | 'estimated' | 'unknown';
  readonly packets: number;
  /** Payload of the datagrams on the wire, RTP headers included. */
  readonly bytes: number;
  readonly expected: number;
  /** Expected and never seen, copies not counted; Wireshark takes copies off and can come below zero. */
  readonly lost: number;
  readonly lossEvents: number;
  /** Packets missing in a row, before any of them came late. */
  readonly longestLoss: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** Times that the sender began a new numbering. */
  readonly restarts: number;
  /** Milliseconds; null where the clock is not known, or no regular packet followed another. */
  readonly meanJitterMs: number | null;
  readonly maxJitterMs: number | null;
  /** Null while no regular packet followed another. */
  readonly minDeltaMs: number | null;
  readonly meanDeltaMs: number | null;
  readonly maxDeltaMs: number | null;
  /** Positive where timestamps run ahead of arrival. */
  readonly maxSkewMs: number | null;
  readonly clockDriftPpm: number | null;
  /** Pauses of a voice that no packet of it fills, and how long they were in all. */
  readonly silences: number;
  readonly silenceMs: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Number of its time series, -1 where there was no place for one. */
  readonly series: number;
  /** What its payload carries, null where that is no transport stream; borrowed. */
  readonly transport: TransportStream | null;
  /** Its frames, null where it is not known to be video; borrowed. */
  readonly video: VideoStream | null;
}

export function readStreamRow(
  record: Float64Array,
  at: number,
  transport: TransportStream | null,
  video: VideoStream | null,
): RtpStreamRow {
  const field = (offset: number) => fieldAt(record, at + offset);
  const knownRate = field(FIELD.knownClockRate);
  const estimatedRate = knownRate > 0 ? 0 : estimateClockRate(record, at);
  const ifClocked = (value: number | null) => (knownRate > 0 ? value : null);
  const ifRegular = (value: number) => (field(FIELD.minDeltaMs) < 0 ? null : value);
  const expected = expectedPackets(record, at);
  return {
    direction: field(FIELD.direction) === 0 ? 0 : 1,
    ssrc: field(FIELD.ssrc),
    payloadType: field(FIELD.payloadType),
    payloadTypeChanges: field(FIELD.payloadTypeChanges),
    clockRate: knownRate || estimatedRate || null,
    clockSource: clockSource(knownRate, field(FIELD.isClockAnnounced) === 1, estimatedRate),
    packets: field(FIELD.packets),
    bytes: field(FIELD.bytes),
    expected,
    lost: Math.max(0, missingPackets(record, at)),
    lossEvents: field(FIELD.lossEvents),
    longestLoss: field(FIELD.longestLoss),
    duplicates: field(FIELD.duplicates),
    reordered: field(FIELD.reordered),
    restarts: field(FIELD.restarts),
    meanJitterMs: ifClocked(ifRegular(field(FIELD.meanJitterMs))),
    maxJitterMs: ifClocked(ifRegular(field(FIELD.maxJitterMs))),
    minDeltaMs: ifRegular(field(FIELD.minDeltaMs)),
    meanDeltaMs: ifRegular(field(FIELD.meanDeltaMs)),
    maxDeltaMs: ifRegular(field(FIELD.maxDeltaMs)),
    maxSkewMs: ifClocked(field(FIELD.maxSkewMs)),
    clockDriftPpm: knownRate > 0 ? clockDriftPpm(record, at) : null,
    silences: field(FIELD.silences),
    silenceMs: field(FIELD.silenceMs),
    firstTime: field(FIELD.firstTime),
    lastTime: field(FIELD.lastTime),
    series: field(FIELD.series),
    transport,
    video,
  };
}

function clockSource(knownRate: number, isAnnounced: boolean, estimatedRate: number): RtpStreamRow['clockSource'] {
  if (knownRate > 0) return isAnnounced ? 'announced' : 'payload type';
  return estimatedRate > 0 ? 'estimated' : 'unknown';
}

const USUAL_RATES = [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 90_000, 96_000, 1000] as const;
/** A shorter stream or one that strays further from every usual rate tells nothing. */
const SHORTEST_ESTIMATE_NS = 5e8;
const LARGEST_ERROR = 0.04;

function estimateClockRate(record: Float64Array, at: number): number {
  const durationNs = fieldAt(record, at + FIELD.previousTime) - fieldAt(record, at + FIELD.firstTime);
  if (durationNs < SHORTEST_ESTIMATE_NS) return 0;
  const measured = (fieldAt(record, at + FIELD.elapsedTimestamp) / durationNs) * 1e9;
  return USUAL_RATES.find((rate) => Math.abs(measured / rate - 1) < LARGEST_ERROR) ?? 0;
}
