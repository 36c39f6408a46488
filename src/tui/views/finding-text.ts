/** A finding from claim to proof: what, why, how sure, what to do, the frames, the ladder, the filter. */

import type { FlowDetail } from '../../analysis/snapshot.ts';
import { counted } from '../../format/count.ts';
import { describeRow, describeSource, findRow } from '../../policy/catalogue.ts';
import type { Finding } from '../../verdict/finding.ts';
import { captureName } from '../data.ts';
import { describeFlow, findingSpan, verdictSpan } from '../flow-text.ts';
import { hanging, type Line, span } from '../line.ts';
import { formatDate, formatMoment } from '../moment.ts';
import { describeCertainty } from './finding-words.ts';
import { labelled, labelledLines, WIDEST_TEXT, wrappedLink } from './labelled.ts';
import { ladderLines } from './ladder.ts';
import { streamLines } from './stream-lines.ts';
import { beside, fitLines, LEAST_COLUMNS_OF_TWO, type Scene, type TextLine, text } from './view.ts';

/** Flows named below a finding; the others are a number. */
const MOST_FLOWS_NAMED = 8;
/** Streams of a flow that are told with a finding. */
const MOST_STREAMS = 2;
/** Frames named below the list however little room there is; the page has them all. */
const LEAST_FRAMES = 3;

/** The title with its verdict, wrapped. */
function findingTitle(finding: Finding, scene: Scene): TextLine[] {
  const first = [span('  '), findingSpan(finding, scene.marks), span('  ')];
  return hanging(first, finding.title, Math.min(scene.width, WIDEST_TEXT), 'strong').map(text);
}

/** What the list shows below itself: the page as far as `room` rows go, or the reasons with fewer frames in a small room. */
export function findingReasons(finding: Finding, scene: Scene, room: number): readonly TextLine[] {
  const page = scene.width < LEAST_COLUMNS_OF_TWO ? findingBody(finding, scene) : findingInTwo(finding, scene);
  if (page.length <= room) return page;
  const why = labelled('Why', finding.explanation, scene.width);
  const rest = [...consequenceLines(finding, scene), ...sinceLines(finding, scene)];
  const proof = evidenceLines(finding, scene);
  if (why.length + rest.length + 1 + proof.length < room) return fitLines(page, room);
  const frames = firstLines(proof, Math.max(LEAST_FRAMES, room - why.length - rest.length));
  return [...why, ...labelledLines('Proof', frames), ...rest];
}

/** The ladder beside what is said, where the screen is wide enough for both. */
function findingInTwo(finding: Finding, scene: Scene): TextLine[] {
  const detail = exampleOf(finding, scene);
  const left = Math.min(WIDEST_TEXT, scene.width >> 1);
  const ladder = detail === null ? [] : ladderLines(detail, { ...scene, width: scene.width - left - 2 });
  return beside(
    [...reasonLines(finding, { ...scene, width: left }), ...sourceLines(finding, { ...scene, width: left })],
    ladder,
    left,
  );
}

function firstLines(lines: readonly TextLine[], room: number): readonly TextLine[] {
  if (lines.length <= room) return lines;
  const frames = lines.slice(room - 1).filter(({ opens }) => opens !== undefined).length;
  return [...lines.slice(0, room - 1), text([span(`and ${counted(frames, 'more frame')}`, 'dim')])];
}

/** The whole page. */
export function findingPage(finding: Finding, scene: Scene): TextLine[] {
  return [...findingTitle(finding, scene), text(''), ...findingBody(finding, scene)];
}

function findingBody(finding: Finding, scene: Scene): TextLine[] {
  const detail = exampleOf(finding, scene);
  const ladder = detail === null || detail.ladder.length === 0 ? [] : [text(''), ...ladderLines(detail, scene)];
  return [...reasonLines(finding, scene), ...ladder, ...sourceLines(finding, scene)];
}

function reasonLines(finding: Finding, scene: Scene): TextLine[] {
  const flows = flowLinks(finding, scene);
  return [
    ...labelled('Why', finding.explanation, scene.width),
    ...consequenceLines(finding, scene),
    ...sinceLines(finding, scene),
    text(''),
    ...labelledLines('Proof', evidenceLines(finding, scene)),
    ...(flows.length === 0 ? [] : [text(''), ...labelledLines('Flows', flows)]),
    ...mediaLines(finding, scene),
  ];
}

/** How the media of its example came over time: where a stream was cut, it shows. */
function mediaLines(finding: Finding, scene: Scene): TextLine[] {
  const streams = exampleOf(finding, scene)?.row.media?.streams.slice(0, MOST_STREAMS) ?? [];
  return streams.length === 0 ? [] : [text(''), ...streams.flatMap((stream) => streamLines(stream, scene))];
}

/** What to do about it, and how sure it is. */
function consequenceLines(finding: Finding, scene: Scene): TextLine[] {
  const sure = describeCertainty(finding, exampleOf(finding, scene)?.row ?? null);
  return [...labelled('Next', finding.nextStep, scene.width), ...labelled('Sure', sure, scene.width)];
}

/** What to look it up by. */
function sourceLines(finding: Finding, scene: Scene): TextLine[] {
  return [
    text(''),
    ...ruleLines(finding.rule, exampleOf(finding, scene), scene.width),
    ...labelled('Filter', finding.displayFilter, scene.width),
    ...labelled('Code', `${finding.code} (${finding.id})`, scene.width),
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

/** The catalogue row that a finding or flow falls under, with its source. */
export function ruleLines(rule: string | null, detail: FlowDetail | null, width: number): TextLine[] {
  if (rule === null) return [];
  const row = findRow(rule);
  const words = row === null ? detail?.ruleText : `${describeRow(row)}. ${describeSource(row)}`;
  return labelled('Rule', words == null ? rule : `${rule}: ${words}`, width);
}

/** A long fact goes on in the next row, below its own beginning. */
function evidenceLines(finding: Finding, scene: Scene): TextLine[] {
  const { data, width } = scene;
  const frameWidth = Math.max(...finding.evidence.map(({ frame }) => String(frame).length), 1);
  const isSeveral = data.snapshot.captures.length > 1;
  return finding.evidence.flatMap(({ capture, frame, time, fact }) => {
    const file = isSeveral ? `${captureName(data.snapshot.captures[capture]?.file ?? '')} ` : '';
    const first = [
      span(`${file}frame ${String(frame).padStart(frameWidth)}  `, 'key'),
      span(`${formatMoment(time, scene)}  `, 'dim'),
    ];
    return wrappedLink(first, fact, width, { kind: 'frame', capture, frame, time, fact });
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
