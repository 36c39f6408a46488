/** A file that is still being written: at its end, reading waits for more. */

import type { ByteInput, FileInput } from './byte-input.ts';

const POLL_MS = 200;

export class FollowInput implements ByteInput {
  readonly bytesTotal = null;
  readonly damage = null;
  isUnfinished = false;
  readonly #file: FileInput;
  readonly #isComplete: (bytesRead: number) => Promise<boolean>;
  #wake: (() => void) | null = null;
  #isClosed = false;

  /** `isComplete` is asked at the end of the file, time and again, whether its writer is done with it. */
  constructor(file: FileInput, isComplete: (bytesRead: number) => Promise<boolean>) {
    this.#file = file;
    this.#isComplete = isComplete;
  }

  get bytesRead(): number {
    return this.#file.bytesRead;
  }

  read(target: Uint8Array, offset: number): number | Promise<number> {
    const count = this.#file.read(target, offset);
    return count > 0 ? count : this.#waitForMore(target, offset);
  }

  /** From now on the end comes behind what is in the file. */
  stop(): void {
    this.isUnfinished = true;
    this.#wake?.();
  }

  /** A read that waits ends with 0. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake?.();
    await this.#file.close();
  }

  async #waitForMore(target: Uint8Array, offset: number): Promise<number> {
    while (!this.#isClosed) {
      const isComplete = this.isUnfinished || (await this.#isComplete(this.#file.bytesRead));
      if (this.#isClosed) break;
      // The last bytes may have come between the last read and the question.
      const count = this.#file.read(target, offset);
      if (count > 0 || isComplete) return count;
      await this.#sleep();
    }
    return 0;
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
