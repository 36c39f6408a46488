/** A flow from end to end: what it is, how it went, its ladder, its media, its rule and its display filter. */

import type { FlowDetail, FlowRow } from '../../analysis/snapshot.ts';
import { counted, formatBytes, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import type { Finding } from '../../verdict/finding.ts';
import { describeConfidence, describeFlow, verdictSpan } from '../flow-text.ts';
import { hanging, span } from '../line.ts';
import { formatDate, formatMoment } from '../moment.ts';
import { ruleLines } from './finding-text.ts';
import { findingsOf, VERDICT_WORDS } from './finding-words.ts';
import { labelled, labelledLines, MARGIN, WIDEST_TEXT, wrappedLink } from './labelled.ts';
import { ladderLines } from './ladder.ts';
import { streamLines } from './stream-lines.ts';
import { beside, LEAST_COLUMNS_OF_TWO, type Scene, type TextLine, text } from './view.ts';

export function flowPage(detail: FlowDetail, scene: Scene): TextLine[] {
  const { row } = detail;
  const { marks } = scene;
  const title = `  ${describeFlow(row, marks)}  ${row.transport}`;
  const ladder = detail.ladder.length === 0 ? [] : [text(''), ...ladderLines(detail, scene)];
  const heading = text([span('  '), verdictSpan(row.verdict, marks), span(title, 'strong')]);
  return [heading, text(''), ...rowLines(row, detail.findings, scene), ...ladder, ...furtherLines(detail, scene)];
}

/** What stands below the list: at once what the row knows, and the ladder when its detail has come. */
export function flowPreview(row: FlowRow, scene: Scene): TextLine[] {
  const detail = scene.data.details.get(row.id) ?? null;
  const left = scene.width < LEAST_COLUMNS_OF_TWO ? scene.width : scene.width >> 1;
  const near = { ...scene, width: left };
  const lines = rowLines(row, findingsOf(row.id, scene), near);
  const more = detail === null ? [] : furtherLines(detail, near);
  if (detail === null || detail.ladder.length === 0) return [...lines, ...more];
  if (left === scene.width) return [...lines, text(''), ...ladderLines(detail, scene), ...more];
  return beside([...lines, ...more], ladderLines(detail, { ...scene, width: scene.width - left - 2 }), left);
}

function rowLines(row: FlowRow, findings: readonly Finding[], scene: Scene): TextLine[] {
  const { width } = scene;
  return [
    ...labelledLines('Findings', findingLinks(row, findings, scene)),
    ...labelled('Known by', describeConfidence(row), width),
    ...labelled('Outcome', describeOutcome(row), width),
    ...labelled('Traffic', describeTraffic(row), width),
    ...labelled('Time', describeTimes(row, scene), width),
    ...wrappingLines(row, width),
    ...(row.media?.streams ?? []).flatMap((stream) => streamLines(stream, scene)),
  ];
}

function furtherLines(detail: FlowDetail, scene: Scene): TextLine[] {
  const { row, related, displayFilter } = detail;
  const { width } = scene;
  return [
    ...factLines(row, width),
    ...(related.length === 0 ? [] : [text(''), ...labelledLines('Related', relatedLinks(detail, scene))]),
    text(''),
    ...ruleLines(row.rule, detail, width),
    ...labelled('Filter', displayFilter, width),
    ...(row.communityId === null ? [] : labelled('Community', row.communityId, width)),
  ];
}

export function findingLinks(row: FlowRow, findings: readonly Finding[], { marks, width }: Scene): TextLine[] {
  const room = Math.min(width, WIDEST_TEXT);
  if (findings.length === 0) return hanging([], `none: ${describeNone(row)}`, room - MARGIN).map(text);
  return findings.flatMap(({ id, title, verdict }) =>
    wrappedLink([span(`${marks.verdict[verdict]} `, verdict)], title, room, { kind: 'finding', id }),
  );
}

/** Where no finding speaks of a flow: that all is well, or what would tell. */
function describeNone({ verdict, facts }: FlowRow): string {
  if (verdict !== 'undetermined') return 'nothing speaks against this flow';
  return `${VERDICT_WORDS[verdict]}${facts.missing === undefined ? '' : `; missing: ${facts.missing}`}`;
}

function relatedLinks(detail: FlowDetail, { marks }: Scene): TextLine[] {
  return detail.related.map((row) => ({
    line: [verdictSpan(row.verdict, marks), span(`  ${describeFlow(row, marks)}`)],
    opens: { kind: 'flow', id: row.id },
  }));
}

const OUTCOMES: Readonly<Record<FlowRow['outcome'], string>> = {
  unanswered: 'the SYN was never answered',
  refused: 'the SYN was answered by a reset',
  'half-open': 'the handshake was never completed',
  established: 'connected, still open at the end of the capture',
  closed: 'connected and closed in order',
  reset: 'connected, then reset',
  midstream: 'under way before the capture began',
  none: 'not a connection',
};

function describeOutcome(row: FlowRow): string {
  if (row.firstTime === null) return 'announced, but no packet of it was seen';
  return OUTCOMES[row.outcome];
}

function describeTraffic({ packets, bytes, duplicates }: FlowRow): string {
  const sent = `${counted(packets.toResponder, 'packet')} (${formatBytes(bytes.toResponder)}) to the responder`;
  const answered = `${formatCount(packets.toInitiator)} (${formatBytes(bytes.toInitiator)}) to the initiator`;
  const copies = duplicates > 0 ? `, ${counted(duplicates, 'copy', 'copies')} of the span among them` : '';
  return `${sent}, ${answered}${copies}`;
}

function describeTimes({ firstTime, lastTime, firstFrame }: FlowRow, scene: Scene): string {
  if (firstTime === null || lastTime === null) return 'never';
  const from = scene.state.timeFormat === 'relative' ? formatMoment(firstTime, scene) : formatDate(firstTime, scene);
  const lasted =
    lastTime > firstTime ? ` to ${formatMoment(lastTime, scene)} (${formatSpan((lastTime - firstTime) / 1e6)})` : '';
  return `${from}${lasted}, first in frame ${firstFrame ?? '?'}`;
}

/** What the packets travelled in, where they did. */
function wrappingLines({ vlans, tunnel }: FlowRow, width: number): TextLine[] {
  const vlan = vlans.length === 0 ? [] : labelled('VLAN', vlans.join(' in '), width);
  return tunnel === null ? vlan : [...vlan, ...labelled('Tunnel', tunnel, width)];
}

/** Without what stands beside the findings. */
function factLines({ facts }: FlowRow, width: number): TextLine[] {
  const entries = Object.entries(facts).filter(([name]) => name !== 'missing');
  if (entries.length === 0) return [];
  return [
    text(''),
    ...entries.flatMap(([name, value], index) =>
      labelled(index === 0 ? 'Facts' : '', `${inWords(name)}: ${value}`, width),
    ),
  ];
}

/** `payloadType`, as the contract for programs has it, for people. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
