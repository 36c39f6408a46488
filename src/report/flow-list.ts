/** Flows one per line: as a table for people, as JSON lines and CSV for programs. */

import type { FlowRow } from '../analysis/snapshot.ts';
import { formatTimestamp } from '../format/time.ts';
import { csvLine } from './escape-csv.ts';
import { safeJson } from './json-report.ts';
import { flowToJson } from './json-rows.ts';
import type { ReportSource } from './report-source.ts';
import { describeEnds, describePair } from './report-words.ts';

export const FLOW_LIST_FORMATS = ['table', 'jsonl', 'csv'] as const;
export type FlowListFormat = (typeof FLOW_LIST_FORMATS)[number];

export function writeFlowList(source: ReportSource, format: FlowListFormat): AsyncGenerator<string> {
  switch (format) {
    case 'table':
      return writeTable(source);
    case 'jsonl':
      return writeJsonLines(source);
    case 'csv':
      return writeCsv(source);
  }
}

const TABLE_HEAD = ['Flow', 'Verdict', 'Protocol', 'Initiator', 'Responder', 'To / from', 'Outcome', 'Codes'];

/** Columns are as wide as the first window of flows needs, so that a long list can start at once. */
async function* writeTable(source: ReportSource): AsyncGenerator<string> {
  let widths: readonly number[] | null = null;
  for await (const rows of source.flows()) {
    const lines = rows.map(tableCells);
    if (widths === null) {
      widths = columnWidths([TABLE_HEAD, ...lines]);
      yield padCells(TABLE_HEAD, widths);
    }
    const padding = widths;
    yield lines.map((cells) => padCells(cells, padding)).join('');
  }
  if (widths === null) yield padCells(TABLE_HEAD, columnWidths([TABLE_HEAD]));
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

function columnWidths(lines: readonly (readonly string[])[]): number[] {
  return TABLE_HEAD.map((_, column) => lines.reduce((width, cells) => Math.max(width, cells[column]?.length ?? 0), 0));
}

function padCells(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return `${padded.join('  ').trimEnd()}\n`;
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
