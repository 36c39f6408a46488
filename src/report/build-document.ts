/** Puts a report together: the verdict first, then what was found, how it is known, and what is asked for. */

import type { FlowRow } from '../analysis/snapshot.ts';
import { counted } from '../format/count.ts';
import type { Block, ReportDocument, Section } from './document.ts';
import { captureSection, qualitySection } from './document-captures.ts';
import { chartBlocks, timeLineBlock } from './document-figures.ts';
import { changeSection, evidenceSection, findingsSection, notSeenSection } from './document-findings.ts';
import { policySection } from './document-policy.ts';
import { checkSection, requestSection } from './document-request.ts';
import type { Extent, ReportData } from './report-data.ts';
import { describeEnds, describeOutcome, describePair } from './report-words.ts';
import { gravestVerdict, summarize, summarizeChange } from './summary.ts';

export function buildDocument(data: ReportData, extent: Extent): ReportDocument {
  const findings = data.snapshot.findings.slice(0, extent.findings);
  const sections = [
    findingsSection(data, findings, extent),
    changeSection(data, extent),
    policySection(data, extent),
    flowsSection(data, extent),
    evidenceSection(data, findings, extent),
    notSeenSection(findings, data.flows.slice(0, extent.flows)),
    qualitySection(data.snapshot, extent),
    requestSection(data, findings, extent),
    checkSection(data, findings, extent),
    captureSection(data, extent),
  ];
  return {
    title: 'Media streams in a packet capture',
    verdict: data.change === null ? summarize(data.snapshot, data.scope) : summarizeChange(data.snapshot, data.change),
    gravest: data.change === null ? gravestVerdict(data.snapshot) : (findings[0]?.verdict ?? 'ok'),
    sections: sections.filter((section) => section.blocks.length > 0),
  };
}

function flowsSection(data: ReportData, extent: Extent): Section {
  const flows = data.flows.slice(0, extent.flows);
  if (flows.length === 0) return { heading: 'Flows', blocks: [] };
  const blocks: Block[] = [
    {
      kind: 'table',
      columns: ['Flow', 'Verdict', 'Protocol', 'Initiator', 'Responder', 'Packets to / from responder', 'Outcome'],
      rows: flows.map(flowCells),
    },
  ];
  const left = data.flowsMatched - flows.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more flow')} left out here.` });
  const timeLine = timeLineBlock(data.snapshot, flows);
  if (timeLine !== null) blocks.push(timeLine);
  blocks.push(...chartBlocks(data.snapshot, flows));
  return { heading: 'Flows', blocks };
}

function flowCells(flow: FlowRow): string[] {
  const { initiator, responder } = describeEnds(flow);
  const protocol = flow.confidence === 'port' ? `${flow.protocolLabel} (by port)` : flow.protocolLabel;
  return [
    `${flow.id}`,
    flow.verdict,
    flow.protocol === null ? flow.transport : protocol,
    initiator,
    responder,
    describePair(flow.packets),
    describeOutcome(flow),
  ];
}
