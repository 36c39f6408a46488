/** A stream over time: its rate, what was lost, and its jitter, one above the other on the same scale of time. */

import type { MeasuredStreamRow } from '../../analysis/measured-media.ts';
import { counted, formatBitRate } from '../../format/count.ts';
import { sparkline } from '../chart.ts';
import { span, spread } from '../line.ts';
import type { Role } from '../theme.ts';
import { labelledLines } from './labelled.ts';
import { formatMilliseconds } from './stream-text.ts';
import { axisMoments } from './time-line.ts';
import { type Scene, type TextLine, text } from './view.ts';

const MOST_CELLS = 160;
/** The margin, the label, and the words at the right. */
const MARGINS = 44;

/** Nothing for a stream that was not measured over time; a line only for what there was. */
export function seriesLines({ series }: Partial<Pick<MeasuredStreamRow, 'series'>>, scene: Scene): TextLine[] {
  if (series == null || series.bytes.length === 0) return [];
  const { bytes, lost, maxJitterMs, bucketMs, firstTime } = series;
  const cells = cellsFor(bytes.length, Math.max(8, Math.min(MOST_CELLS, scene.width - MARGINS)));
  const line = (label: string, values: readonly number[], role: Role, words: string): TextLine[] => {
    if (!values.some((value) => value > 0)) return [];
    return labelledLines(label, [
      text([span(sparkline(values, cells, scene.marks, true), role), span(`  ${words}`, 'dim')]),
    ]);
  };
  const losses = lost.reduce((sum, count) => sum + count, 0);
  const [start, end] = axisMoments(firstTime, firstTime + bytes.length * bucketMs * 1e6, scene);
  return [
    ...line('Rate', bytes, 'bar', `at most ${formatBitRate(Math.max(...bytes), bucketMs / 1000)}`),
    ...line('Lost', lost, 'blocked', counted(losses, 'packet')),
    ...line('Jitter', maxJitterMs, 'unexpected', `at most ${formatMilliseconds(Math.max(...maxJitterMs))} ms`),
    ...labelledLines('', [text(spread([span(start, 'dim')], [span(end, 'dim')], cells))]),
  ];
}

/** The same for each bucket, as many as there is room for: a short stream would be a stub else. */
function cellsFor(buckets: number, room: number): number {
  return buckets >= room ? room : buckets * Math.floor(room / buckets);
}
