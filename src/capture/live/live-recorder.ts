/** Saves what is captured while it is captured; when the disk fails, it stops and says so, and nothing else does. */

import { truncateSync } from 'node:fs';
import { CaptureError, type CaptureInterface, type FrameBatch, type KeptFile } from '../frame-batch.ts';
import { PcapngWriter } from '../pcapng-writer.ts';
import { RingFiles, type RingLimits } from './ring-files.ts';

export class LiveRecorder {
  /** Why nothing more is saved, in one sentence; null as long as it is. */
  failure: string | null = null;
  /** Those that were begun and may still be there, the oldest first. */
  readonly files: KeptFile[] = [];
  readonly #limits: RingLimits | null;
  readonly #ring: RingFiles | null;
  readonly #interfaces: CaptureInterface[] = [];
  #writer: PcapngWriter;
  #frames = 0;
  /** Length of the file at hand, and frames saved, when last all that was written was in the file. */
  #wholeBytes = 0;
  #wholeFrames = 0;
  /** Of the first frame in the file at hand; NaN before it. */
  #beganAt = Number.NaN;

  /** Replaces the file if there is one; with `limits`, the files of a ring beside it. Throws a `CaptureError` when that cannot be done. */
  constructor(path: string, limits: RingLimits | null) {
    this.#limits = limits;
    try {
      this.#ring = limits === null ? null : new RingFiles(path, limits.mostFiles);
      this.#writer = this.#open(this.#ring?.next(new Date()) ?? path);
    } catch (error) {
      throw new CaptureError(error instanceof Error ? error.message : String(error));
    }
    this.#attempt(() => this.#flush());
  }

  /** In the order of the indices that frames carry. */
  addInterface(added: CaptureInterface): void {
    this.#interfaces.push(added);
    this.#attempt(() => this.#writer.addInterface(added));
  }

  write(batch: FrameBatch): void {
    this.#attempt(() => {
      for (let i = 0; i < batch.count; i++) {
        const seconds = batch.seconds[i] as number;
        if (this.#isDue(seconds)) this.#turn();
        if (Number.isNaN(this.#beganAt)) this.#beganAt = seconds;
        const start = batch.starts[i] as number;
        this.#writer.writeFrame({
          interfaceIndex: batch.interfaces[i] as number,
          seconds,
          nanoseconds: batch.nanoseconds[i] as number,
          bytes: batch.bytes.subarray(start, start + (batch.capturedLengths[i] as number)),
          wireLength: batch.wireLengths[i] as number,
        });
        this.#frames++;
      }
      this.#flush();
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

  #isDue(seconds: number): boolean {
    const { mostBytes = null, mostSeconds = null } = this.#limits ?? {};
    if (Number.isNaN(this.#beganAt)) return false;
    if (mostBytes !== null && this.#writer.bytes >= mostBytes) return true;
    return mostSeconds !== null && seconds - this.#beganAt >= mostSeconds;
  }

  /** Goes on in the next file of the ring. */
  #turn(): void {
    if (this.#ring === null) return;
    this.#flush();
    this.#writer.close();
    this.#writer = this.#open(this.#ring.next(new Date()));
    for (const each of this.#interfaces) this.#writer.addInterface(each);
    this.#flush();
    const most = this.#limits?.mostFiles ?? Number.POSITIVE_INFINITY;
    if (this.files.length > most) this.files.shift();
  }

  #open(path: string): PcapngWriter {
    const writer = new PcapngWriter(path, { application: 'mediatap' });
    this.files.push({ path, firstFrame: this.#frames + 1 });
    this.#wholeBytes = 0;
    this.#beganAt = Number.NaN;
    return writer;
  }

  #flush(): void {
    this.#writer.flush();
    this.#wholeBytes = this.#writer.bytes;
    this.#wholeFrames = this.#frames;
  }

  #attempt(action: () => void): void {
    if (this.failure !== null) return;
    try {
      action();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.failure = `${reason} Nothing more is saved after the first ${this.#wholeFrames} frames. The analysis goes on.`;
      this.#cutBack();
    }
  }

  /** Takes away the part of a block that was still written. */
  #cutBack(): void {
    const last = this.files.at(-1);
    if (last === undefined) return;
    try {
      truncateSync(last.path, this.#wholeBytes);
    } catch {
      // A reader of captures copes with a cut end.
    }
  }
}
