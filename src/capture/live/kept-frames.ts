/** What can still be read again of a live capture: the files that are saved, or else the latest frames in memory. */

import { join } from 'node:path';
import type { CaptureInterface, FrameBatch, Recall } from '../frame-batch.ts';
import { statOrNull } from '../open-input.ts';
import { LatestFrames } from './latest-frames.ts';
import type { LiveOptions } from './live-options.ts';
import { LiveRecorder } from './live-recorder.ts';

export class KeptFrames {
  readonly #recorder: LiveRecorder | null;
  /** Null when none are to be held in memory. */
  readonly #latest: LatestFrames | null;

  /** Throws a `CaptureError` when the file to save to cannot be written. */
  constructor({ writePath, ring, keptMebibytes }: LiveOptions) {
    this.#recorder = writePath === null ? null : new LiveRecorder(writePath, ring);
    this.#latest = keptMebibytes === 0 ? null : new LatestFrames(keptMebibytes);
  }

  /** Why nothing more is saved, in a sentence; null as long as it is, or was not asked for. */
  get failure(): string | null {
    return this.#recorder?.failure ?? null;
  }

  /** In the order of the indices that frames carry. */
  addInterface(added: CaptureInterface): void {
    this.#recorder?.addInterface(added);
    this.#latest?.addInterface(added);
  }

  add(batch: FrameBatch): void {
    this.#recorder?.write(batch);
    if (this.#recorder === null || this.#recorder.failure !== null) this.#latest?.add(batch);
  }

  recall(folder: string): Recall {
    const files = (this.#recorder?.files ?? []).filter(({ path }) => statOrNull(path)?.isFile() === true);
    const firstFrame = this.#latest?.firstFrame ?? null;
    if (firstFrame === null) return { files, failure: null };
    const path = join(folder, 'latest.pcapng');
    try {
      this.#latest?.writeTo(path);
      return { files: [...files, { path, firstFrame }], failure: null };
    } catch (error) {
      return { files, failure: error instanceof Error ? error.message : String(error) };
    }
  }

  /** `dropped`: by interface, null where it is not known. */
  close(dropped: readonly (number | null)[]): void {
    this.#recorder?.close(dropped);
  }
}
