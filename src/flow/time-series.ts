/**
 * What happened over time, at a resolution that is bounded for each series: buckets of one width, which doubles whenever they are
 * full. A silence of days costs nothing but resolution.
 */

const FIRST_WIDTH_NS = 125e6;
/**
 * Doubles of a series' head: when it begins, the width of a bucket, and how many are in use; then what was counted lately, all
 * from one span of time that lies in one bucket. That is put there when a packet leaves the span: most packets touch a head
 * alone, and heads lie together, apart from the buckets.
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
/** Doubles of a bucket; the last one holds two counts, of packets and of lost ones. */
const BYTES = 0;
const PEAK = 1;
const COUNTS = 2;
const FIELDS = 3;
/** Words (4 bytes) of a bucket, in which its counts are. */
const PACKETS = COUNTS * 2;
const LOST = PACKETS + 1;

const FIRST_SERIES = 16;

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
  #heads: Float64Array;
  #values: Float64Array;
  /** The same memory, for counts: place `n` of the doubles is place `2n` here. */
  #counts: Uint32Array;
  #count = 0;
  readonly #free: number[] = [];

  /** `buckets` of a series, an even number, and `most` series at once. */
  constructor(buckets: number, most: number) {
    this.#buckets = buckets;
    this.#most = most;
    const first = Math.min(most, FIRST_SERIES);
    this.#heads = new Float64Array(HEAD * first);
    this.#values = new Float64Array(buckets * FIELDS * first);
    this.#counts = new Uint32Array(this.#values.buffer);
  }

  /** A new series that begins at `time`, or -1 when there are as many as may be. */
  begin(time: number): number {
    const series = this.#free.pop() ?? (this.#count < this.#most ? this.#count++ : -1);
    if (series < 0) return -1;
    if (series * HEAD >= this.#heads.length) this.#grow();
    const at = series * HEAD;
    this.#values.fill(0, this.#firstBucket(at), this.#firstBucket(at + HEAD));
    this.#heads.fill(0, at, at + HEAD);
    this.#heads[at + START] = time;
    this.#heads[at + WIDTH] = FIRST_WIDTH_NS;
    this.#heads[at + SPAN_START] = Number.POSITIVE_INFINITY;
    return series;
  }

  /** Counts a packet; what comes from before the series began counts as its first moment. */
  add(series: number, time: number, bytes: number, peak: number): void {
    const heads = this.#heads;
    const at = series * HEAD;
    const isInSpan = time >= (heads[at + SPAN_START] as number) && time < (heads[at + SPAN_END] as number);
    if (!isInSpan) this.#beginSpan(at, time);
    heads[at + SPAN_PACKETS] = (heads[at + SPAN_PACKETS] as number) + 1;
    heads[at + SPAN_BYTES] = (heads[at + SPAN_BYTES] as number) + bytes;
    if (peak > (heads[at + SPAN_PEAK] as number)) heads[at + SPAN_PEAK] = peak;
  }

  addLoss(series: number, time: number, packets: number): void {
    const at = this.#bucketAt(series * HEAD, time) * 2 + LOST;
    this.#counts[at] = (this.#counts[at] as number) + packets;
  }

  /** A packet that was counted as lost has come after all: it is taken off where the last loss was. */
  takeBackLoss(series: number): void {
    const counts = this.#counts;
    const at = series * HEAD;
    const first = this.#firstBucket(at);
    for (let i = (this.#heads[at + USED] as number) - 1; i >= 0; i--) {
      const place = (first + i * FIELDS) * 2 + LOST;
      const lost = counts[place] as number;
      if (lost === 0) continue;
      counts[place] = lost - 1;
      return;
    }
  }

  read(series: number): Series {
    const at = series * HEAD;
    this.#endSpan(at);
    const length = this.#heads[at + USED] as number;
    const first = this.#firstBucket(at);
    const column = (field: number): number[] =>
      Array.from({ length }, (_, i) => this.#values[first + i * FIELDS + field] as number);
    const counted = (word: number): number[] =>
      Array.from({ length }, (_, i) => this.#counts[(first + i * FIELDS) * 2 + word] as number);
    return {
      start: this.#heads[at + START] as number,
      widthNs: this.#heads[at + WIDTH] as number,
      packets: counted(PACKETS),
      bytes: column(BYTES),
      lost: counted(LOST),
      peaks: column(PEAK),
    };
  }

  forget(series: number): void {
    this.#free.push(series);
  }

  /** Offset of the buckets whose head is at `at`. */
  #firstBucket(at: number): number {
    return (at / HEAD) * this.#buckets * FIELDS;
  }

  #grow(): void {
    const heads = new Float64Array(Math.min(this.#heads.length * 2, this.#most * HEAD));
    heads.set(this.#heads);
    this.#heads = heads;
    const values = new Float64Array(this.#firstBucket(heads.length));
    values.set(this.#values);
    this.#values = values;
    this.#counts = new Uint32Array(values.buffer);
  }

  /** The span is all of the bucket for `time`. */
  #beginSpan(at: number, time: number): void {
    const heads = this.#heads;
    this.#endSpan(at);
    const index = (this.#bucketAt(at, time) - this.#firstBucket(at)) / FIELDS;
    const width = heads[at + WIDTH] as number;
    const start = (heads[at + START] as number) + index * width;
    heads[at + SPAN_START] = index === 0 ? Number.NEGATIVE_INFINITY : start;
    heads[at + SPAN_END] = start + width;
  }

  #endSpan(at: number): void {
    const heads = this.#heads;
    const values = this.#values;
    if (heads[at + SPAN_PACKETS] === 0) return;
    const bucket = this.#bucketAt(at, heads[at + SPAN_START] as number);
    const packetsAt = bucket * 2 + PACKETS;
    this.#counts[packetsAt] = (this.#counts[packetsAt] as number) + (heads[at + SPAN_PACKETS] as number);
    values[bucket + BYTES] = (values[bucket + BYTES] as number) + (heads[at + SPAN_BYTES] as number);
    values[bucket + PEAK] = Math.max(values[bucket + PEAK] as number, heads[at + SPAN_PEAK] as number);
    // One by one: `fill` costs more than what it fills.
    heads[at + SPAN_PACKETS] = 0;
    heads[at + SPAN_BYTES] = 0;
    heads[at + SPAN_PEAK] = 0;
  }

  /** Offset of the bucket for `time`, after as many doublings as it takes. */
  #bucketAt(at: number, time: number): number {
    const heads = this.#heads;
    const elapsed = time - (heads[at + START] as number);
    while (elapsed >= (heads[at + WIDTH] as number) * this.#buckets) this.#doubleWidth(at);
    const index = elapsed > 0 ? Math.floor(elapsed / (heads[at + WIDTH] as number)) : 0;
    if (index >= (heads[at + USED] as number)) heads[at + USED] = index + 1;
    return this.#firstBucket(at) + index * FIELDS;
  }

  #doubleWidth(at: number): void {
    const heads = this.#heads;
    const values = this.#values;
    const counts = this.#counts;
    const first = this.#firstBucket(at);
    const half = this.#buckets / 2;
    for (let i = 0; i < half; i++) {
      const from = first + 2 * i * FIELDS;
      const to = first + i * FIELDS;
      values[to + BYTES] = (values[from + BYTES] as number) + (values[from + FIELDS + BYTES] as number);
      values[to + PEAK] = Math.max(values[from + PEAK] as number, values[from + FIELDS + PEAK] as number);
      for (let word = PACKETS; word <= LOST; word++) {
        counts[to * 2 + word] = (counts[from * 2 + word] as number) + (counts[(from + FIELDS) * 2 + word] as number);
      }
    }
    values.fill(0, first + half * FIELDS, first + this.#buckets * FIELDS);
    heads[at + WIDTH] = (heads[at + WIDTH] as number) * 2;
    heads[at + USED] = Math.ceil((heads[at + USED] as number) / 2);
  }
}
