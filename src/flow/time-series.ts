/**
 * What happened over time, at a resolution that is bounded for each series: buckets of one width, which doubles whenever they are
 * full. A silence of days costs nothing but resolution.
 */

const FIRST_WIDTH_NS = 125e6;
/**
 * Doubles of a series before its buckets: when it begins, the width of a bucket, and how many are in use; then what was counted
 * lately, all from one span of time that lies in one bucket. That is put there when a packet leaves the span: most packets
 * touch these doubles alone, which lie together.
 */
const START = 0;
const WIDTH = 1;
const USED = 2;
const SPAN_START = 3;
const SPAN_END = 4;
const SPAN_PACKETS = 5;
const SPAN_BYTES = 6;
const SPAN_PEAK = 7;
const HEAD = 8;
/** Doubles of a bucket. */
const PACKETS = 0;
const BYTES = 1;
const LOST = 2;
const PEAK = 3;
const FIELDS = 4;

export interface Series {
  /** Where the first bucket begins, in nanoseconds since the origin. */
  readonly start: number;
  readonly widthNs: number;
  /** By bucket, from the first to the last in which anything was counted. */
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
  readonly lost: readonly number[];
  /** Highest of the values that were given with packets. */
  readonly peaks: readonly number[];
}

/** Many series, each known by a number. */
export class TimeSeries {
  readonly #buckets: number;
  readonly #most: number;
  readonly #size: number;
  #values: Float64Array;
  #count = 0;
  readonly #free: number[] = [];

  /** `buckets` of a series, an even number, and `most` series at once. */
  constructor(buckets: number, most: number) {
    this.#buckets = buckets;
    this.#most = most;
    this.#size = HEAD + buckets * FIELDS;
    this.#values = new Float64Array(this.#size * Math.min(most, 16));
  }

  /** A new series that begins at `time`, or -1 when there are as many as may be. */
  begin(time: number): number {
    const series = this.#free.pop() ?? (this.#count < this.#most ? this.#count++ : -1);
    if (series < 0) return -1;
    const at = series * this.#size;
    if (at >= this.#values.length) {
      const grown = new Float64Array(Math.min(this.#values.length * 2, this.#most * this.#size));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values.fill(0, at, at + this.#size);
    this.#values[at + START] = time;
    this.#values[at + WIDTH] = FIRST_WIDTH_NS;
    this.#values[at + SPAN_START] = Number.POSITIVE_INFINITY;
    return series;
  }

  /** Counts a packet; what comes from before the series began counts as its first moment. */
  add(series: number, time: number, bytes: number, peak: number): void {
    const values = this.#values;
    const at = series * this.#size;
    if (!(time >= (values[at + SPAN_START] as number) && time < (values[at + SPAN_END] as number)))
      this.#beginSpan(series, time);
    values[at + SPAN_PACKETS] = (values[at + SPAN_PACKETS] as number) + 1;
    values[at + SPAN_BYTES] = (values[at + SPAN_BYTES] as number) + bytes;
    if (peak > (values[at + SPAN_PEAK] as number)) values[at + SPAN_PEAK] = peak;
  }

  addLoss(series: number, time: number, packets: number): void {
    const bucket = this.#bucketAt(series, time);
    this.#values[bucket + LOST] = (this.#values[bucket + LOST] as number) + packets;
  }

  /** A packet that was counted as lost has come after all: it is taken off where the last loss was. */
  takeBackLoss(series: number): void {
    const values = this.#values;
    const first = series * this.#size + HEAD;
    for (let i = (values[series * this.#size + USED] as number) - 1; i >= 0; i--) {
      const lost = values[first + i * FIELDS + LOST] as number;
      if (lost <= 0) continue;
      values[first + i * FIELDS + LOST] = lost - 1;
      return;
    }
  }

  read(series: number): Series {
    const values = this.#values;
    this.#endSpan(series);
    const at = series * this.#size;
    const length = values[at + USED] as number;
    const column = (field: number): number[] =>
      Array.from({ length }, (_, i) => values[at + HEAD + i * FIELDS + field] as number);
    return {
      start: values[at + START] as number,
      widthNs: values[at + WIDTH] as number,
      packets: column(PACKETS),
      bytes: column(BYTES),
      lost: column(LOST),
      peaks: column(PEAK),
    };
  }

  forget(series: number): void {
    this.#free.push(series);
  }

  /** The span is all of the bucket for `time`. */
  #beginSpan(series: number, time: number): void {
    const values = this.#values;
    const at = series * this.#size;
    this.#endSpan(series);
    const index = (this.#bucketAt(series, time) - at - HEAD) / FIELDS;
    const width = values[at + WIDTH] as number;
    const start = (values[at + START] as number) + index * width;
    values[at + SPAN_START] = index === 0 ? Number.NEGATIVE_INFINITY : start;
    values[at + SPAN_END] = start + width;
  }

  #endSpan(series: number): void {
    const values = this.#values;
    const at = series * this.#size;
    if (values[at + SPAN_PACKETS] === 0) return;
    const bucket = this.#bucketAt(series, values[at + SPAN_START] as number);
    values[bucket + PACKETS] = (values[bucket + PACKETS] as number) + (values[at + SPAN_PACKETS] as number);
    values[bucket + BYTES] = (values[bucket + BYTES] as number) + (values[at + SPAN_BYTES] as number);
    values[bucket + PEAK] = Math.max(values[bucket + PEAK] as number, values[at + SPAN_PEAK] as number);
    values.fill(0, at + SPAN_PACKETS, at + HEAD);
  }

  /** Offset of the bucket for `time`, after as many doublings as it takes. */
  #bucketAt(series: number, time: number): number {
    const values = this.#values;
    const at = series * this.#size;
    const elapsed = time - (values[at + START] as number);
    while (elapsed >= (values[at + WIDTH] as number) * this.#buckets) this.#doubleWidth(at);
    const index = elapsed > 0 ? Math.floor(elapsed / (values[at + WIDTH] as number)) : 0;
    if (index >= (values[at + USED] as number)) values[at + USED] = index + 1;
    return at + HEAD + index * FIELDS;
  }

  #doubleWidth(at: number): void {
    const values = this.#values;
    const first = at + HEAD;
    const half = this.#buckets / 2;
    for (let i = 0; i < half; i++) {
      const from = first + 2 * i * FIELDS;
      const to = first + i * FIELDS;
      for (let field = 0; field < PEAK; field++) {
        values[to + field] = (values[from + field] as number) + (values[from + FIELDS + field] as number);
      }
      values[to + PEAK] = Math.max(values[from + PEAK] as number, values[from + FIELDS + PEAK] as number);
    }
    values.fill(0, first + half * FIELDS, first + this.#buckets * FIELDS);
    values[at + WIDTH] = (values[at + WIDTH] as number) * 2;
    values[at + USED] = Math.ceil((values[at + USED] as number) / 2);
  }
}
