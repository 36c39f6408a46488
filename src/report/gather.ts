/** Asks an analysis for what a document shows. */

import type { FlowDetail, FlowRow } from '../analysis/snapshot.ts';
import type { RuleSet } from '../policy/permit.ts';
import { permitsOfBlocked } from '../policy/permits-of-blocked.ts';
import { blockedFlow } from './blocked-flow.ts';
import type { Extent, ReportData } from './report-data.ts';
import type { ReportSource } from './report-source.ts';

export async function gather(source: ReportSource, extent: Extent): Promise<ReportData> {
  const { tool, snapshot, scope, change, sideOf } = source;
  const { rows, matched } = await flowsToShow(source, extent);
  const details = new Map<number, FlowDetail>();
  const detailOf = async (id: number): Promise<FlowDetail | null> => {
    const detail = details.get(id) ?? (await source.flow(id));
    if (detail !== null) details.set(id, detail);
    return detail;
  };
  for (const { flows } of snapshot.findings.slice(0, extent.findings)) await detailOf(flows[0] ?? 0);
  const permits = await permitsFor(rows, detailOf);
  return { tool, snapshot, flows: rows, flowsMatched: matched, details, permits, scope, change, sideOf };
}

/** Since a baseline, those of its findings alone: the others are as they were. */
async function flowsToShow(
  { snapshot, change, gravestFlows }: ReportSource,
  extent: Extent,
): ReturnType<ReportSource['gravestFlows']> {
  const gravest = await gravestFlows(extent.flows);
  if (change === null) return gravest;
  const concerned = new Set(snapshot.findings.flatMap(({ flows }) => flows));
  const rows = gravest.rows.filter(({ id }) => concerned.has(id));
  return { rows, matched: rows.length };
}

/** The gravest flows are those that are blocked. */
async function permitsFor(
  rows: readonly FlowRow[],
  detailOf: (id: number) => Promise<FlowDetail | null>,
): Promise<RuleSet | null> {
  const blocked = [];
  for (const row of rows) {
    const flow = row.verdict === 'blocked' ? await blockedFlow(row, detailOf) : null;
    if (flow !== null) blocked.push(flow);
  }
  return blocked.length === 0 ? null : permitsOfBlocked(blocked);
}
