/** Asks an analysis for what a document shows. */

import type { FlowDetail } from '../analysis/snapshot.ts';
import type { Extent, ReportData } from './build-document.ts';
import type { ReportSource } from './report-source.ts';

export async function gather(source: ReportSource, extent: Extent, isDrawn: boolean): Promise<ReportData> {
  const { tool, snapshot } = source;
  const { rows, matched } = await source.gravestFlows(extent.flows);
  const details = new Map<number, FlowDetail>();
  for (const { flows } of isDrawn ? snapshot.findings.slice(0, extent.findings) : []) {
    const [example] = flows;
    if (example === undefined || details.has(example)) continue;
    const detail = await source.flow(example);
    if (detail !== null) details.set(example, detail);
  }
  return { tool, snapshot, flows: rows, flowsMatched: matched, details };
}
