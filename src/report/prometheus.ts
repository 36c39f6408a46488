/** Figures for Prometheus in its text format (version 0.0.4): of the capture, its flows, its findings and its streams. */

import type { FlowRow, Snapshot } from '../analysis/snapshot.ts';
import { VERDICTS } from '../verdict/finding.ts';
import { streamLinesOf } from './stream-list.ts';

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Flows whose streams are told, and streams in all: each makes some series of its own in the one who asks. */
export const MOST_STREAM_FLOWS = 200;
const MOST_STREAMS = 500;

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** `flows` are those with streams, the largest first. */
export function writePrometheus(snapshot: Snapshot, flows: readonly FlowRow[]): string {
  const { totals, captures, findings } = snapshot;
  const interfaces = captures.flatMap((capture) => capture.interfaces);
  const dropped = interfaces.flatMap(({ name, dropped: count }): Sample[] =>
    count === null ? [] : [[{ interface: name ?? '' }, count]],
  );
  const interruptions = captures.reduce((sum, capture) => sum + (capture.interruptions ?? 0), 0);
  const flowCounts = totals.byProtocol.flatMap(({ protocol, byVerdict }) =>
    VERDICTS.flatMap((verdict): Sample[] => {
      const count = byVerdict[verdict] ?? 0;
      return count === 0 ? [] : [[{ protocol, verdict }, count]];
    }),
  );
  const metrics = [
    metric('packets_total', 'counter', 'Packets captured.', [[{}, totals.frames]]),
    metric('bytes_total', 'counter', 'Bytes of the packets on the wire.', [[{}, totals.bytes]]),
    metric('dropped_packets_total', 'counter', 'Packets lost while capturing, where the source tells.', dropped),
    metric('interruptions_total', 'counter', 'Times that capturing was interrupted.', [[{}, interruptions]]),
    metric('flows_total', 'counter', 'Flows seen since the start.', [[{}, totals.flows]]),
    metric('flows', 'gauge', 'Flows that are known now, by protocol and verdict.', flowCounts),
    metric('findings', 'gauge', 'Findings that stand, by code and verdict.', countFindings(findings)),
    ...streamMetrics(flows),
  ];
  return metrics.join('');
}

function countFindings(findings: Snapshot['findings']): Sample[] {
  const counts = new Map<string, { labels: Labels; count: number }>();
  for (const { code, verdict } of findings) {
    const key = `${code} ${verdict}`;
    const known = counts.get(key) ?? { labels: { code, verdict }, count: 0 };
    known.count++;
    counts.set(key, known);
  }
  return [...counts.values()].map(({ labels, count }) => [labels, count]);
}

/** Loss is no counter: what was late takes its place after all. */
function streamMetrics(flows: readonly FlowRow[]): string[] {
  const streams = flows.flatMap(streamLinesOf).slice(0, MOST_STREAMS);
  const samplesOf = (value: (stream: (typeof streams)[number]['stream']) => number | null): Sample[] =>
    streams.flatMap(({ flow, stream, sender, receiver }): Sample[] => {
      const figure = value(stream);
      if (figure === null) return [];
      const labels = {
        source: sender.address,
        source_port: `${sender.port}`,
        destination: receiver.address,
        destination_port: `${receiver.port}`,
        ssrc: stream.ssrc === null ? '' : `0x${stream.ssrc.toString(16).padStart(8, '0')}`,
        flow: `${flow.id}`,
      };
      return [[labels, figure]];
    });
  const bound = `of at most ${MOST_STREAMS} streams, the largest flows first`;
  return [
    metric(
      'rtp_packets_total',
      'counter',
      `Packets ${bound}.`,
      samplesOf(({ packets }) => packets),
    ),
    metric(
      'rtp_lost_packets',
      'gauge',
      `Packets missing so far ${bound}.`,
      samplesOf(({ lost }) => lost),
    ),
    metric(
      'rtp_jitter_seconds',
      'gauge',
      `Mean jitter by RFC 3550 ${bound}.`,
      samplesOf(({ meanJitterMs }) => (meanJitterMs === null ? null : meanJitterMs / 1000)),
    ),
  ];
}

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const full = `mediatap_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labelText(labels)} ${value}\n`);
  return [`# HELP ${full} ${help}\n# TYPE ${full} ${type}\n`, ...lines].join('');
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
