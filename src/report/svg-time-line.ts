/** Draws flows as bars over the time of the capture. */

import { formatSpan } from '../format/time.ts';
import { axisText, clockOf } from './clock.ts';
import type { TimeLineBlock } from './document.ts';
import { escapeXml } from './escape-xml.ts';

const WIDTH = 760;
const LABEL_WIDTH = 380;
const ROW_HEIGHT = 18;
/** The two ends of the axis stand below each other: beside each other there is no place for days and zones. */
const AXIS_HEIGHT = 34;
const AXIS_LINE = 14;
/** Even a single packet can be seen. */
const SHORTEST_BAR = 2;
const MOST_LABEL = 64;
const MOST_BARS = 40;

export function drawTimeLine(block: TimeLineBlock): string {
  const bars = block.bars.slice(0, MOST_BARS);
  const height = bars.length * ROW_HEIGHT + AXIS_HEIGHT;
  const span = Math.max(1, block.last - block.first);
  const x = (time: number) => LABEL_WIDTH + ((time - block.first) / span) * (WIDTH - LABEL_WIDTH);
  const rows = bars.map((bar, row) => {
    const y = row * ROW_HEIGHT;
    const from = Math.min(x(bar.first), WIDTH - SHORTEST_BAR);
    const width = Math.max(SHORTEST_BAR, x(bar.last) - from);
    return [
      `<text x="0" y="${y + 12}">${escapeXml(shorten(`${bar.verdict}: ${bar.label}`))}</text>`,
      `<rect class="${bar.verdict}" x="${from.toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}" height="9">`,
      `<title>${escapeXml(`${bar.label}: ${bar.verdict}, ${formatSpan((bar.last - bar.first) / 1e6)}`)}</title></rect>`,
    ].join('');
  });
  const axis = height - 4 - AXIS_LINE;
  const clock = clockOf(block.first, block.last, block.originSeconds);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Flows over time">`,
    ...rows,
    `<text class="faint" x="${LABEL_WIDTH}" y="${axis}">${axisText(block.first, clock, block.originSeconds)}</text>`,
    `<text class="faint" x="${WIDTH}" y="${axis + AXIS_LINE}" text-anchor="end">${axisText(block.last, clock, block.originSeconds)}</text>`,
    '</svg>',
  ].join('\n');
}

function shorten(label: string): string {
  return label.length <= MOST_LABEL ? label : `${label.slice(0, MOST_LABEL - 1)}…`;
}
