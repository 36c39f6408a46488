/** What the ends of a medium report of it, RFC 3550 section 6.4: the far side's view, to hold against what is seen here. */

import { readUint8, readUint16, readUint24, readUint32, readUtf8 } from '../../bytes/read.ts';
import type { Direction } from '../dissector.ts';
import { type FeedbackCount, isFeedback, readFeedback, readVoiceMetrics, type VoiceMetrics } from './rtcp-feedback.ts';
import {
  countReportBlocks,
  isWholeCompound,
  REPORT_BLOCK_BYTES,
  RTCP_TYPE,
  readRtcpLength,
  SENDER_INFO_BYTES,
} from './rtcp-packet.ts';

const MOST_FLOWS = 65_536;
/** Senders, and pairs of reporter and source, of one flow. */
const MOST_ROWS = 64;
/** Sender reports that are remembered to find the one that a receiver answers. */
const SENDER_REPORTS_KEPT = 8;
const NS_PER_MS = 1e6;
/** Units of 1/65536 s. */
const DELAY_UNITS_PER_MS = 65.536;
const FIRST_ITEM_OFFSET = 8;
/** What GStreamer writes as the highest number of a source of which nothing came: the one before 0. */
const NONE_ARRIVED = 0xffff_ffff;
const CNAME_ITEM = 1;

/** One SSRC that sends reports. */
export interface RtcpSender {
  readonly direction: Direction;
  readonly ssrc: number;
  /** Sender and receiver reports. */
  reports: number;
  /** Those of them that tell of nothing that arrived, whatever a snap length left of the others. */
  emptyReports: number;
  /** As its last sender report counts, null when it sends none. */
  packetsSent: number | null;
  bytesSent: number | null;
  /** Text comes from packets: not safe to print. */
  cname: string;
  readonly firstTime: number;
  lastTime: number;
  /** When it said goodbye. */
  byeTime: number | null;
}

/** How one SSRC receives another, by its report blocks. */
export interface RtcpReception {
  /** That of the reports, not of the medium. */
  readonly direction: Direction;
  readonly reporter: number;
  /** SSRC of the medium. */
  readonly source: number;
  reports: number;
  lastTime: number;
  /** By the first report that was seen and by the last; negative where copies came. */
  firstCumulativeLost: number;
  cumulativeLost: number;
  /** Highest share of packets lost between two reports, 0 to 1. */
  worstLoss: number;
  /** Extended by the wraps; a value that stands still says that nothing arrives any more. */
  highestSequence: number;
  /** When the report before the last one by which more had arrived was sent: media still came then; -Infinity without one. */
  arrivedAfter: number;
  /** In units of the medium's clock. */
  lastJitter: number;
  maxJitter: number;
  /** Milliseconds from this capture point to the reporter and back; null while no sender report was answered. */
  roundTripMs: number | null;
  maxRoundTripMs: number | null;
  /** By its last extended report, null where it sends none on voice. */
  voice: VoiceMetrics | null;
}

/** What was asked of one source, 0 for one that is not named. */
export interface RtcpRequests extends FeedbackCount {
  /** That of the requests, not of the medium. */
  readonly direction: Direction;
  readonly source: number;
}

export interface FlowReports {
  readonly senders: readonly RtcpSender[];
  readonly receptions: readonly RtcpReception[];
  readonly requests: readonly RtcpRequests[];
}

class FlowState {
  readonly senders: RtcpSender[] = [];
  readonly receptions: RtcpReception[] = [];
  readonly requests: RtcpRequests[] = [];
  readonly #sent: { readonly ssrc: number; readonly ntp: number; readonly time: number }[] = [];

  sender(direction: Direction, ssrc: number, time: number): RtcpSender | null {
    const known = this.senders.find((sender) => sender.ssrc === ssrc && sender.direction === direction);
    if (known !== undefined || this.senders.length >= MOST_ROWS) return known ?? null;
    const counts = { reports: 0, emptyReports: 0, packetsSent: null, bytesSent: null };
    const sender = { direction, ssrc, ...counts, cname: '', firstTime: time, lastTime: time, byeTime: null };
    this.senders.push(sender);
    return sender;
  }

  reception(direction: Direction, reporter: number, source: number): RtcpReception | null {
    const isSame = (row: RtcpReception) =>
      row.source === source && row.reporter === reporter && row.direction === direction;
    const known = this.receptions.find(isSame);
    if (known !== undefined || this.receptions.length >= MOST_ROWS) return known ?? null;
    const losses = {
      firstCumulativeLost: 0,
      cumulativeLost: 0,
      worstLoss: 0,
      highestSequence: -1,
      arrivedAfter: Number.NEGATIVE_INFINITY,
    };
    const timing = { lastJitter: 0, maxJitter: 0, roundTripMs: null, maxRoundTripMs: null, voice: null };
    const reception = { direction, reporter, source, reports: 0, lastTime: 0, ...losses, ...timing };
    this.receptions.push(reception);
    return reception;
  }

  requestsOf(direction: Direction, source: number): RtcpRequests | null {
    const known = this.requests.find((row) => row.source === source && row.direction === direction);
    if (known !== undefined || this.requests.length >= MOST_ROWS) return known ?? null;
    const requests = { direction, source, nacks: 0, packetsAskedFor: 0, pictureLoss: 0, fullIntraRequests: 0 };
    this.requests.push(requests);
    return requests;
  }

  /** `ntp`: the middle 32 bits of the time in a sender report, by which receivers name it. */
  rememberSent(ssrc: number, ntp: number, time: number): void {
    // A sender without a clock sends zero, and a receiver that has heard no report answers zero (RFC 3550 section 6.4.1).
    if (ntp === 0) return;
    if (this.#sent.length >= SENDER_REPORTS_KEPT) this.#sent.shift();
    this.#sent.push({ ssrc, ntp, time });
  }

  sentAt(ssrc: number, ntp: number): number | null {
    return this.#sent.find((report) => report.ssrc === ssrc && report.ntp === ntp)?.time ?? null;
  }
}

export class RtcpReports {
  /** What was gathered from the reports is out of date once this number has changed. */
  changes = 0;
  readonly #flows = new Map<number, FlowState>();

  /** One datagram of a flow of RTCP, or of RTP that shares its ports with RTCP. Encrypted reports tell nothing. */
  packet(
    flow: number,
    direction: Direction,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    timeNs: number,
  ): void {
    if (!isWholeCompound(bytes, start, end, start + wireLength)) return;
    let state = this.#flows.get(flow);
    if (state === undefined) {
      if (this.#flows.size >= MOST_FLOWS) return;
      state = new FlowState();
      this.#flows.set(flow, state);
    }
    this.changes++;
    for (let at = start; at + 8 <= end; at += readRtcpLength(bytes, at, end)) {
      readPacket(state, direction, bytes, at, Math.min(end, at + readRtcpLength(bytes, at, end)), timeNs);
    }
  }

  /** Every flow in which reports were seen, with what they say. */
  all(): Iterable<readonly [flow: number, reports: FlowReports]> {
    return this.#flows;
  }

  /** Null when no report was seen in the flow. */
  reportsOf(flow: number): FlowReports | null {
    return this.#flows.get(flow) ?? null;
  }

  /** Gives back what is kept of a flow whose number will mean another one. */
  forget(flow: number): void {
    if (this.#flows.delete(flow)) this.changes++;
  }
}

function readPacket(
  state: FlowState,
  direction: Direction,
  bytes: Uint8Array,
  start: number,
  end: number,
  time: number,
): void {
  const type = readUint8(bytes, start + 1);
  const ssrc = readUint32(bytes, start + 4);
  if (isFeedback(type)) {
    readFeedback(bytes, start, end, (source) => state.requestsOf(direction, source));
    return;
  }
  const sender = state.sender(direction, ssrc, time);
  if (sender === null) return;
  sender.lastTime = time;
  if (type === RTCP_TYPE.bye) sender.byeTime ??= time;
  else if (type === RTCP_TYPE.sourceDescription) sender.cname ||= readCname(bytes, start, end);
  else if (type === RTCP_TYPE.extendedReport) readExtendedReport(state, sender, bytes, start, end);
  else if (countReportBlocks(bytes, start) >= 0) readReport(state, sender, bytes, start, end, time);
}

function readExtendedReport(state: FlowState, sender: RtcpSender, bytes: Uint8Array, start: number, end: number): void {
  readVoiceMetrics(bytes, start, end, (source, metrics) => {
    const row = state.reception(sender.direction, sender.ssrc, source);
    if (row !== null) row.voice = metrics;
  });
}

function readReport(
  state: FlowState,
  sender: RtcpSender,
  bytes: Uint8Array,
  start: number,
  end: number,
  time: number,
): void {
  sender.reports++;
  const isSenderReport = readUint8(bytes, start + 1) === RTCP_TYPE.senderReport;
  if (isSenderReport && start + 4 + SENDER_INFO_BYTES <= end) {
    sender.packetsSent = readUint32(bytes, start + 20);
    sender.bytesSent = readUint32(bytes, start + 24);
    state.rememberSent(sender.ssrc, readMiddleOfNtp(bytes, start + 8), time);
  }
  let block = start + (isSenderReport ? 4 + SENDER_INFO_BYTES : 8);
  let unread = countReportBlocks(bytes, start);
  let told = 0;
  for (; unread > 0 && block + REPORT_BLOCK_BYTES <= end; unread--, block += REPORT_BLOCK_BYTES) {
    if (readUint32(bytes, block + 8) === NONE_ARRIVED) continue;
    told++;
    readBlock(state, sender, bytes, block, time);
  }
  if (unread === 0 && told === 0) sender.emptyReports++;
}

function readMiddleOfNtp(bytes: Uint8Array, offset: number): number {
  return ((readUint16(bytes, offset + 2) << 16) | readUint16(bytes, offset + 4)) >>> 0;
}

/** Source, share and sum of what was lost, highest number, jitter, last sender report and the delay since it. */
function readBlock(state: FlowState, sender: RtcpSender, bytes: Uint8Array, block: number, time: number): void {
  const source = readUint32(bytes, block);
  const row = state.reception(sender.direction, sender.ssrc, source);
  if (row === null) return;
  const highest = readUint32(bytes, block + 8);
  row.reports++;
  if (row.reports > 1 && highest !== row.highestSequence) row.arrivedAfter = row.lastTime;
  row.highestSequence = highest;
  row.worstLoss = Math.max(row.worstLoss, readUint8(bytes, block + 4) / 256);
  row.cumulativeLost = (readUint24(bytes, block + 5) << 8) >> 8;
  if (row.reports === 1) row.firstCumulativeLost = row.cumulativeLost;
  row.lastTime = time;
  row.lastJitter = readUint32(bytes, block + 12);
  row.maxJitter = Math.max(row.maxJitter, row.lastJitter);

  const answered = state.sentAt(source, readUint32(bytes, block + 16));
  if (answered === null) return;
  const delayMs = readUint32(bytes, block + 20) / DELAY_UNITS_PER_MS;
  const roundTripMs = (time - answered) / NS_PER_MS - delayMs;
  // Clocks of both ends are not perfect; a little below zero is zero.
  row.roundTripMs = Math.max(0, roundTripMs);
  row.maxRoundTripMs = Math.max(row.maxRoundTripMs ?? 0, row.roundTripMs);
}

function readCname(bytes: Uint8Array, start: number, end: number): string {
  const item = start + FIRST_ITEM_OFFSET;
  const textEnd = item + 2 + readUint8(bytes, item + 1);
  return readUint8(bytes, item) === CNAME_ITEM && textEnd <= end ? readUtf8(bytes, item + 2, textEnd) : '';
}
