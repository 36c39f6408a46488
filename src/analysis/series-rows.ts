/** Time series for people and reports. */

import type { Series } from '../flow/time-series.ts';
import type { RateSeriesRow, StreamSeriesRow } from './measured-media.ts';

const NS_PER_MS = 1e6;

export function rateSeriesRow({ start, widthNs, packets, bytes }: Series): RateSeriesRow {
  return { firstTime: start, bucketMs: widthNs / NS_PER_MS, packets, bytes };
}

export function streamSeriesRow(series: Series): StreamSeriesRow {
  return { ...rateSeriesRow(series), lost: series.lost, maxJitterMs: series.peaks };
}
