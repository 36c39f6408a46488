/** What the report was made from, and what limits it. */

import type { CaptureRow, Snapshot } from '../analysis/snapshot.ts';
import { nameOf } from '../capture/byte-input.ts';
import { counted, formatBytes, formatCount } from '../format/count.ts';
import { printable } from '../format/text.ts';
import { formatDay, formatLocalDay, formatSpan } from '../format/time.ts';
import { clip } from './clip.ts';
import type { Block, Fact, Section } from './document.ts';
import type { Extent, ReportData } from './report-data.ts';

export function qualitySection(snapshot: Snapshot, extent: Extent): Section {
  const items = snapshot.quality.map((note) => clip(note.text, extent.text));
  if (snapshot.phase === 'cancelled') items.push('Reading was cancelled: only what was read until then is reported.');
  if (snapshot.failure !== null) items.push(`Reading stopped early: ${clip(snapshot.failure, extent.text)}`);
  for (const { warnings } of snapshot.captures.slice(0, extent.captures)) {
    items.push(...warnings.slice(0, extent.evidence).map(({ text }) => clip(printable(text), extent.text)));
  }
  const unique = [...new Set(items)];
  if (unique.length === 0) unique.push('Nothing in the capture limits these verdicts.');
  return { heading: 'Capture quality', blocks: [{ kind: 'list', items: unique }] };
}

export function captureSection({ snapshot, tool, scope }: ReportData, extent: Extent): Section {
  const captures = snapshot.captures.slice(0, extent.captures);
  const lists = captures.map((capture) => captureFacts(capture, snapshot.originSeconds, extent));
  const madeBy: Fact = { name: 'Made by', value: `${tool.name} ${tool.version}` };
  const about: Fact[] =
    scope === '' ? [] : [{ name: 'Only flows that match', value: clip(printable(scope), extent.text) }];
  const blocks: Block[] = [...lists.slice(0, -1), [...(lists.at(-1) ?? []), ...about, madeBy]].map((facts) => ({
    kind: 'facts',
    facts,
  }));
  const left = snapshot.captures.length - captures.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more capture')} left out here.` });
  return { heading: 'Capture', blocks };
}

function captureFacts(capture: CaptureRow, origin: number, extent: Extent): Fact[] {
  const facts: Fact[] = [
    { name: 'File', value: clip(nameOf(capture.file), extent.text) },
    { name: 'Holds', value: `${counted(capture.frames, 'frame')}, ${formatBytes(capture.bytes)}, ${capture.format}` },
  ];
  if (capture.sha256 !== null) facts.push({ name: 'SHA-256', value: capture.sha256 });
  if (capture.firstTime !== null && capture.lastTime !== null) {
    const span = formatSpan((capture.lastTime - capture.firstTime) / 1e6);
    const local = formatLocalDay(capture.firstTime, origin);
    const begins = `${formatDay(capture.firstTime, origin)}${local.endsWith(' +00:00') ? '' : ` (${local})`}`;
    facts.push({ name: 'Begins', value: `${begins}, lasts ${span}` });
  }
  const filters = [...new Set(capture.interfaces.map(({ filter }) => filter).filter((filter) => filter !== null))];
  if (filters.length > 0)
    facts.push({ name: 'Captured with', value: clip(`the filter ${filters.join('; ')}`, extent.text) });
  if (capture.dropped !== null) facts.push({ name: 'Dropped', value: `${formatCount(capture.dropped)} frames` });
  return facts;
}
