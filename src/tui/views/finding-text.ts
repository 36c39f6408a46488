/** A finding from claim to proof: what, why, how sure, what to do, the frames, the ladder, the filter. */

import type { FlowDetail } from '../../analysis/snapshot.ts';
import { counted } from '../../format/count.ts';
import { describeRow, describeSource, findRow } from '../../policy/catalogue.ts';
import type { Finding } from '../../verdict/finding.ts';
import { initiatorText, responderText, verdictSpan } from '../flow-text.ts';
import { hanging, type Line, span } from '../line.ts';
import { formatMoment } from '../moment.ts';
import { fitText } from '../text-width.ts';
import { describeCertainty } from './finding-list.ts';
import { ladderLines } from './ladder.ts';
import { type Scene, type TextLine, text } from './view.ts';

/** Wider lines are hard to read. */
const WIDEST_TEXT = 116;
const LABEL_WIDTH = 10;
/** Flows named below a finding; the others are a number. */
const MOST_FLOWS_NAMED = 8;
/** Frames named below the list; the page has them all. */
const MOST_FRAMES_IN_LIST = 4;

/** A label in the left column and wrapped text beside it. */
export function labelled(label: string, content: string, width: number): TextLine[] {
  const first = [span('  '), span(fitText(label, LABEL_WIDTH), 'label')];
  return hanging(first, content, Math.min(width, WIDEST_TEXT)).map(text);
}

/** The same where the content is made of lines already. */
export function labelledLines(label: string, lines: readonly TextLine[]): TextLine[] {
  return lines.map((part, index) => ({
    ...part,
    line: [span('  '), span(fitText(index === 0 ? label : '', LABEL_WIDTH), 'label'), ...part.line],
  }));
}

/** The title with its verdict, wrapped. */
export function findingTitle(finding: Finding, scene: Scene): TextLine[] {
  const first = [span('  '), verdictSpan(finding.verdict, scene.marks), span('  ')];
  return hanging(first, finding.title, Math.min(scene.width, WIDEST_TEXT), 'strong').map(text);
}

/** Why it is said and what to do: what the list shows below itself, as much of it as fits. */
export function findingReasons(finding: Finding, scene: Scene): TextLine[] {
  const { width } = scene;
  return [
    ...labelled('Why', finding.explanation, width),
    ...labelled('Next', finding.nextStep, width),
    ...labelledLines('Proof', firstEvidence(finding, scene)),
    ...labelled('Sure', describeCertainty(finding), width),
  ];
}

function firstEvidence(finding: Finding, scene: Scene): TextLine[] {
  const lines = evidenceLines(finding, scene);
  const others = lines.length - MOST_FRAMES_IN_LIST;
  if (others <= 1) return lines;
  return [...lines.slice(0, MOST_FRAMES_IN_LIST), text([span(`and ${others} more frames`, 'dim')])];
}

/** The whole page. */
export function findingPage(finding: Finding, scene: Scene): TextLine[] {
  const { width, data } = scene;
  const example = finding.flows[0] ?? finding.related[0];
  const detail = example === undefined ? null : (data.details.get(example) ?? null);
  const blank = text('');
  return [
    ...findingTitle(finding, scene),
    blank,
    ...labelled('Why', finding.explanation, width),
    ...labelled('Sure', describeCertainty(finding), width),
    ...labelled('Next', finding.nextStep, width),
    blank,
    ...labelledLines('Proof', evidenceLines(finding, scene)),
    blank,
    ...labelledLines('Flows', flowLinks(finding, scene)),
    ...ladderSection(detail, scene),
    blank,
    ...ruleLines(finding.rule, detail, width),
    ...labelled('Filter', finding.displayFilter, width),
    ...labelled('Code', `${finding.code} (${finding.id})`, width),
  ];
}

function ladderSection(detail: FlowDetail | null, scene: Scene): TextLine[] {
  return detail === null || detail.ladder.length === 0 ? [] : [text(''), ...ladderLines(detail, scene)];
}

/** The catalogue row that a finding or flow falls under, with its source. */
export function ruleLines(rule: string | null, detail: FlowDetail | null, width: number): TextLine[] {
  if (rule === null) return [];
  const row = findRow(rule);
  const words = row === null ? detail?.ruleText : `${describeRow(row)}. ${describeSource(row)}`;
  return labelled('Rule', words == null ? rule : `${rule}: ${words}`, width);
}

function evidenceLines(finding: Finding, scene: Scene): TextLine[] {
  const { data } = scene;
  const frameWidth = Math.max(...finding.evidence.map(({ frame }) => String(frame).length), 1);
  const isSeveral = data.snapshot.captures.length > 1;
  return finding.evidence.map(({ capture, frame, time, fact }) => {
    const file = isSeveral ? `${baseName(data.snapshot.captures[capture]?.file ?? '')} ` : '';
    return text([
      span(`${file}frame ${String(frame).padStart(frameWidth)}  `, 'key'),
      span(`${formatMoment(time, scene)}  `, 'dim'),
      span(fact),
    ]);
  });
}

function flowLinks(finding: Finding, scene: Scene): TextLine[] {
  const named = finding.flows.slice(0, MOST_FLOWS_NAMED).map((id) => flowLink(id, scene));
  const related = finding.related.slice(0, MOST_FLOWS_NAMED).map((id) => flowLink(id, scene, ' (explains it)'));
  const others = finding.flows.length - named.length;
  const rest = others > 0 ? [text([span(`and ${counted(others, 'more flow', 'more flows')}`, 'dim')])] : [];
  return [...named, ...rest, ...related];
}

/** A line that opens a flow; its endpoints are there once its detail has come. */
function flowLink(id: number, { data, marks }: Scene, suffix = ''): TextLine {
  const row = data.details.get(id)?.row;
  const name: Line = row
    ? [
        verdictSpan(row.verdict, marks),
        span(`  ${row.protocolLabel}  ${initiatorText(row)} ${marks.to} ${responderText(row)}`),
      ]
    : [span(`flow ${id}`)];
  return { line: [...name, span(suffix, 'dim')], opens: { kind: 'flow', id } };
}

/** Flows whose details a finding's page wants. */
export function flowsNamed(finding: Finding): number[] {
  return [...finding.flows.slice(0, MOST_FLOWS_NAMED), ...finding.related.slice(0, MOST_FLOWS_NAMED)];
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A finding as text for a ticket: the claim, the reasons and the frames. */
export function findingAsText(finding: Finding): string {
  const frames = finding.evidence.map(({ frame, fact }) => `  frame ${frame}: ${fact}`);
  return [
    finding.title,
    '',
    finding.explanation,
    ...frames,
    `Next step: ${finding.nextStep}`,
    `Display filter: ${finding.displayFilter}`,
  ].join('\n');
}
