/** Puts a report together: the verdict first, then what was found, how it is known, and what to do. */

import type { CaptureRow, FlowDetail, FlowRow, Snapshot } from '../analysis/snapshot.ts';
import { counted, formatBytes, formatCount } from '../format/count.ts';
import { printable } from '../format/text.ts';
import { formatDay, formatLocalDay, formatSpan, formatTimeOfDay } from '../format/time.ts';
import { describeRowPorts, describeSource, findRow } from '../policy/catalogue.ts';
import type { Finding, Verdict } from '../verdict/finding.ts';
import type { Block, Fact, FindingBlock, ReportDocument, Section } from './document.ts';
import { ladderBlock, timeLineBlock } from './document-figures.ts';
import type { Tool } from './report-source.ts';
import { CAUSE_WORDS, CERTAINTY_WORDS, describeEnds, describePair, notSeenOf, WHERE_WORDS } from './report-words.ts';
import { gravestVerdict, summarize } from './summary.ts';

/** What a document is made from, gathered before. */
export interface ReportData {
  readonly tool: Tool;
  readonly snapshot: Snapshot;
  /** The gravest, and how many there are. */
  readonly flows: readonly FlowRow[];
  readonly flowsMatched: number;
  /** Details of the findings' best examples, by flow; empty when nothing will be drawn. */
  readonly details: ReadonlyMap<number, FlowDetail>;
}

/** How much of everything is shown; what is left out is counted in the report. */
export interface Extent {
  readonly findings: number;
  readonly flows: number;
  readonly evidence: number;
  readonly captures: number;
  /** Characters of an explanation, a fact or a filter. */
  readonly text: number;
}

export function buildDocument(data: ReportData, extent: Extent): ReportDocument {
  const findings = data.snapshot.findings.slice(0, extent.findings);
  const sections = [
    findingsSection(data, findings, extent),
    flowsSection(data, extent),
    evidenceSection(data.snapshot, findings, extent),
    notSeenSection(findings),
    qualitySection(data.snapshot, extent),
    nextStepSection(findings, extent),
    filterSection(findings, extent),
    captureSection(data, extent),
  ];
  return {
    title: 'Media streams in a packet capture',
    verdict: summarize(data.snapshot),
    gravest: gravestVerdict(data.snapshot),
    sections: sections.filter((section) => section.blocks.length > 0),
  };
}

function findingsSection(data: ReportData, findings: readonly Finding[], extent: Extent): Section {
  const blocks: Block[] = [];
  for (const [index, finding] of findings.entries()) {
    blocks.push(findingBlock(index + 1, finding, extent));
    const detail = data.details.get(finding.flows[0] ?? 0);
    if (detail !== undefined) blocks.push(ladderBlock(detail, data.snapshot.originSeconds));
  }
  const left = data.snapshot.findings.length - findings.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more finding')} left out here.` });
  return { heading: 'Findings', blocks };
}

function findingBlock(number: number, finding: Finding, extent: Extent): FindingBlock {
  const facts: Fact[] = [
    { name: 'Cause', value: CAUSE_WORDS[finding.cause] },
    { name: 'How sure', value: CERTAINTY_WORDS[finding.certainty] },
  ];
  // What is out of place is so everywhere; what fails, fails somewhere.
  if (finding.where !== 'unknown' || isFailure(finding.verdict)) {
    facts.unshift({ name: 'Where', value: WHERE_WORDS[finding.where] });
  }
  const row = finding.rule === null ? null : findRow(finding.rule);
  if (row !== null) facts.push({ name: 'Port table', value: `${describeRowPorts(row)}; ${describeSource(row)}` });
  if (finding.groups.length > 0) facts.push({ name: 'Groups', value: clip(finding.groups.join(', '), extent.text) });
  return {
    kind: 'finding',
    number,
    verdict: finding.verdict,
    mark: isProblem(finding.verdict) ? finding.verdict : 'note',
    title: clip(finding.title, extent.text),
    explanation: clip(finding.explanation, extent.text),
    facts: [...facts, { name: 'Id', value: finding.id }],
  };
}

function isProblem(verdict: Verdict): boolean {
  return verdict !== 'ok' && verdict !== 'background';
}

function isFailure(verdict: Verdict): boolean {
  return verdict === 'blocked' || verdict === 'refused' || verdict === 'undetermined';
}

function flowsSection(data: ReportData, extent: Extent): Section {
  const flows = data.flows.slice(0, extent.flows);
  if (flows.length === 0) return { heading: 'Flows', blocks: [] };
  const blocks: Block[] = [
    {
      kind: 'table',
      columns: ['Flow', 'Verdict', 'Protocol', 'Initiator', 'Responder', 'To / from responder', 'Outcome'],
      rows: flows.map(flowCells),
    },
  ];
  const left = data.flowsMatched - flows.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more flow')} left out here.` });
  const timeLine = data.details.size > 0 ? timeLineBlock(data.snapshot, flows) : null;
  if (timeLine !== null) blocks.push(timeLine);
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
    flow.outcome === 'none' ? flow.transport : flow.outcome,
  ];
}

function evidenceSection(snapshot: Snapshot, findings: readonly Finding[], extent: Extent): Section {
  const isOneCapture = snapshot.captures.length <= 1;
  const rows = findings.flatMap((finding, index) =>
    finding.evidence
      .slice(0, extent.evidence)
      .map((item) => [
        `${index + 1}`,
        isOneCapture ? `${item.frame}` : `${item.frame} of capture ${item.capture + 1}`,
        formatTimeOfDay(item.time, snapshot.originSeconds),
        clip(item.fact, extent.text),
      ]),
  );
  if (rows.length === 0) return { heading: 'Evidence', blocks: [] };
  return {
    heading: 'Evidence',
    blocks: [{ kind: 'table', columns: ['Finding', 'Frame', 'Time (UTC)', 'What it shows'], rows }],
  };
}

function notSeenSection(findings: readonly Finding[]): Section {
  const items = numbered(findings, notSeenOf);
  return { heading: 'What was not seen', blocks: items.length === 0 ? [] : [{ kind: 'list', items }] };
}

function qualitySection(snapshot: Snapshot, extent: Extent): Section {
  const items = snapshot.quality.map((note) => clip(note.text, extent.text));
  if (snapshot.phase === 'cancelled') items.push('Reading was cancelled: only what was read until then is reported.');
  if (snapshot.failure !== null) items.push(`Reading stopped early: ${clip(snapshot.failure, extent.text)}`);
  for (const { warnings } of snapshot.captures.slice(0, extent.captures)) {
    items.push(...warnings.slice(0, extent.evidence).map(({ text }) => clip(printable(text), extent.text)));
  }
  const unique = [...new Set(items)];
  if (unique.length === 0) unique.push('Nothing in the capture limits these verdicts.');
  return { heading: 'Capture quality', blocks: [{ kind: 'list', items: unique }] };
}

function nextStepSection(findings: readonly Finding[], extent: Extent): Section {
  const items = numbered(findings, (finding) => (finding.nextStep === '' ? null : clip(finding.nextStep, extent.text)));
  return { heading: 'Next step', blocks: items.length === 0 ? [] : [{ kind: 'list', items }] };
}

function filterSection(findings: readonly Finding[], extent: Extent): Section {
  const blocks = findings.flatMap(({ displayFilter }, index): Block[] => {
    if (displayFilter === '') return [];
    const label = `Finding ${index + 1}`;
    // A filter that is cut would select something else.
    if (displayFilter.length > extent.text) return [{ kind: 'paragraph', text: `${label}: too long to show here.` }];
    return [{ kind: 'code', label, text: displayFilter }];
  });
  return { heading: 'Wireshark filter', blocks };
}

function captureSection({ snapshot, tool }: ReportData, extent: Extent): Section {
  const captures = snapshot.captures.slice(0, extent.captures);
  const lists = captures.map((capture) => captureFacts(capture, snapshot.originSeconds, extent));
  const madeBy: Fact = { name: 'Made by', value: `${tool.name} ${tool.version}` };
  const blocks: Block[] = [...lists.slice(0, -1), [...(lists.at(-1) ?? []), madeBy]].map((facts) => ({
    kind: 'facts',
    facts,
  }));
  const left = snapshot.captures.length - captures.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more capture')} left out here.` });
  return { heading: 'Capture', blocks };
}

function captureFacts(capture: CaptureRow, origin: number, extent: Extent): Fact[] {
  const facts: Fact[] = [
    { name: 'File', value: clip(printable(capture.file), extent.text) },
    { name: 'Holds', value: `${counted(capture.frames, 'frame')}, ${formatBytes(capture.bytes)}, ${capture.format}` },
  ];
  if (capture.sha256 !== null) facts.push({ name: 'SHA-256', value: capture.sha256 });
  if (capture.firstTime !== null && capture.lastTime !== null) {
    const span = formatSpan((capture.lastTime - capture.firstTime) / 1e6);
    facts.push({
      name: 'Begins',
      value: `${formatDay(capture.firstTime, origin)} (${formatLocalDay(capture.firstTime, origin)}), lasts ${span}`,
    });
  }
  if (capture.dropped !== null) facts.push({ name: 'Dropped', value: `${formatCount(capture.dropped)} frames` });
  return facts;
}

/** One line for each thing said, with the numbers of the findings that say it. */
function numbered(findings: readonly Finding[], textOf: (finding: Finding) => string | null): string[] {
  const numbersByText = new Map<string, number[]>();
  for (const [index, finding] of findings.entries()) {
    const text = textOf(finding);
    if (text === null) continue;
    const numbers = numbersByText.get(text);
    if (numbers === undefined) numbersByText.set(text, [index + 1]);
    else numbers.push(index + 1);
  }
  return [...numbersByText].map(([text, numbers]) => `Finding ${numbers.join(', ')}: ${text}`);
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
