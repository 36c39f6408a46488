/** A flow from end to end: what it is, how it went, its ladder, its media, its rule and its display filter. */

import type { MeasuredStreamRow } from '../../analysis/measured-media.ts';
import type { FlowDetail, FlowRow } from '../../analysis/snapshot.ts';
import { counted, formatBytes, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import { describeConfidence, describeFlow, verdictSpan } from '../flow-text.ts';
import { span } from '../line.ts';
import { formatDate, formatMoment } from '../moment.ts';
import { ruleLines } from './finding-text.ts';
import { labelled, labelledLines } from './labelled.ts';
import { ladderLines } from './ladder.ts';
import { seriesLines } from './series-lines.ts';
import { describeStream } from './stream-text.ts';
import { type Scene, type TextLine, text } from './view.ts';

export function flowPage(detail: FlowDetail, scene: Scene): TextLine[] {
  const { row } = detail;
  const { width, marks } = scene;
  const blank = text('');
  return [
    text([
      span('  '),
      verdictSpan(row.verdict, marks),
      span(`  ${describeFlow(row, marks)}  ${row.transport}`, 'strong'),
    ]),
    blank,
    ...labelledLines('Findings', findingLinks(detail, scene)),
    ...labelled('Known by', describeConfidence(row), width),
    ...labelled('Outcome', describeOutcome(row), width),
    ...labelled('Traffic', describeTraffic(row), width),
    ...labelled('Time', describeTimes(row, scene), width),
    ...wrappingLines(row, width),
    ...mediaLines(row.media?.streams ?? [], scene),
    ...(detail.ladder.length === 0 ? [] : [blank, ...ladderLines(detail, scene)]),
    ...factLines(row, width),
    ...(detail.related.length === 0 ? [] : [blank, ...labelledLines('Related', relatedLinks(detail, scene))]),
    blank,
    ...ruleLines(row.rule, detail, width),
    ...labelled('Filter', detail.displayFilter, width),
    ...(row.communityId === null ? [] : labelled('Community', row.communityId, width)),
  ];
}

function findingLinks(detail: FlowDetail, { marks }: Scene): TextLine[] {
  if (detail.findings.length === 0) return [text([span('none: nothing speaks against this flow', 'dim')])];
  return detail.findings.map(({ id, title, verdict }) => ({
    line: [span(`${marks.verdict[verdict]} `, verdict), span(title)],
    opens: { kind: 'finding', id },
  }));
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
  const sent = `${formatCount(packets.toResponder)} packets (${formatBytes(bytes.toResponder)}) to the responder`;
  const answered = `${formatCount(packets.toInitiator)} (${formatBytes(bytes.toInitiator)}) to the initiator`;
  const copies = duplicates > 0 ? `, ${counted(duplicates, 'copy', 'copies')} of the span among them` : '';
  return `${sent}, ${answered}${copies}`;
}

function describeTimes({ firstTime, lastTime, firstFrame }: FlowRow, scene: Scene): string {
  if (firstTime === null || lastTime === null) return 'never';
  const from = scene.state.timeFormat === 'relative' ? formatMoment(firstTime, scene) : formatDate(firstTime, scene);
  return `${from} to ${formatMoment(lastTime, scene)} (${formatSpan((lastTime - firstTime) / 1e6)}), first in frame ${firstFrame ?? '?'}`;
}

/** What the packets travelled in, where they did. */
function wrappingLines({ vlans, tunnel }: FlowRow, width: number): TextLine[] {
  const vlan = vlans.length === 0 ? [] : labelled('VLAN', vlans.join(' in '), width);
  return tunnel === null ? vlan : [...vlan, ...labelled('Tunnel', tunnel, width)];
}

function mediaLines(streams: readonly MeasuredStreamRow[], scene: Scene): TextLine[] {
  return streams.flatMap((stream, index) => [
    ...labelled(index === 0 ? 'Media' : '', describeStream(stream), scene.width),
    ...seriesLines(stream, scene),
  ]);
}

function factLines({ facts }: FlowRow, width: number): TextLine[] {
  const entries = Object.entries(facts);
  if (entries.length === 0) return [];
  return [
    text(''),
    ...entries.flatMap(([name, value], index) => labelled(index === 0 ? 'Facts' : '', `${name}: ${value}`, width)),
  ];
}
