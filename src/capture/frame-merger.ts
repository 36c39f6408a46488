/** Merges frames of several captures into one batch by time; the order within each capture is kept. */

import { viewOf } from '../bytes/read.ts';
import type { CaptureReader } from './capture-reader.ts';
import { FrameBatch } from './frame-batch.ts';

const SLAB_BYTES = 1 << 20;

/** An open capture and the frame of it that comes next. */
export class CaptureHead {
  readonly reader: CaptureReader;
  batch: FrameBatch | null = null;
  position = 0;

  constructor(reader: CaptureReader) {
    this.reader = reader;
  }

  get isExhausted(): boolean {
    return this.batch === null || this.position === this.batch.count;
  }

  get seconds(): number {
    return this.batch?.seconds[this.position] ?? 0;
  }

  get nanoseconds(): number {
    return this.batch?.nanoseconds[this.position] ?? 0;
  }

  /** Gets the next batch when all frames of this one are used; false at the end of the capture. */
  async load(): Promise<boolean> {
    if (!this.isExhausted) return true;
    this.batch = await this.reader.next();
    this.position = 0;
    return this.batch !== null;
  }
}

/** A moment, in two parts as a batch has it. */
export interface Moment {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Behind all frames. */
export const NEVER: Moment = { seconds: Number.POSITIVE_INFINITY, nanoseconds: 0 };

export function isLater(one: Moment, other: Moment): boolean {
  if (one.seconds !== other.seconds) return one.seconds > other.seconds;
  return one.nanoseconds > other.nanoseconds;
}

export class FrameMerger {
  readonly #batch = new FrameBatch();
  #end = 0;

  constructor() {
    this.#resize(SLAB_BYTES);
  }

  /**
   * Copies frames that are not later than `limit`, until one of `heads` (none of them exhausted) has no frame at hand or
   * there is no room. The batch is borrowed until the next call.
   */
  merge(heads: readonly CaptureHead[], limit: Moment): FrameBatch {
    const batch = this.#batch;
    batch.count = 0;
    this.#end = 0;
    while (!batch.isFull) {
      const first = earliest(heads);
      if (first === null || isLater(first, limit) || !this.#copyFrame(first)) break;
      first.position++;
      if (first.isExhausted) break;
    }
    return batch;
  }

  /** False when the slab is full. */
  #copyFrame({ batch: source, position }: CaptureHead): boolean {
    if (source === null) return false;
    const target = this.#batch;
    const start = source.starts[position] ?? 0;
    const length = source.capturedLengths[position] ?? 0;
    if (this.#end + length > target.bytes.length) {
      if (target.count > 0) return false;
      this.#resize(length);
    }
    target.bytes.set(source.bytes.subarray(start, start + length), this.#end);
    const i = target.count++;
    target.starts[i] = this.#end;
    target.capturedLengths[i] = length;
    target.wireLengths[i] = source.wireLengths[position] ?? 0;
    target.seconds[i] = source.seconds[position] ?? 0;
    target.nanoseconds[i] = source.nanoseconds[position] ?? 0;
    target.linkTypes[i] = source.linkTypes[position] ?? 0;
    target.captures[i] = source.captures[position] ?? 0;
    target.numbers[i] = source.numbers[position] ?? 0;
    target.interfaces[i] = source.interfaces[position] ?? 0;
    this.#end += length;
    return true;
  }

  #resize(size: number): void {
    this.#batch.bytes = new Uint8Array(size);
    this.#batch.view = viewOf(this.#batch.bytes);
  }
}

/** Of equal times the earlier in the list wins. */
function earliest(heads: readonly CaptureHead[]): CaptureHead | null {
  let first: CaptureHead | null = null;
  for (const head of heads) {
    if (first === null || isLater(first, head)) first = head;
  }
  return first;
}
