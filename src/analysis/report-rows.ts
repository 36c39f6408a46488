/** What the ends of a stream say of it by RTCP, for people and reports. */

import { printable } from '../format/text.ts';
import type { Direction } from '../protocol/dissector.ts';
import type { RtcpSender } from '../protocol/rtp/rtcp-reports.ts';
import type { RtpStreamRow } from '../protocol/rtp/stream-row.ts';
import { SlotCase } from './flow-cases.ts';
import { placeLoss } from './loss-place.ts';
import type { MediaReceiverRow, MediaRequestsRow, ReportedRow } from './measured-media.ts';
import type { ReceiverView } from './media-quality.ts';
import type { Pipeline } from './pipeline.ts';

const NS_PER_SECOND = 1e9;
const MOST_RECEIVERS = 64;
const MOST_NAME_CHARACTERS = 80;
/** A stream that is there so soon after the capture began may have begun before it. */
const MIDSTREAM_NS = 1e9;
/** Requests that name no source. */
const UNNAMED_SOURCE = 0;

export function reportedRow(pipeline: Pipeline, flow: SlotCase, stream: RtpStreamRow): ReportedRow {
  const { media } = pipeline.contents;
  const { views, senders, requests } = media.reportsOn(stream.ssrc);
  const unnamed = media.reportsOn(UNNAMED_SOURCE).requests.filter(({ slot }) => slot === flow.slot);
  const isBack = (slot: number, direction: Direction) => isFromReceiver(pipeline, slot, direction, flow, stream);
  const sender = senders.find(({ slot, sender: { direction } }) =>
    isFromSender(pipeline, slot, direction, flow, stream),
  );
  const asked = [...requests, ...unnamed].filter(({ slot, requests: { direction } }) => isBack(slot, direction));
  const receivers = views.filter(({ slot, reception }) => isBack(slot, reception.direction)).slice(0, MOST_RECEIVERS);
  return {
    packetsSent: sender?.sender.packetsSent ?? null,
    name: nameOf(sender?.sender ?? null),
    goodbyeTime: sender?.sender.byeTime ?? null,
    requests: sumRequests(asked.map(({ requests: row }) => row)),
    receivers: receivers.map((view) => receiverRow(pipeline, stream, view)),
  };
}

/** Addresses at both ends of what travels in `direction` of the flow in `slot`. */
function endsOf(pipeline: Pipeline, slot: number, direction: Direction): readonly [from: string, to: string] {
  const { initiator, responder } = new SlotCase(pipeline, slot);
  return direction === 0 ? [initiator.address, responder.address] : [responder.address, initiator.address];
}

/**
 * Whether a report on this SSRC comes back from a receiver of this stream: SSRCs are chosen by chance, and some servers use
 * one for all.
 */
function isFromReceiver(
  pipeline: Pipeline,
  slot: number,
  direction: Direction,
  flow: SlotCase,
  stream: RtpStreamRow,
): boolean {
  if (slot === flow.slot) return direction !== stream.direction;
  const [reporter, reported] = endsOf(pipeline, slot, direction);
  const [sender, receiver] = endsOf(pipeline, flow.slot, stream.direction);
  if (!flow.isMulticast) return reporter === receiver && reported === sender;
  return reporter !== sender && (reported === sender || reported === receiver);
}

/** Whether reports of this SSRC come from the sender of this stream and go where it goes. */
function isFromSender(
  pipeline: Pipeline,
  slot: number,
  direction: Direction,
  flow: SlotCase,
  stream: RtpStreamRow,
): boolean {
  if (slot === flow.slot) return direction === stream.direction;
  const [reporter, reported] = endsOf(pipeline, slot, direction);
  const [sender, receiver] = endsOf(pipeline, flow.slot, stream.direction);
  return reporter === sender && reported === receiver;
}

function nameOf(sender: RtcpSender | null): string | null {
  return sender === null || sender.cname === '' ? null : printable(sender.cname, MOST_NAME_CHARACTERS);
}

function sumRequests(rows: readonly MediaRequestsRow[]): MediaRequestsRow {
  const sum = (countOf: (row: MediaRequestsRow) => number) => rows.reduce((total, row) => total + countOf(row), 0);
  return {
    nacks: sum(({ nacks }) => nacks),
    packetsAskedFor: sum(({ packetsAskedFor }) => packetsAskedFor),
    pictureLoss: sum(({ pictureLoss }) => pictureLoss),
    fullIntraRequests: sum(({ fullIntraRequests }) => fullIntraRequests),
  };
}

function receiverRow(
  pipeline: Pipeline,
  stream: RtpStreamRow,
  { reception, receiver }: ReceiverView,
): MediaReceiverRow {
  const toMs = (units: number) => (stream.clockRate === null ? null : (units * 1000) / stream.clockRate);
  const isMidstream = stream.firstTime - pipeline.firstTime < MIDSTREAM_NS;
  const lostSince = reception.cumulativeLost - (isMidstream ? reception.firstCumulativeLost : 0);
  const isComplete = reception.lastTime >= stream.lastTime - NS_PER_SECOND;
  const hasReports = reception.reports > 0;
  return {
    ssrc: reception.reporter,
    name: nameOf(receiver),
    goodbyeTime: receiver?.byeTime ?? null,
    reports: reception.reports,
    lost: reception.cumulativeLost,
    worstLossPercent: reception.worstLoss * 100,
    jitterMs: hasReports ? toMs(reception.lastJitter) : null,
    maxJitterMs: hasReports ? toMs(reception.maxJitter) : null,
    roundTripMs: reception.roundTripMs,
    lossPlace: hasReports ? placeLoss(stream.lost, Math.max(0, lostSince), isComplete) : null,
    voice: reception.voice,
  };
}
