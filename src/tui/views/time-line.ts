/** The traffic over time as a chart with its scales. */

import { formatBitRate } from '../../format/count.ts';
import { chartRows, resample } from '../chart.ts';
import { span, spread } from '../line.ts';
import { formatSecond } from '../moment.ts';
import { labelledLines } from './labelled.ts';
import { type Scene, type TextLine, text } from './view.ts';

const ROWS = 4;
const MOST_CELLS = 104;
/** The margin, the label, and the scale at the right. */
const MARGINS = 30;

export function timeLine(scene: Scene): TextLine[] {
  const { bytes, bucketMs, firstTime } = scene.data.snapshot.activity;
  if (bytes.length === 0) return [];
  const cells = Math.max(8, Math.min(MOST_CELLS, scene.width - MARGINS));
  const most = Math.max(...resample(bytes, cells));
  const rows = chartRows(bytes, cells, ROWS, scene.marks).map((row, index) =>
    text([span(row, 'bar'), span(index === 0 ? `  ${formatBitRate(most, bucketMs / 1000)}` : '', 'dim')]),
  );
  const ends = [firstTime, firstTime + bytes.length * bucketMs * 1e6].map((time) => formatSecond(time, scene));
  const axis = spread([span(ends[0] ?? '', 'dim')], [span(ends[1] ?? '', 'dim')], cells);
  return labelledLines('Traffic', [...rows, text(axis)]);
}
