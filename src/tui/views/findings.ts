/** The first view: what is wrong in plain words, gravest first, and below the list why the chosen one is said. */

import { counted } from '../../format/count.ts';
import type { Finding } from '../../verdict/finding.ts';
import { initiatorText, isProblem, responderText, verdictSpan } from '../flow-text.ts';
import { type Line, line, lineWidth, type Span, span, spread } from '../line.ts';
import { formatSecond } from '../moment.ts';
import type { Position, Shape } from '../scroll.ts';
import { fitText, textWidth, wrapText } from '../text-width.ts';
import { filteredFindings } from './finding-filter.ts';
import { findingAsText, findingReasons } from './finding-text.ts';
import { summaryLines } from './summary-text.ts';
import { BLANK, type Row, row, type Scene, type TextLine, text, type View } from './view.ts';

const GUTTER = 2;
const VERDICT_WIDTH = 16;
const PROTOCOL_WIDTH = 10;
/** Cells for the facts beside a title: `40 viewers · 12:00:00`. */
const FACTS_WIDTH = 26;
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
    return finding === undefined ? null : { kind: 'finding', id: finding.id };
  },
  copy(scene, cursor) {
    const finding = filteredFindings(scene)[cursor];
    return finding === undefined ? null : { kind: 'text', what: 'the finding', text: findingAsText(finding) };
  },
  identify: (scene, cursor) => filteredFindings(scene)[cursor]?.id ?? null,
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

function ruleRow({ marks, width }: Scene): Row {
  return row(line(`  ${marks.rule.repeat(Math.max(0, width - 4))}`, 'barRest'));
}

/** The sentence over the rows of the item; what the cut leaves out is told by the page. */
function itemLines(finding: Finding, scene: Scene, isSelected: boolean, itemRows: number): Line[] {
  const { width, marks } = scene;
  const mark = scene.state.marked.includes(finding.id) ? '*' : ' ';
  const gutter = span(`${isSelected ? marks.cursor : ' '}${mark}`, 'key');
  const verdict = verdictSpan(finding.verdict, marks);
  const indent = GUTTER + VERDICT_WIDTH;
  const role = isSelected ? 'strong' : 'plain';
  const wrapped = wrapText(span(finding.title).text, width - indent - 1);
  const shown = [...wrapped.slice(0, itemRows - 1), wrapped.slice(itemRows - 1).join(' ')];
  const lines = Array.from({ length: itemRows }, (_, index): Line => {
    const margin =
      index === 0 ? [gutter, span(fitText(verdict.text, VERDICT_WIDTH), verdict.role)] : line(' '.repeat(indent));
    return [...margin, span(shown[index] ?? '', role)];
  });
  return withFacts(lines, factSpan(finding, scene), width, shown.filter(Boolean).length);
}

/** The facts stand at the right end of the row where the sentence ends, or of the next one that has room for them. */
function withFacts(lines: readonly Line[], facts: Span, width: number, used: number): Line[] {
  const needed = textWidth(facts.text) + 2;
  const place = lines.findIndex((part, index) => index >= used - 1 && lineWidth(part) + needed <= width);
  return lines.map((part, index) => (index === place ? [...spread(part, [facts], width - 1), span(' ')] : part));
}

/** Viewers and since when: what makes one finding more urgent than another. */
function factSpan(finding: Finding, scene: Scene): Span {
  const facts: string[] = [];
  if (finding.viewers > 0) facts.push(counted(finding.viewers, 'viewer'));
  const since = finding.evidence[0]?.time;
  if (since !== undefined) facts.push(formatSecond(since, scene));
  return span(facts.join(` ${scene.marks.dot} `), 'dim');
}

/** Nothing found is good news only when the whole capture has been read and no filter hides anything. */
function emptyRows(scene: Scene): Row[] {
  const { snapshot } = scene.data;
  if (snapshot.findings.length > 0) {
    return [BLANK, row(line('  No finding matches the filter. Esc clears it.', 'dim'))];
  }
  if (snapshot.phase === 'reading') return [BLANK, row(line('  Nothing stands out so far.', 'dim'))];
  const lines = [...summaryLines(scene), text(''), ...knownFlows(scene)];
  const rows = lines.map((part) => row(part.line));
  return [BLANK, row(line('  Nothing stands out in what was read.', 'strong')), BLANK, ...rows].slice(0, scene.height);
}

/** What works, or is at least there: the first of the flows. */
function knownFlows({ data, marks }: Scene): TextLine[] {
  return (data.flows?.rows ?? []).map((flow) =>
    text([
      span('  '),
      span(fitText(verdictSpan(flow.verdict, marks).text, VERDICT_WIDTH), flow.verdict),
      span(`${fitText(flow.protocolLabel, PROTOCOL_WIDTH)} ${initiatorText(flow)} ${marks.to} ${responderText(flow)}`),
    ]),
  );
}
