/** Draws a rate as bars over time, and below it what was lost. */

import { formatBitRate, formatCount } from '../format/count.ts';
import { axisText, clockOf } from './clock.ts';
import type { ChartBlock } from './document.ts';
import { escapeXml } from './escape-xml.ts';

const WIDTH = 760;
const LEFT = 90;
const RATE_HEIGHT = 70;
const LOST_HEIGHT = 24;
const AXIS_HEIGHT = 18;
const GAP = 6;
/** Bars are no narrower than this; neighbours share one then, which shows the highest rate and all losses. */
const NARROWEST_BAR = 2;

interface Bar {
  readonly bitsPerSecond: number;
  readonly lost: number;
}

export function drawChart(block: ChartBlock): string {
  const bars = barsOf(block);
  const width = (WIDTH - LEFT) / bars.length;
  const highestRate = Math.max(1, ...bars.map((bar) => bar.bitsPerSecond));
  const mostLost = Math.max(0, ...bars.map((bar) => bar.lost));
  const lostTop = RATE_HEIGHT + GAP;
  const height = (mostLost > 0 ? lostTop + LOST_HEIGHT : RATE_HEIGHT) + AXIS_HEIGHT;
  const last = block.first + block.bitsPerSecond.length * block.bucketMs * 1e6;
  const clock = clockOf(block.first, last, block.originSeconds);
  const rates = bars.map((bar, i) => drawBar('rate', i, width, 0, RATE_HEIGHT, bar.bitsPerSecond / highestRate));
  const losses =
    mostLost === 0 ? [] : bars.map((bar, i) => drawBar('lost', i, width, lostTop, LOST_HEIGHT, bar.lost / mostLost));
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(block.caption)}">`,
    `<text class="faint" x="0" y="10">${formatBitRate(highestRate / 8, 1)}</text>`,
    `<line class="rule" x1="${LEFT}" y1="${RATE_HEIGHT}" x2="${WIDTH}" y2="${RATE_HEIGHT}"/>`,
    ...rates,
    mostLost > 0 ? `<text class="faint" x="0" y="${lostTop + 10}">lost: ${formatCount(mostLost)}</text>` : '',
    ...losses,
    `<text class="faint" x="${LEFT}" y="${height - 4}">${axisText(block.first, clock, block.originSeconds)}</text>`,
    `<text class="faint" x="${WIDTH}" y="${height - 4}" text-anchor="end">${axisText(last, clock, block.originSeconds)}</text>`,
    '</svg>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function barsOf({ bitsPerSecond, lost }: ChartBlock): Bar[] {
  const shared = Math.ceil((bitsPerSecond.length * NARROWEST_BAR) / (WIDTH - LEFT));
  const bars: Bar[] = [];
  for (let start = 0; start < bitsPerSecond.length; start += shared) {
    const rates = bitsPerSecond.slice(start, start + shared);
    const losses = lost.slice(start, start + shared);
    bars.push({ bitsPerSecond: Math.max(...rates), lost: losses.reduce((sum, each) => sum + each, 0) });
  }
  return bars;
}

function drawBar(kind: string, index: number, width: number, top: number, space: number, share: number): string {
  if (share <= 0) return '';
  const height = Math.max(1, share * space);
  const x = LEFT + index * width;
  return `<rect class="${kind}" x="${x.toFixed(1)}" y="${(top + space - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"/>`;
}
