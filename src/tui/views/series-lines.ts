/** A stream over time: its rate, what was lost, and its jitter, one above the other on the same scale of time. */

import type { MeasuredStreamRow } from '../../analysis/measured-media.ts';
import { counted, formatBitRate } from '../../format/count.ts';
import { sparkline } from '../chart.ts';
import { span } from '../line.ts';
import type { Role } from '../theme.ts';
import { labelledLines } from './labelled.ts';
import { formatMilliseconds } from './stream-text.ts';
import { type Scene, type TextLine, text } from './view.ts';

const MOST_CELLS = 104;
/** The margin, the label, and the words at the right. */
const MARGINS = 44;

/** Nothing for a stream that was not measured over time; a line only for what there was. */
export function seriesLines({ series }: Partial<Pick<MeasuredStreamRow, 'series'>>, scene: Scene): TextLine[] {
  if (series == null) return [];
  const { bytes, lost, maxJitterMs, bucketMs } = series;
  const cells = Math.max(8, Math.min(MOST_CELLS, scene.width - MARGINS, bytes.length));
  const line = (label: string, values: readonly number[], role: Role, words: string): TextLine[] => {
    if (!values.some((value) => value > 0)) return [];
    return labelledLines(label, [
      text([span(sparkline(values, cells, scene.marks, true), role), span(`  ${words}`, 'dim')]),
    ]);
  };
  const losses = lost.reduce((sum, count) => sum + count, 0);
  return [
    ...line('Rate', bytes, 'bar', `at most ${formatBitRate(Math.max(...bytes), bucketMs / 1000)}`),
    ...line('Lost', lost, 'blocked', counted(losses, 'packet')),
    ...line('Jitter', maxJitterMs, 'unexpected', `at most ${formatMilliseconds(Math.max(...maxJitterMs))} ms`),
  ];
}
