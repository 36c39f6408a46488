/** The streams of RTP that lost packets, with what their receivers say of it: for the check that speaks of heavy loss. */

import type { RtpStreamRow } from '../protocol/rtp/stream-row.ts';
import type { StreamLoss } from '../verdict/flow-case.ts';
import type { SlotCase } from './flow-cases.ts';
import { rtpStreamsOf } from './media-rows.ts';
import type { Pipeline } from './pipeline.ts';
import { reportedRow } from './report-rows.ts';

/** Datagrams only: what a connection carries is sent again until it is there. */
export function streamLosses(pipeline: Pipeline, cases: readonly SlotCase[]): StreamLoss[] {
  return cases
    .filter(({ protocol, transport }) => protocol === 'rtp' && transport === 'udp')
    .flatMap((flow) => lossesOf(pipeline, flow));
}

function lossesOf(pipeline: Pipeline, flow: SlotCase): StreamLoss[] {
  const { media } = pipeline.contents;
  // Of most streams nothing is missing anywhere.
  const lossy = rtpStreamsOf(pipeline, flow).filter(
    ({ lost, ssrc }) => lost > 0 || media.reportsOn(ssrc).views.length > 0,
  );
  return lossy.map((stream) => lossOf(pipeline, flow, stream));
}

function lossOf(pipeline: Pipeline, flow: SlotCase, stream: RtpStreamRow): StreamLoss {
  const { direction, expected, lost, lossEvents, longestLoss } = stream;
  const { receivers } = reportedRow(pipeline, flow, stream);
  const worst = receivers.toSorted((one, other) => other.lost - one.lost)[0];
  if (worst === undefined) return { flow, direction, expected, lost, lossEvents, longestLoss, reported: null };
  const { reports, lossPlace: place, worstLossPercent } = worst;
  const reported = { reports, lost: worst.lost, worstShare: worstLossPercent / 100, place };
  return { flow, direction, expected, lost, lossEvents, longestLoss, reported };
}
