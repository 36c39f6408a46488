/** Follows captures that are still being written, from file to file. */

import { CaptureLog } from './capture-log.ts';
import type { CaptureReader } from './capture-reader.ts';
import { findSuccessor, type WatchedFile } from './capture-rotation.ts';
import { FollowInput } from './follow-input.ts';
import { CaptureError, type CaptureInfo, type FrameBatch, type FrameSource } from './frame-batch.ts';
import type { Moment } from './frame-merger.ts';
import { openCapture } from './open-capture.ts';
import { openFile } from './open-input.ts';

/** Captures are added to `captures` as they turn up; the end comes with `stop` or `close`, or where the last one is damaged. */
export class FollowedCaptures implements FrameSource {
  readonly captures: CaptureInfo[] = [];
  /** Paths that are to be read next. */
  readonly #queue: string[];
  #reader: CaptureReader | null = null;
  #input: FollowInput | null = null;
  #last: Moment | null = null;
  #bytesOfClosed = 0;
  #isStopped = false;
  #isClosed = false;

  /** In order of time; the last one is followed, then what comes after it. */
  constructor(paths: readonly string[]) {
    this.#queue = [...paths];
  }

  next(): FrameBatch | null | Promise<FrameBatch | null> {
    try {
      const batch = this.#reader?.next() ?? null;
      if (batch === null || batch instanceof Promise) return this.#nextLater(batch);
      return this.#note(batch);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  progress(): { bytesRead: number; bytesTotal: number | null } {
    return { bytesRead: this.#bytesOfClosed + (this.#reader?.input.bytesRead ?? 0), bytesTotal: null };
  }

  stop(): void {
    this.#isStopped = true;
    this.#input?.stop();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reader?.close();
  }

  async #nextLater(pending: Promise<FrameBatch | null> | null): Promise<FrameBatch | null> {
    let batch = await pending;
    while (batch === null && !this.#isClosed) {
      if (!(await this.#openNext())) return null;
      batch = (await this.#reader?.next()) ?? null;
    }
    return batch === null ? null : this.#note(batch);
  }

  /** False when nothing follows. */
  async #openNext(): Promise<boolean> {
    if (this.#reader !== null) {
      this.#bytesOfClosed += this.#reader.input.bytesRead;
      await this.#reader.close();
    }
    const path = this.#queue.shift();
    if (path === undefined) return false;
    const log = new CaptureLog(path);
    const index = this.captures.push(log.info) - 1;
    const file = openFile(path);
    const watched: WatchedFile = { path, inode: file.inode };
    const input = new FollowInput(file, (bytesRead) => this.#isComplete(watched, bytesRead));
    if (this.#isStopped) input.stop();
    this.#input = input;
    return this.#openFrom(input, log, index);
  }

  async #openFrom(input: FollowInput, log: CaptureLog, index: number): Promise<boolean> {
    try {
      this.#reader = await openCapture(input, log, index);
      return true;
    } catch (error) {
      // Its writer had created it, and has not come to write a header.
      if (this.#isStopped && index > 0 && error instanceof CaptureError) return false;
      throw error;
    }
  }

  async #isComplete(watched: WatchedFile, bytesRead: number): Promise<boolean> {
    if (this.#queue.length > 0) return true;
    const successor = await findSuccessor(watched, bytesRead, this.#last);
    if (successor !== null) this.#queue.push(successor);
    return successor !== null;
  }

  #note(batch: FrameBatch): FrameBatch {
    const i = batch.count - 1;
    this.#last = { seconds: batch.seconds[i] ?? 0, nanoseconds: batch.nanoseconds[i] ?? 0 };
    return batch;
  }
}
