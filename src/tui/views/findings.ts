/** The first view: what is wrong in plain words, gravest first, and below the list why the chosen one is said. */

import { counted } from '../../format/count.ts';
import type { Finding } from '../../verdict/finding.ts';
import { isProblem, verdictSpan } from '../flow-text.ts';
import { type Line, line, lineWidth, type Span, span, spread } from '../line.ts';
import { formatSecond } from '../moment.ts';
import type { Position, Shape } from '../scroll.ts';
import { textWidth, wrapText } from '../text-width.ts';
import { filteredFindings } from './finding-list.ts';
import { findingAsText, findingReasons } from './finding-text.ts';
import { summaryLines } from './summary-text.ts';
import { BLANK, type Row, row, type Scene, type View } from './view.ts';

const GUTTER = 2;
const VERDICT_WIDTH = 16;
/** Cells for the facts beside a title: `40 viewers · 12:00:00`. */
const FACTS_WIDTH = 26;

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
  const itemRows = fitsOneRow(scene, findings) ? 1 : 2;
  const wanted = findings.length * itemRows;
  const room = Math.min(wanted, Math.max(itemRows, Math.ceil(scene.height * 0.55)));
  return { kind: 'list', count: findings.length, itemRows, room: room - (room % itemRows), titleRows: 0 };
}

/** On a wide screen a finding is one row, its sentence and its facts side by side; else it is two. */
function fitsOneRow({ width }: Scene, findings: readonly Finding[]): boolean {
  const room = width - GUTTER - VERDICT_WIDTH - FACTS_WIDTH;
  return findings.every(({ title }) => textWidth(title) <= room);
}

function ruleRow({ marks, width }: Scene): Row {
  return row(line(`  ${marks.rule.repeat(Math.max(0, width - 4))}`, 'barRest'));
}

/** One row on a wide screen, exactly two on a narrow one: the facts stand at the right end of the last. */
function itemLines(finding: Finding, scene: Scene, isSelected: boolean, itemRows: number): Line[] {
  const gutter = span(isSelected ? `${scene.marks.cursor} ` : ' '.repeat(GUTTER), 'key');
  const verdict = verdictSpan(finding.verdict, scene.marks);
  const pad = span(' '.repeat(Math.max(1, VERDICT_WIDTH - textWidth(verdict.text))));
  const facts = factSpans(finding, scene);
  const first: Line = [gutter, verdict, pad];
  const role = isSelected ? 'strong' : 'plain';
  const clean = span(finding.title).text;
  if (itemRows === 1) return [[...spread([...first, span(clean, role)], facts, scene.width - 1), span(' ')]];

  const [head = '', ...rest] = wrapText(clean, scene.width - GUTTER - VERDICT_WIDTH - 1);
  const second: Line = [span(' '.repeat(lineWidth(first))), span(rest.join(' '), role)];
  return [
    [...first, span(head, role)],
    [...spread(second, facts, scene.width - 1), span(' ')],
  ];
}

/** Viewers and since when: what makes one finding more urgent than another. */
function factSpans(finding: Finding, scene: Scene): Span[] {
  const facts: string[] = [];
  if (finding.viewers > 0) facts.push(counted(finding.viewers, 'viewer'));
  const since = finding.evidence[0]?.time;
  if (since !== undefined) facts.push(formatSecond(since, scene));
  return [span(facts.join(` ${scene.marks.dot} `), 'dim')];
}

/** Nothing found is good news only when the whole capture has been read and no filter hides anything. */
function emptyRows(scene: Scene): Row[] {
  const { snapshot } = scene.data;
  if (snapshot.findings.length > 0) {
    return [BLANK, row(line('  No finding matches the filter. Esc clears it.', 'dim'))];
  }
  if (snapshot.phase === 'reading') return [BLANK, row(line('  Nothing stands out so far.', 'dim'))];
  const rows = summaryLines(scene).map((part) => row(part.line));
  return [BLANK, row(line('  Nothing stands out in what was read.', 'strong')), BLANK, ...rows].slice(0, scene.height);
}
