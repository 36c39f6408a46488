/** Ranges of sequence numbers that were passed over in one direction of a TCP connection; the last few are remembered. */

const MOST_HOLES = 16;
/** Until the first hole: most connections never have one. */
const NO_PLACES = new Int32Array(0);
const NO_TIMES = new Float64Array(0);

export class SequenceHoles {
  /** Bytes that the receiver has acknowledged though they never passed here: the capture lacks them. */
  notCaptured = 0;
  #starts = NO_PLACES;
  #ends = NO_PLACES;
  #times = NO_TIMES;
  #count = 0;

  /** [start, end) was passed over at `time`. */
  open(start: number, end: number, time: number): void {
    if (this.#starts.length === 0) {
      this.#starts = new Int32Array(MOST_HOLES);
      this.#ends = new Int32Array(MOST_HOLES);
      this.#times = new Float64Array(MOST_HOLES);
    }
    if (this.#count === MOST_HOLES) this.#remove(0);
    this.#set(this.#count++, start, end, time);
  }

  /** [start, end) has come after all: when its hole was opened, or NaN when it was in none. */
  fill(start: number, end: number): number {
    for (let i = 0; i < this.#count; i++) {
      const from = this.#starts[i] as number;
      const to = this.#ends[i] as number;
      if (((start - from) | 0) < 0 || ((end - to) | 0) > 0) continue;
      const time = this.#times[i] as number;
      const hasBefore = start !== from;
      const hasBehind = end !== to;
      if (!hasBefore && !hasBehind) this.#remove(i);
      else if (hasBefore) this.#set(i, from, start, time);
      else this.#set(i, end, to, time);
      if (hasBefore && hasBehind) this.open(end, to, time);
      return time;
    }
    return Number.NaN;
  }

  /** What is still missing below an acknowledgement never will come. */
  acknowledge(acknowledgement: number): void {
    for (let i = this.#count - 1; i >= 0; i--) {
      const start = this.#starts[i] as number;
      const end = this.#ends[i] as number;
      if (((end - acknowledgement) | 0) > 0) continue;
      this.notCaptured += (end - start) | 0;
      this.#remove(i);
    }
  }

  #set(i: number, start: number, end: number, time: number): void {
    this.#starts[i] = start;
    this.#ends[i] = end;
    this.#times[i] = time;
  }

  #remove(i: number): void {
    this.#starts.copyWithin(i, i + 1, this.#count);
    this.#ends.copyWithin(i, i + 1, this.#count);
    this.#times.copyWithin(i, i + 1, this.#count);
    this.#count--;
  }
}
