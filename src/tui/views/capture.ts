/** What was read: files and interfaces, what limits the verdicts, and the traffic over time and by protocol. */

import type { CaptureRow, Snapshot } from '../../analysis/snapshot.ts';
import { counted, formatBytes, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import { sparkline } from '../chart.ts';
import { span } from '../line.ts';
import { formatDate } from '../moment.ts';
import { fitText } from '../text-width.ts';
import { labelled, labelledLines } from './labelled.ts';
import { limitLines, verdictCountLines } from './summary-text.ts';
import { timeLine } from './time-line.ts';
import { type Scene, type TextLine, text, textView } from './view.ts';

const MOST_PROTOCOLS = 20;
const MOST_WARNINGS = 20;
const MOST_COMMENTS = 10;
const MOST_INTERFACES = 16;
const BAR_CELLS = 40;
const SPARK_CELLS = 60;
/** Cells of the names of protocols, and of a row beside them, its bar and its sparkline. */
const [SHORT_NAME, LONG_NAME] = [16, 22];
const FIGURES_WIDTH = 40;
const WIDE = 110;

export const captureView = textView((scene) => {
  const { snapshot } = scene.data;
  const limits = limitLines(snapshot, scene.width);
  const failure = snapshot.failure === null ? [] : labelled('Failed', snapshot.failure, scene.width);
  return [
    ...failure,
    ...snapshot.captures.flatMap((capture) => [...captureLines(capture, scene), text('')]),
    ...(limits.length === 0 ? labelled('Limits', 'Nothing limits the verdicts.', scene.width) : limits),
    text(''),
    ...labelledLines('Flows', verdictCountLines(scene)),
    text(''),
    ...timeLine(scene),
    text(''),
    ...protocolBars(snapshot, scene),
  ];
});

function captureLines(capture: CaptureRow, scene: Scene): TextLine[] {
  const { width } = scene;
  return [
    ...labelled('Capture', capture.file, width),
    ...labelled('Format', `${capture.format}, ${capture.linkTypes.join(', ') || 'no link type'}`, width),
    ...labelled('Frames', `${formatCount(capture.frames)}, ${formatBytes(capture.bytes)} on the wire`, width),
    ...labelled('Time', describeTime(capture, scene), width),
    ...labelled('Dropped', describeDrops(capture), width),
    ...interfaceLines(capture, width),
    ...(capture.sha256 === null ? [] : labelled('SHA-256', capture.sha256, width)),
    ...(capture.truncatedAt === null
      ? []
      : labelled('Damaged', `reading stopped at byte ${formatCount(capture.truncatedAt)}`, width)),
    ...capture.warnings.slice(0, MOST_WARNINGS).flatMap(({ text: words }) => labelled('Warning', words, width)),
    ...capture.comments
      .slice(0, MOST_COMMENTS)
      .flatMap(({ frame, text: words }) =>
        labelled('Comment', frame === 0 ? words : `frame ${frame}: ${words}`, width),
      ),
  ];
}

function describeTime({ firstTime, lastTime }: CaptureRow, scene: Scene): string {
  if (firstTime === null || lastTime === null) return 'no frame with a time';
  return `${formatDate(firstTime, scene)} to ${formatDate(lastTime, scene)} (${formatSpan((lastTime - firstTime) / 1e6)})`;
}

function describeDrops({ dropped }: CaptureRow): string {
  if (dropped === null) return 'the capture does not say';
  return dropped === 0 ? 'none, says the capture' : `${counted(dropped, 'frame')}, says the capture`;
}

function interfaceLines({ interfaces }: CaptureRow, width: number): TextLine[] {
  return interfaces.slice(0, MOST_INTERFACES).flatMap(({ name, linkType, filter, dropped }, index) => {
    const drops = dropped === null ? '' : `, dropped ${formatCount(dropped)}`;
    const filtered = filter === null ? '' : `, captured with the filter ${filter}`;
    return labelled(
      index === 0 ? 'Interface' : '',
      `${name ?? `number ${index}`}: ${linkType}${drops}${filtered}`,
      width,
    );
  });
}

/** Protocols by bytes, the longest bar being the largest; beside them how many flows of each were under way over the time. */
function protocolBars({ totals, underWay }: Snapshot, { width, marks }: Scene): TextLine[] {
  const shown = totals.byProtocol.toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST_PROTOCOLS);
  const most = Math.max(1, ...shown.map(({ bytes }) => bytes));
  const nameWidth = width < WIDE ? SHORT_NAME : LONG_NAME;
  const left = width - nameWidth - FIGURES_WIDTH;
  const room = Math.max(8, Math.min(BAR_CELLS, left >> 1));
  const spark = Math.max(0, Math.min(SPARK_CELLS, left - room));
  const lines = shown.map(({ protocol, flows, bytes }) => {
    const full = Math.max(bytes > 0 ? 1 : 0, Math.round((room * bytes) / most));
    const activity = underWay.find((row) => row.protocol === protocol);
    return text([
      span(`${fitText(span(protocol).text, nameWidth)} `),
      span(marks.barFull.repeat(full), 'bar'),
      span(marks.barRest.repeat(room - full), 'barRest'),
      span(`  ${fitText(formatBytes(bytes), 9, 'right')}  ${fitText(counted(flows, 'flow'), 13)}`, 'dim'),
      span(sparkline(activity?.flows ?? [], spark, marks, true), 'label'),
    ]);
  });
  const legend = text([span('by bytes; at the right the flows under way over the same time', 'dim')]);
  return labelledLines('Protocols', spark > 0 && lines.length > 0 ? [...lines, legend] : lines);
}
