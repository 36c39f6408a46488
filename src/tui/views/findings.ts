/** The first view: what is wrong in plain words, gravest first, and below the list why the chosen one is said. */

import type { FlowRow } from '../../analysis/snapshot.ts';
import { counted, formatPercent } from '../../format/count.ts';
import { type Finding, isProblem } from '../../verdict/finding.ts';
import { findingSpan, initiatorText, responderText, verdictSpan } from '../flow-text.ts';
import { type Line, line, lineWidth, span, spread } from '../line.ts';
import { formatSecond } from '../moment.ts';
import type { Position, Shape } from '../scroll.ts';
import { fitText, textWidth, wrapText } from '../text-width.ts';
import { filteredFindings } from './finding-filter.ts';
import { findingAsText, findingReasons, flowsNamed } from './finding-text.ts';
import { nothingWords } from './finding-words.ts';
import { labelled } from './labelled.ts';
import { codecName, streamRate } from './stream-text.ts';
import { summaryLines } from './summary-text.ts';
import { BLANK, type Row, row, ruleRow, type Scene, type TextLine, text, type View } from './view.ts';

const GUTTER = 2;
const VERDICT_WIDTH = 16;
const PROTOCOL_WIDTH = 10;
/** Cells for the facts beside a title: `40 viewers · 12:00:00`. */
const FACTS_WIDTH = 26;
/** In `RTSP from 40 hosts (10.1.2.3, 10.1.2.4, …) to`. */
const SOME_HOSTS = /(?<= from [\d,]+ hosts) \([^)]*\)/;
/** Part of the screen that the list may take. */
const LIST_SHARE = 0.55;
/** Rows end at a word, so that a text takes a little more of them than its length says. */
const WRAPPING_LOSS = 1.08;

export const findingsView: View = {
  shape(scene) {
    return listShape(scene, filteredFindings(scene));
  },
  draw(scene, position) {
    const findings = filteredFindings(scene);
    return findings.length === 0 ? emptyRows(scene) : drawList(scene, findings, position);
  },
  open(scene, cursor) {
    const finding = filteredFindings(scene)[cursor];
    if (finding !== undefined) return { kind: 'finding', id: finding.id };
    // The flows that stand there in place of findings.
    const { findings, phase } = scene.data.snapshot;
    return findings.length === 0 && phase !== 'reading' ? { kind: 'flows', where: '' } : null;
  },
  copy(scene, cursor) {
    const finding = filteredFindings(scene)[cursor];
    return finding === undefined ? null : { kind: 'text', what: 'the finding', text: findingAsText(finding) };
  },
  identify: (scene, cursor) => filteredFindings(scene)[cursor]?.id ?? null,
  wants(scene, cursor) {
    const finding = filteredFindings(scene)[cursor];
    return finding === undefined ? [] : flowsNamed(finding);
  },
  locate(scene, id) {
    const place = filteredFindings(scene).findIndex((finding) => finding.id === id);
    return place < 0 ? null : place;
  },
  findProblem(scene, cursor, by) {
    const findings = filteredFindings(scene);
    for (let at = cursor + by; at >= 0 && at < findings.length; at += by) {
      if (isProblem(findings[at]?.verdict ?? 'ok')) return at;
    }
    return null;
  },
};

function drawList(scene: Scene, findings: readonly Finding[], { cursor, top }: Position): Row[] {
  const shape = listShape(scene, findings);
  const shown = findings.slice(top, top + Math.floor(shape.room / shape.itemRows));
  const rows = shown.flatMap((finding, index) => {
    const isSelected = top + index === cursor;
    return itemLines(finding, scene, isSelected, shape.itemRows).map((part) => row(part, isSelected));
  });
  const chosen = findings[cursor];
  const left = scene.height - rows.length - 2;
  if (chosen === undefined || left < 3) return rows;
  const reasons = findingReasons(chosen, scene, left).slice(0, left);
  return [...rows, BLANK, ruleRow(scene), ...reasons.map((part) => row(part.line))];
}

/** The list has what it needs up to about half of the screen; the rest explains the chosen finding. */
function listShape(scene: Scene, findings: readonly Finding[]): Extract<Shape, { kind: 'list' }> {
  const most = Math.ceil(scene.height * LIST_SHARE);
  const itemRows = rowsOfItem(scene, findings, most);
  const room = Math.min(findings.length * itemRows, Math.max(itemRows, most));
  return { kind: 'list', count: findings.length, itemRows, room: room - (room % itemRows), titleRows: 0 };
}

/** As many as the longest title needs, but no more than two where that would hide findings; all items are alike. */
function rowsOfItem({ width }: Scene, findings: readonly Finding[], most: number): number {
  const rowOf = width - GUTTER - VERDICT_WIDTH - 1;
  const longest = findings.reduce((most, { title }) => Math.max(most, textWidth(title)), 0);
  if (longest + FACTS_WIDTH <= rowOf) return 1;
  const needed = Math.ceil((longest * WRAPPING_LOSS) / rowOf);
  return Math.max(2, Math.min(3, needed, Math.floor(most / Math.max(1, findings.length))));
}

/** The sentence over the rows of the item; what the cut leaves out is told by the page. */
function itemLines(finding: Finding, scene: Scene, isSelected: boolean, itemRows: number): Line[] {
  const { width, marks } = scene;
  const mark = scene.state.marked.includes(finding.id) ? '*' : ' ';
  const gutter = span(`${isSelected ? marks.cursor : ' '}${mark}`, 'key');
  const verdict = findingSpan(finding, marks);
  const indent = GUTTER + VERDICT_WIDTH;
  const role = scene.data.ages.get(finding.id) === 'quiet' ? 'dim' : isSelected ? 'strong' : 'plain';
  const wrapped = titleRows(finding.title, width - indent - 1, itemRows);
  const shown = [...wrapped.slice(0, itemRows - 1), wrapped.slice(itemRows - 1).join(' ')];
  const lines = Array.from({ length: itemRows }, (_, index): Line => {
    const margin =
      index === 0 ? [gutter, span(fitText(verdict.text, VERDICT_WIDTH), verdict.role)] : line(' '.repeat(indent));
    return [...margin, span(shown[index] ?? '', role)];
  });
  return withFacts(lines, factsOf(finding, scene), width, shown.filter(Boolean).length);
}

/** A title that names hosts for examples does without them where it would be cut: how it ends is the point. */
function titleRows(title: string, width: number, most: number): string[] {
  const whole = wrapText(span(title).text, width);
  return whole.length <= most ? whole : wrapText(span(title.replace(SOME_HOSTS, '')).text, width);
}

/** The facts stand at the right end of the row where the sentence ends, or of the next one; all of them, or what fits. */
function withFacts(lines: readonly Line[], facts: readonly string[], width: number, used: number): Line[] {
  for (const words of facts) {
    const needed = textWidth(words) + 2;
    const place = lines.findIndex((part, index) => index >= used - 1 && lineWidth(part) + needed <= width);
    if (place < 0) continue;
    return lines.map((part, index) =>
      index === place ? [...spread(part, [span(words, 'dim')], width - 1), span(' ')] : part,
    );
  }
  return [...lines];
}

/** Whether it is new, how many it hurts and since when: what makes one more urgent than another; for less room, only when. */
function factsOf(finding: Finding, scene: Scene): string[] {
  const since = finding.evidence[0]?.time;
  const start = since === undefined ? '' : formatSecond(since, scene);
  const viewers = finding.viewers > 0 ? counted(finding.viewers, 'viewer') : '';
  const age = scene.data.ages.get(finding.id) ?? '';
  const all = [age, viewers, start].filter(Boolean).join(` ${scene.marks.dot} `);
  return [all, start].filter(Boolean);
}

/** Nothing found is good news only when the whole capture has been read and no filter hides anything. */
function emptyRows(scene: Scene): Row[] {
  const { snapshot } = scene.data;
  if (snapshot.findings.length > 0) {
    return [BLANK, row(line('  No finding matches the filter. Esc clears it.', 'dim'))];
  }
  if (snapshot.phase === 'reading') return [BLANK, row(line('  Nothing stands out so far.', 'dim'))];
  const lines = [...summaryLines(scene), ...missingLines(scene), text(''), ...knownFlows(scene)];
  const rows = lines.map((part) => row(part.line));
  return [BLANK, row(line(`  ${nothingWords(snapshot)}`, 'strong')), BLANK, ...rows].slice(0, scene.height);
}

/** What would have to be in the capture to judge the flows that are shown below. */
function missingLines({ data, width }: Scene): TextLine[] {
  const missing = new Set((data.flows?.rows ?? []).flatMap(({ facts }) => facts.missing ?? []));
  return [...missing].flatMap((words, index) => labelled(index === 0 ? 'Missing' : '', words, width));
}

/** What works, or is at least there: the first of the flows, with how well their media came. */
function knownFlows({ data, marks, width }: Scene): TextLine[] {
  const rows = data.flows?.rows ?? [];
  const names = rows.map((flow) => `${initiatorText(flow)} ${marks.to} ${responderText(flow)}`);
  const room = width - GUTTER - VERDICT_WIDTH - PROTOCOL_WIDTH - 1;
  const nameWidth = Math.min(room, Math.max(0, ...names.map((name) => textWidth(name))));
  return rows.map((flow, index) =>
    text([
      span('  '),
      span(fitText(verdictSpan(flow.verdict, marks).text, VERDICT_WIDTH), flow.verdict),
      span(`${fitText(flow.protocolLabel, PROTOCOL_WIDTH)} ${fitText(names[index] ?? '', nameWidth)}`),
      span(`  ${qualityOf(flow)}`, 'dim'),
    ]),
  );
}

/** `H264, 134 kbit/s, 0.0% lost`; empty for what carries no media. */
function qualityOf({ media }: FlowRow): string {
  const [stream] = media?.streams ?? [];
  if (stream === undefined) return '';
  const { lost, expected } = stream;
  const loss = lost === null || expected === null ? '' : `${formatPercent(Math.max(0, lost), expected)} lost`;
  return [codecName(stream), streamRate(stream), loss].filter(Boolean).join(', ');
}
