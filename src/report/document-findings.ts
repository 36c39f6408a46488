/** What was found, with where it lies, how sure that is, the frames that show it, and what was not seen. */

import type { FlowRow, RelativeTime } from '../analysis/snapshot.ts';
import { counted } from '../format/count.ts';
import { formatOffset, localOffsetMinutes } from '../format/time.ts';
import { describeRowPorts, describeSource, findRow } from '../policy/catalogue.ts';
import type { RuleSet } from '../policy/permit.ts';
import type { SideNames } from '../policy/side-names.ts';
import { type Finding, isProblem, nameFinding, type Verdict } from '../verdict/finding.ts';
import { CAUSE_WORDS, describeWhere } from '../verdict/finding-words.ts';
import { clip, clipSentences } from './clip.ts';
import { clockOf } from './clock.ts';
import type { Block, Fact, FindingBlock, Section } from './document.ts';
import { ladderBlock } from './document-figures.ts';
import type { Extent, ReportData } from './report-data.ts';
import { describeCertainty, notSeenOf, pickEvidence } from './report-words.ts';

export function findingsSection(data: ReportData, findings: readonly Finding[], extent: Extent): Section {
  const blocks: Block[] = [];
  const drawn = new Set<number>();
  for (const [index, finding] of findings.entries()) {
    const detail = data.details.get(finding.flows[0] ?? 0) ?? null;
    blocks.push(findingBlock(index + 1, finding, detail?.row ?? null, data, extent));
    if (detail === null || drawn.has(detail.row.id)) continue;
    drawn.add(detail.row.id);
    blocks.push(ladderBlock(detail, data.snapshot.originSeconds));
  }
  const others = data.snapshot.findings.slice(findings.length, findings.length + extent.titles);
  const titles = others.map(({ title }, i) => `${findings.length + i + 1}. ${clip(title, extent.text)}`);
  if (titles.length > 0) blocks.push({ kind: 'list', items: titles });
  const left = data.snapshot.findings.length - findings.length - others.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more finding')} left out here.` });
  return { heading: 'Findings', blocks };
}

/** What an earlier report held against this one. */
export function changeSection({ change, snapshot }: ReportData, extent: Extent): Section {
  if (change === null) return { heading: 'Since the baseline', blocks: [] };
  const titles = new Map(snapshot.findings.map(({ id, title }) => [id, title]));
  const gone = change.gone.slice(0, extent.findings);
  const items = [
    ...change.worse
      .slice(0, extent.findings)
      .map(({ id, before }) => `Worse, was ${before}: ${titles.get(id) ?? id} (${id})`),
    ...gone.map(({ id, verdict, title }) => `Gone, was ${verdict}: ${title} (${id})`),
  ].map((item) => clip(item, extent.text));
  const left = change.gone.length - gone.length;
  if (left > 0) items.push(`${counted(left, 'more finding')} gone`);
  if (change.same > 0) items.push(`${counted(change.same, 'finding')} as before, not shown`);
  return { heading: 'Since the baseline', blocks: [{ kind: 'list', items }] };
}

function findingBlock(
  number: number,
  finding: Finding,
  example: FlowRow | null,
  { snapshot, permits, sideOf }: ReportData,
  extent: Extent,
): FindingBlock {
  const facts: Fact[] = isProblem(finding.verdict) ? placeFacts(finding, example, permits, sideOf) : [];
  facts.push({ name: 'How sure', value: describeCertainty(finding, snapshot.captures.length <= 1) });
  if (finding.groups.length > 0) facts.push({ name: 'Groups', value: clip(finding.groups.join(', '), extent.text) });
  return {
    kind: 'finding',
    number,
    verdict: finding.verdict,
    mark: nameFinding(finding.verdict),
    title: clip(finding.title, extent.text),
    explanation: clipSentences(finding.explanation, extent.text),
    facts: [...facts, { name: 'Id', value: finding.id }],
  };
}

function placeFacts(finding: Finding, example: FlowRow | null, permits: RuleSet | null, sideOf: SideNames): Fact[] {
  const facts: Fact[] = [];
  // What is out of place is so everywhere; what fails, fails somewhere.
  if (finding.where !== 'unknown' || isFailure(finding.verdict)) {
    facts.push({ name: 'Where', value: describeWhere(finding, example, sideOf) });
  }
  // What should not be there has nobody who stops it.
  if (finding.cause !== 'unknown' && finding.verdict !== 'unexpected')
    facts.push({ name: 'Cause', value: CAUSE_WORDS[finding.cause] });
  // A permit that is asked for names its row itself.
  const isAskedFor = permits?.permits.some(({ rules }) => rules.includes(finding.rule ?? '')) === true;
  const row = finding.rule === null || isAskedFor ? null : findRow(finding.rule);
  if (row !== null) facts.push({ name: 'Port table', value: `${describeRowPorts(row)}; ${describeSource(row)}` });
  return facts;
}

function isFailure(verdict: Verdict): boolean {
  return verdict === 'blocked' || verdict === 'refused' || verdict === 'undetermined';
}

/** In order of the findings, with the time in UTC and, where that differs, in the zone of this machine. */
export function evidenceSection({ snapshot }: ReportData, findings: readonly Finding[], extent: Extent): Section {
  const { captures, originSeconds } = snapshot;
  const ahead = localOffsetMinutes(snapshot.totals.firstTime ?? 0, originSeconds);
  const moments = findings.flatMap(({ evidence }) => evidence.map(({ time }) => time));
  if (moments.length === 0) return { heading: 'Evidence', blocks: [] };
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const utc = clockOf(first, last, originSeconds);
  const local = clockOf(first, last, originSeconds + ahead * 60);
  const timesOf = (time: RelativeTime): string[] => (ahead === 0 ? [utc(time)] : [utc(time), local(time)]);
  const rows = findings.flatMap((finding, index) =>
    pickEvidence(finding.evidence, extent.evidence).map(({ capture, frame, time, fact }) => [
      `${index + 1}`,
      captures.length <= 1 ? `${frame}` : `${frame} of capture ${capture + 1}`,
      ...timesOf(time),
      clip(fact, extent.text),
    ]),
  );
  const times = ahead === 0 ? ['Time (UTC)'] : ['Time (UTC)', `Local (${formatOffset(ahead)})`];
  return {
    heading: 'Evidence',
    blocks: [{ kind: 'table', columns: ['Finding', 'Frame', ...times, 'What it shows'], rows }],
  };
}

/** For each finding what it rests on, and for each flow that nothing judges what would judge it. */
export function notSeenSection(findings: readonly Finding[], flows: readonly FlowRow[]): Section {
  const missing = told(
    'Flow',
    flows.map(({ id, facts }) => [id, facts.missing ?? null]),
  );
  const items = [...numbered(findings, notSeenOf), ...missing];
  return { heading: 'What was not seen', blocks: items.length === 0 ? [] : [{ kind: 'list', items }] };
}

/** One line for each thing said, with the numbers of the findings that say it. */
export function numbered(findings: readonly Finding[], textOf: (finding: Finding) => string | null): string[] {
  return told(
    'Finding',
    findings.map((finding, index) => [index + 1, textOf(finding)]),
  );
}

function told(noun: string, sayings: readonly (readonly [number: number, text: string | null])[]): string[] {
  const numbersByText = new Map<string, number[]>();
  for (const [number, text] of sayings) {
    if (text === null) continue;
    const numbers = numbersByText.get(text);
    if (numbers === undefined) numbersByText.set(text, [number]);
    else numbers.push(number);
  }
  return [...numbersByText].map(
    ([text, numbers]) => `${noun}${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}: ${text}`,
  );
}
