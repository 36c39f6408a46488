/** Joins captures into one source in order of time; those that overlap in time are merged frame by frame. */

import type { CaptureReader } from './capture-reader.ts';
import { CaptureError, type CaptureInfo, type FrameBatch, type FrameSource } from './frame-batch.ts';
import { CaptureHead, FrameMerger, isLater, type Moment, NEVER } from './frame-merger.ts';

/** A capture that is opened when its time comes. */
export interface PendingCapture {
  readonly path: string;
  /** The time of its first frame; no capture is opened before it is needed. */
  readonly first: Moment;
  readonly bytesTotal: number | null;
  /** Null when it cannot be opened any more, which its warnings then say. */
  open(): Promise<CaptureReader | null>;
}

/** Each open capture holds a slab and a file descriptor. */
const MAX_OPEN_CAPTURES = 256;

export class CaptureSequence implements FrameSource {
  readonly captures: readonly CaptureInfo[];
  readonly #bytesTotal: number | null;
  /** The earliest last. */
  readonly #pending: PendingCapture[];
  #heads: CaptureHead[];
  #merger: FrameMerger | null = null;
  #bytesOfClosed = 0;

  constructor(captures: readonly CaptureInfo[], open: readonly CaptureReader[], pending: readonly PendingCapture[]) {
    this.captures = captures;
    this.#bytesTotal = sumOrNull([
      ...open.map((reader) => reader.input.bytesTotal),
      ...pending.map((one) => one.bytesTotal),
    ]);
    this.#heads = open.map((reader) => new CaptureHead(reader));
    this.#pending = pending.toSorted((one, other) => (isLater(one.first, other.first) ? -1 : 1));
  }

  next(): FrameBatch | null | Promise<FrameBatch | null> {
    const [only, second] = this.#heads;
    if (only === undefined || second !== undefined || this.#pending.length > 0 || !only.isExhausted)
      return this.#merge();
    try {
      only.batch = null;
      return only.reader.next();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #merge(): Promise<FrameBatch | null> {
    for (;;) {
      await this.#loadHeads();
      const [only, second] = this.#heads;
      if (only === undefined) return null;
      const limit = this.#pending.at(-1)?.first ?? NEVER;
      if (second === undefined && only.position === 0 && isWhollyBefore(only.batch, limit)) {
        const { batch } = only;
        only.batch = null;
        return batch;
      }
      this.#merger ??= new FrameMerger();
      const merged = this.#merger.merge(this.#heads, limit);
      if (merged.count > 0) return merged;
    }
  }

  /** Afterwards every head has a frame, and each capture that has one as early is among the heads. */
  async #loadHeads(): Promise<void> {
    for (const head of [...this.#heads]) await this.#load(head);
    for (let next = this.#pending.at(-1); next !== undefined; next = this.#pending.at(-1)) {
      const { first } = next;
      if (this.#heads.some((head) => !isLater(head, first))) return;
      this.#pending.pop();
      const reader = await next.open();
      if (reader !== null) await this.#add(new CaptureHead(reader));
    }
  }

  async #add(head: CaptureHead): Promise<void> {
    if (this.#heads.length === MAX_OPEN_CAPTURES)
      throw new CaptureError(
        `More than ${MAX_OPEN_CAPTURES} captures overlap in time: merge some of them first, for example with mergecap.`,
      );
    this.#heads.push(head);
    await this.#load(head);
  }

  async #load(head: CaptureHead): Promise<void> {
    if (!(await head.load())) await this.#drop(head);
  }

  async #drop(head: CaptureHead): Promise<void> {
    this.#heads = this.#heads.filter((other) => other !== head);
    this.#bytesOfClosed += head.reader.input.bytesRead;
    await head.reader.close();
  }

  progress(): { bytesRead: number; bytesTotal: number | null } {
    const bytesRead = this.#heads.reduce((sum, head) => sum + head.reader.input.bytesRead, this.#bytesOfClosed);
    return { bytesRead, bytesTotal: this.#bytesTotal };
  }

  async close(): Promise<void> {
    this.#pending.length = 0;
    for (const head of this.#heads) await this.#drop(head);
  }
}

function isWhollyBefore(batch: FrameBatch | null, limit: Moment): boolean {
  if (batch === null || limit === NEVER) return true;
  for (let i = 0; i < batch.count; i++) {
    const seconds = batch.seconds[i] ?? 0;
    if (seconds > limit.seconds) return false;
    if (seconds === limit.seconds && (batch.nanoseconds[i] ?? 0) > limit.nanoseconds) return false;
  }
  return true;
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}
