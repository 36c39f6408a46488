/** A finding from claim to proof: what, why, how sure, what to do, the frames, the ladder, the filter. */

import type { FlowDetail } from '../../analysis/snapshot.ts';
import { counted } from '../../format/count.ts';
import { describeRow, describeSource, findRow } from '../../policy/catalogue.ts';
import type { Finding } from '../../verdict/finding.ts';
import { captureName } from '../data.ts';
import { describeFlow, verdictSpan } from '../flow-text.ts';
import { hanging, type Line, span } from '../line.ts';
import { formatDate, formatMoment } from '../moment.ts';
import { describeCertainty } from './finding-words.ts';
import { labelled, labelledLines, WIDEST_TEXT } from './labelled.ts';
import { ladderLines } from './ladder.ts';
import { type Scene, type TextLine, text } from './view.ts';

/** Flows named below a finding; the others are a number. */
const MOST_FLOWS_NAMED = 8;
/** Frames named below the list however little room there is; the page has them all. */
const LEAST_FRAMES = 3;
/** Since when, a blank row, and what says that there is more. */
const ROWS_AROUND_PROOF = 3;

/** The title with its verdict, wrapped. */
function findingTitle(finding: Finding, scene: Scene): TextLine[] {
  const first = [span('  '), verdictSpan(finding.verdict, scene.marks), span('  ')];
  return hanging(first, finding.title, Math.min(scene.width, WIDEST_TEXT), 'strong').map(text);
}

/** What the list shows below itself: the page as far as `room` rows go, or the reasons with fewer frames in a small room. */
export function findingReasons(finding: Finding, scene: Scene, room: number): TextLine[] {
  const { width } = scene;
  const page = findingBody(finding, scene);
  if (page.length <= room) return page;
  const why = labelled('Why', finding.explanation, width);
  const next = labelled('Next', finding.nextStep, width);
  const sure = labelled('Sure', describeCertainty(finding, exampleOf(finding, scene)?.row ?? null), width);
  const proof = evidenceLines(finding, scene);
  const others = why.length + next.length + sure.length;
  if (others + proof.length + ROWS_AROUND_PROOF < room) {
    return [...page.slice(0, room - 1), text([span('  ...', 'dim')])];
  }
  const frames = firstLines(proof, Math.max(LEAST_FRAMES, room - others));
  return [...why, ...labelledLines('Proof', frames), ...next, ...sure];
}

function firstLines(lines: readonly TextLine[], room: number): readonly TextLine[] {
  if (lines.length <= room) return lines;
  const shown = lines.slice(0, room - 1);
  return [...shown, text([span(`and ${lines.length - shown.length} more frames`, 'dim')])];
}

/** The whole page. */
export function findingPage(finding: Finding, scene: Scene): TextLine[] {
  return [...findingTitle(finding, scene), text(''), ...findingBody(finding, scene)];
}

function findingBody(finding: Finding, scene: Scene): TextLine[] {
  const { width } = scene;
  const detail = exampleOf(finding, scene);
  const blank = text('');
  const flows = flowLinks(finding, scene);
  return [
    ...labelled('Why', finding.explanation, width),
    ...labelled('Next', finding.nextStep, width),
    ...labelled('Sure', describeCertainty(finding, exampleOf(finding, scene)?.row ?? null), width),
    ...sinceLines(finding, scene),
    blank,
    ...labelledLines('Proof', evidenceLines(finding, scene)),
    ...(flows.length === 0 ? [] : [blank, ...labelledLines('Flows', flows)]),
    ...ladderSection(detail, scene),
    blank,
    ...ruleLines(finding.rule, detail, width),
    ...labelled('Filter', finding.displayFilter, width),
    ...labelled('Code', `${finding.code} (${finding.id})`, width),
  ];
}

/** The first of its flows, once its detail has come. */
function exampleOf({ flows, related }: Finding, { data }: Scene): FlowDetail | null {
  const example = flows[0] ?? related[0];
  return example === undefined ? null : (data.details.get(example) ?? null);
}

/** When it was first seen, and how many it hurts. */
function sinceLines({ evidence: [first], viewers }: Finding, scene: Scene): TextLine[] {
  if (first === undefined) return [];
  const hurt = viewers > 0 ? `, for ${counted(viewers, 'viewer')}` : '';
  return labelled('Since', `${formatDate(first.time, scene)}${hurt}`, scene.width);
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
    const file = isSeveral ? `${captureName(data.snapshot.captures[capture]?.file ?? '')} ` : '';
    return {
      line: [
        span(`${file}frame ${String(frame).padStart(frameWidth)}  `, 'key'),
        span(`${formatMoment(time, scene)}  `, 'dim'),
        span(fact),
      ],
      opens: { kind: 'frame', capture, frame, time, fact },
    };
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
    ? [verdictSpan(row.verdict, marks), span(`  ${describeFlow(row, marks)}`)]
    : [span(`flow ${id}`)];
  return { line: [...name, span(suffix, 'dim')], opens: { kind: 'flow', id } };
}

/** Flows whose details a finding's page wants. */
export function flowsNamed(finding: Finding): number[] {
  return [...finding.flows.slice(0, MOST_FLOWS_NAMED), ...finding.related.slice(0, MOST_FLOWS_NAMED)];
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
