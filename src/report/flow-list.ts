/** Flows one per line: as a table for people, as JSON lines and CSV for programs. */

import type { FlowRow } from '../analysis/snapshot.ts';
import { formatTimestamp } from '../format/time.ts';
import { csvLine } from './escape-csv.ts';
import { safeJson } from './json-report.ts';
import { flowToJson } from './json-rows.ts';
import type { ReportSource } from './report-source.ts';
import { describeEnds, describePair } from './report-words.ts';
import { writeTextTable } from './text-table.ts';

export const FLOW_LIST_FORMATS = ['table', 'jsonl', 'csv'] as const;
export type FlowListFormat = (typeof FLOW_LIST_FORMATS)[number];

export function writeFlowList(source: ReportSource, format: FlowListFormat): AsyncGenerator<string> {
  switch (format) {
    case 'table':
      return writeTextTable(TABLE_HEAD, tablePages(source));
    case 'jsonl':
      return writeJsonLines(source);
    case 'csv':
      return writeCsv(source);
  }
}

const TABLE_HEAD = ['Flow', 'Verdict', 'Protocol', 'Initiator', 'Responder', 'To / from', 'Outcome', 'Codes'];

async function* tablePages(source: ReportSource): AsyncGenerator<string[][]> {
  for await (const rows of source.flows()) yield rows.map(tableCells);
}

function tableCells(flow: FlowRow): string[] {
  const { initiator, responder } = describeEnds(flow);
  return [
    `${flow.id}`,
    flow.verdict,
    flow.protocol === null ? flow.transport : flow.protocolLabel,
    initiator,
    responder,
    describePair(flow.packets),
    flow.outcome === 'none' ? flow.transport : flow.outcome,
    flow.codes.join(' '),
  ];
}

async function* writeJsonLines(source: ReportSource): AsyncGenerator<string> {
  const origin = source.snapshot.originSeconds;
  for await (const rows of source.flows()) {
    yield rows.map((row) => `${safeJson(flowToJson(row, origin))}\n`).join('');
  }
}

const CSV_HEAD = [
  'id',
  'verdict',
  'codes',
  'transport',
  'protocol',
  'confidence',
  'announced_by',
  'initiator_address',
  'initiator_port',
  'responder_address',
  'responder_port',
  'packets_to_responder',
  'packets_to_initiator',
  'bytes_to_responder',
  'bytes_to_initiator',
  'outcome',
  'rule',
  'first_time',
  'last_time',
  'first_frame',
  'vlans',
  'tunnel',
  'community_id',
];

async function* writeCsv(source: ReportSource): AsyncGenerator<string> {
  const origin = source.snapshot.originSeconds;
  yield csvLine(CSV_HEAD);
  for await (const rows of source.flows()) yield rows.map((row) => csvLine(csvCells(row, origin))).join('');
}

function csvCells(flow: FlowRow, origin: number): (string | number | null)[] {
  return [
    flow.id,
    flow.verdict,
    flow.codes.join(' '),
    flow.transport,
    flow.protocol,
    flow.confidence,
    flow.announcedBy,
    flow.initiator.address,
    flow.initiator.port,
    flow.responder.address,
    flow.responder.port,
    flow.packets.toResponder,
    flow.packets.toInitiator,
    flow.bytes.toResponder,
    flow.bytes.toInitiator,
    flow.outcome,
    flow.rule,
    flow.firstTime === null ? null : formatTimestamp(flow.firstTime, origin),
    flow.lastTime === null ? null : formatTimestamp(flow.lastTime, origin),
    flow.firstFrame,
    flow.vlans.join(' '),
    flow.tunnel,
    flow.communityId,
  ];
}
