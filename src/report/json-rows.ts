/** The rows of a snapshot as the JSON report writes them: times as RFC 3339, nothing left out. Fields are only ever added. */

import type { MeasuredStreamRow, RateSeriesRow } from '../analysis/measured-media.ts';
import type { CaptureRow, FlowRow, GroupRow, Snapshot, Totals } from '../analysis/snapshot.ts';
import { formatTimestamp } from '../format/time.ts';
import type { Finding } from '../verdict/finding.ts';

type JsonRow = Readonly<Record<string, unknown>>;

function timestamp(time: number | null, origin: number): string | null {
  return time === null ? null : formatTimestamp(time, origin);
}

export function captureToJson(capture: CaptureRow, origin: number): JsonRow {
  const { firstTime, lastTime } = capture;
  return {
    file: capture.file,
    format: capture.format,
    sha256: capture.sha256,
    frames: capture.frames,
    bytes: capture.bytes,
    firstTime: timestamp(firstTime, origin),
    lastTime: timestamp(lastTime, origin),
    linkTypes: capture.linkTypes,
    interfaces: capture.interfaces,
    dropped: capture.dropped,
    truncatedAt: capture.truncatedAt,
    warnings: capture.warnings,
    comments: capture.comments,
  };
}

export function flowToJson(flow: FlowRow, origin: number): JsonRow {
  return {
    id: flow.id,
    transport: flow.transport,
    initiator: flow.initiator,
    responder: flow.responder,
    vlans: flow.vlans,
    tunnel: flow.tunnel,
    protocol: flow.protocol,
    protocolLabel: flow.protocolLabel,
    confidence: flow.confidence,
    announcedBy: flow.announcedBy,
    announcedHow: flow.announcedHow,
    outcome: flow.outcome,
    verdict: flow.verdict,
    codes: flow.codes,
    rule: flow.rule,
    packets: flow.packets,
    bytes: flow.bytes,
    duplicates: flow.duplicates,
    firstTime: timestamp(flow.firstTime, origin),
    lastTime: timestamp(flow.lastTime, origin),
    firstFrame: flow.firstFrame,
    capture: flow.capture,
    communityId: flow.communityId,
    facts: flow.facts,
    media: flow.media && {
      streams: flow.media.streams.map((stream) => streamToJson(stream, origin)),
      connection: flow.media.connection,
    },
  };
}

export function streamToJson(stream: MeasuredStreamRow, origin: number): JsonRow {
  return {
    ...stream,
    firstTime: formatTimestamp(stream.firstTime, origin),
    lastTime: formatTimestamp(stream.lastTime, origin),
    series: stream.series && seriesToJson(stream.series, origin),
    goodbyeTime: timestamp(stream.goodbyeTime, origin),
    receivers: stream.receivers.map((receiver) => ({
      ...receiver,
      goodbyeTime: timestamp(receiver.goodbyeTime, origin),
    })),
  };
}

export function seriesToJson(series: RateSeriesRow, origin: number): JsonRow {
  return { ...series, firstTime: formatTimestamp(series.firstTime, origin) };
}

export function findingToJson(finding: Finding, origin: number): JsonRow {
  return {
    ...finding,
    evidence: finding.evidence.map((item) => ({ ...item, time: formatTimestamp(item.time, origin) })),
  };
}

export function groupToJson(group: GroupRow, origin: number): JsonRow {
  return {
    ...group,
    members: group.members.map((member) => ({
      ...member,
      lastReport: formatTimestamp(member.lastReport, origin),
    })),
    left: group.left.map((member) => ({ ...member, leftAt: formatTimestamp(member.leftAt, origin) })),
  };
}

export function totalsToJson(totals: Totals, origin: number): JsonRow {
  return {
    ...totals,
    firstTime: timestamp(totals.firstTime, origin),
    lastTime: timestamp(totals.lastTime, origin),
  };
}

/** Whether the whole input was read, and if not why. */
export function readingToJson({ phase, failure }: Snapshot, scope: string): JsonRow {
  return { phase, failure, scope: scope === '' ? null : scope };
}
