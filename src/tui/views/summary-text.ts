/** The capture in plain sentences: what was read, what works, what does not, and what limits these words. */

import type { Snapshot } from '../../analysis/snapshot.ts';
import { counted, formatBytes, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import { VERDICTS, type Verdict } from '../../verdict/finding.ts';
import { captureName } from '../data.ts';
import { hanging, span } from '../line.ts';
import { formatDate } from '../moment.ts';
import { filteredFindings } from './finding-filter.ts';
import { VERDICT_WORDS } from './finding-words.ts';
import { labelled, labelledLines, MARGIN, WIDEST_TEXT } from './labelled.ts';
import { type Scene, type TextLine, text } from './view.ts';

const MOST_PROTOCOLS = 6;

export function summaryLines(scene: Scene): TextLine[] {
  const { snapshot } = scene.data;
  const { width } = scene;
  return [
    ...labelled('Read', describeRead(snapshot, scene), width),
    ...labelledLines('Flows', verdictCountLines(scene)),
    ...labelled('Protocols', describeProtocols(snapshot), width),
    ...limitLines(snapshot, width),
  ];
}

/** What limits the verdicts, a sentence each. */
export function limitLines({ quality }: Snapshot, width: number): TextLine[] {
  return quality.flatMap(({ text: words }, index) => labelled(index === 0 ? 'Limits' : '', words, width));
}

function describeRead(snapshot: Snapshot, scene: Scene): string {
  const { frames, bytes, firstTime, lastTime } = snapshot.totals;
  const files = snapshot.captures.map(({ file }) => captureName(file)).join(', ');
  const amount = `${counted(frames, 'frame')}, ${formatBytes(bytes)}`;
  const state = {
    reading: ' so far',
    done: '',
    cancelled: ', stopped before the end',
    failed: ', then reading failed',
  };
  if (firstTime === null || lastTime === null) return `${files}: ${amount}${state[snapshot.phase]}.`;
  const lasted = `${formatSpan((lastTime - firstTime) / 1e6)} from ${formatDate(firstTime, scene)}`;
  return `${files}: ${amount}, ${lasted}${state[snapshot.phase]}.`;
}

export function verdictCountLines({ data, width, marks }: Scene): TextLine[] {
  const { byVerdict, flows } = data.snapshot.totals;
  if (flows === 0) return [text('No flows.')];
  return VERDICTS.filter((verdict) => byVerdict[verdict] > 0).flatMap((verdict) => {
    const count = span(`${marks.verdict[verdict]} ${describeCount(byVerdict[verdict], verdict)}: `, verdict);
    return hanging([count], VERDICT_WORDS[verdict], width - MARGIN, 'dim').map(text);
  });
}

function describeCount(count: number, verdict: Verdict): string {
  return `${counted(count, 'flow')} ${verdict}`;
}

function describeProtocols(snapshot: Snapshot): string {
  const { byProtocol } = snapshot.totals;
  const named = byProtocol.slice(0, MOST_PROTOCOLS).map(({ protocol, flows }) => `${protocol} ${formatCount(flows)}`);
  const others = byProtocol.length - named.length;
  if (named.length === 0) return 'None.';
  return `${named.join(', ')}${others > 0 ? ` and ${counted(others, 'other')}` : ''} (flows of each).`;
}

/** The titles of the findings that the filter leaves; each opens its finding. */
export function findingSentences(scene: Scene): TextLine[] {
  const { width, marks } = scene;
  return filteredFindings(scene).flatMap(({ id, title, verdict }) => {
    const first = [span('  '), span(`${marks.verdict[verdict]} `, verdict)];
    const lines = hanging(first, title, Math.min(width, WIDEST_TEXT));
    return lines.map((part, index) => (index === 0 ? { line: part, opens: { kind: 'finding', id } } : text(part)));
  });
}
