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
      if (window.isEnded) this.#finish(needed);
      else {
        const filled = window.refill(needed);
        if (filled !== undefined) return filled.then(() => this.next());
      }
    }
    return null;
  }

  #finish(needed: number): void {
    this.#isFinished = true;
    const { available, skipping } = this.#window;
    if (available === 0 && skipping === 0) return;
    const offset = this.#window.offsetOf(this.#window.start);
    this.log.stop(offset, `The file ends in the middle of a record: ${needed} bytes were expected, ${available} found`);
  }
}
