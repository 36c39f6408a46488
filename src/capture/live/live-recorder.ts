/** Saves what is captured while it is captured; when the disk fails, it stops and says so, and nothing else does. */

import { statSync, truncateSync } from 'node:fs';
import { CaptureError, type CaptureInterface, type FrameBatch } from '../frame-batch.ts';
import { PcapngWriter } from '../pcapng-writer.ts';

export class LiveRecorder {
  /** Why nothing more is saved, in one sentence; null as long as it is. */
  failure: string | null = null;
  readonly #path: string;
  readonly #writer: PcapngWriter;
  /** Length of the file after the last whole batch. */
  #wholeBytes = 0;
  #frames = 0;

  /** Replaces the file if there is one. Throws a `CaptureError` when that cannot be done. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#writer = new PcapngWriter(path, { application: 'mediatap' });
    } catch (error) {
      throw new CaptureError(error instanceof Error ? error.message : String(error));
    }
    this.#attempt(() => this.#writer.flush());
  }

  /** In the order of the indices that frames carry. */
  addInterface({ name, linkType, snapLength, filter }: CaptureInterface): void {
    this.#attempt(() => this.#writer.addInterface({ name, linkType, snapLength, filter }));
  }

  write(batch: FrameBatch): void {
    this.#attempt(() => {
      for (let i = 0; i < batch.count; i++) {
        const start = batch.starts[i] as number;
        this.#writer.writeFrame({
          interfaceIndex: batch.interfaces[i] as number,
          seconds: batch.seconds[i] as number,
          nanoseconds: batch.nanoseconds[i] as number,
          bytes: batch.bytes.subarray(start, start + (batch.capturedLengths[i] as number)),
          wireLength: batch.wireLengths[i] as number,
        });
      }
      this.#writer.flush();
      this.#frames += batch.count;
    });
  }

  /** `dropped`: by interface, null where it is not known. */
  close(dropped: readonly (number | null)[]): void {
    if (this.failure !== null) return;
    const now = Date.now();
    this.#attempt(() => {
      for (const [index, count] of dropped.entries()) {
        if (count !== null) this.#writer.writeStatistics(index, count, Math.floor(now / 1000), (now % 1000) * 1e6);
      }
      this.#writer.close();
    });
  }

  #attempt(action: () => void): void {
    if (this.failure !== null) return;
    try {
      action();
      this.#wholeBytes = statSync(this.#path).size;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.failure = `${reason} Nothing more is saved: the file holds the first ${this.#frames} frames. The analysis goes on.`;
      this.#cutBack();
    }
  }

  /** Takes away the part of a block that was still written. */
  #cutBack(): void {
    try {
      truncateSync(this.#path, this.#wholeBytes);
    } catch {
      // A reader of captures copes with a cut end.
    }
  }
}
