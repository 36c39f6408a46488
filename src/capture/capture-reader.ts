/** Reads one capture: input, window and format put together. */

import type { ByteInput } from './byte-input.ts';
import type { ByteWindow } from './byte-window.ts';
import { type FormatReader, STOPPED } from './capture-format.ts';
import type { CaptureLog } from './capture-log.ts';
import { FrameBatch } from './frame-batch.ts';

export class CaptureReader {
  readonly log: CaptureLog;
  readonly input: ByteInput;
  readonly #window: ByteWindow;
  readonly #format: FormatReader;
  readonly #batch = new FrameBatch();
  #isFinished = false;

  /** `captureIndex`: what the batches say in `captures`. */
  constructor(input: ByteInput, window: ByteWindow, format: FormatReader, log: CaptureLog, captureIndex: number) {
    this.input = input;
    this.log = log;
    this.#window = window;
    this.#format = format;
    this.#batch.captures.fill(captureIndex);
  }

  /** The next frames of this capture, or null at its end. */
  next(): FrameBatch | null | Promise<FrameBatch | null> {
    const result = this.#advance();
    return result instanceof Promise ? this.#advanceLater(result) : result;
  }

  /** Reads until there are frames; a promise when it has to wait for bytes first. */
  #advance(): FrameBatch | null | Promise<void> {
    const batch = this.#batch;
    const window = this.#window;
    batch.count = 0;
    while (!this.#isFinished) {
      const needed = this.#format.readFrames(window, batch);
      if (needed === STOPPED) this.#isFinished = true;
      if (batch.count > 0) {
        batch.bytes = window.bytes;
        batch.view = window.view;
        return batch;
      }
      if (needed === STOPPED) break;
      if (window.isEnded) {
        this.#finish(needed);
        break;
      }
      const filled = window.refill(needed);
      if (filled !== undefined) return filled;
    }
    return null;
  }

  async #advanceLater(first: Promise<void>): Promise<FrameBatch | null> {
    let result: FrameBatch | null | Promise<void> = first;
    while (result instanceof Promise) {
      await result;
      result = this.#advance();
    }
    return result;
  }

  async close(): Promise<void> {
    this.#isFinished = true;
    await this.input.close();
  }

  #finish(needed: number): void {
    this.#isFinished = true;
    if (this.input.isUnfinished === true) return;
    const { available, skipping, start } = this.#window;
    const offset = this.#window.offsetOf(start);
    const { damage } = this.input;
    if (damage !== null) this.log.stop(offset, `The compressed data is damaged or cut short (${damage})`);
    else if (skipping > 0) this.log.stop(offset, `The file ends ${skipping} bytes before the end of a record`);
    else if (available > 0)
      this.log.stop(offset, `The file ends in the middle of a record: ${needed} bytes expected, ${available} found`);
  }
}
