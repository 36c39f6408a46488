/** The traffic over time as a chart with its scales. */

import { formatBitRate } from '../../format/count.ts';
import { chartRows, resample } from '../chart.ts';
import { span, spread } from '../line.ts';
import { formatMoment, formatSecond } from '../moment.ts';
import { labelledLines } from './labelled.ts';
import { type Scene, type TextLine, text } from './view.ts';

/** Rows of the chart on a short screen and on a tall one. */
const [FEW_ROWS, MANY_ROWS] = [4, 8];
const TALL = 30;
const MOST_CELLS = 160;
/** The margin, the label, and the scale at the right. */
const MARGINS = 30;
/** Seconds alone do not tell the ends of less apart. */
const SHORT_NS = 10e9;

export function timeLine(scene: Scene): TextLine[] {
  const { bytes, bucketMs, firstTime } = scene.data.snapshot.activity;
  if (bytes.length === 0) return [];
  const cells = Math.max(8, Math.min(MOST_CELLS, scene.width - MARGINS));
  const most = Math.max(...resample(bytes, cells));
  const height = scene.height < TALL ? FEW_ROWS : MANY_ROWS;
  const rows = chartRows(bytes, cells, height, scene.marks).map((row, index) =>
    text([span(row, 'bar'), span(index === 0 ? `  ${formatBitRate(most, bucketMs / 1000)}` : '', 'dim')]),
  );
  const [start, end] = axisMoments(firstTime, firstTime + bytes.length * bucketMs * 1e6, scene);
  return labelledLines('Traffic', [...rows, text(spread([span(start, 'dim')], [span(end, 'dim')], cells))]);
}

/** What stands at the two ends of an axis. */
export function axisMoments(from: number, to: number, scene: Scene): [start: string, end: string] {
  const format = to - from < SHORT_NS ? formatMoment : formatSecond;
  return [format(from, scene), format(to, scene)];
}
