/** What can be read again of a live capture: the latest files that are saved, else the latest frames in memory. */

import { join } from 'node:path';
import type { CaptureInterface, FrameBatch, KeptFile, Recall } from '../frame-batch.ts';
import { statOrNull } from '../open-input.ts';
import { LatestFrames } from './latest-frames.ts';
import type { LiveOptions } from './live-options.ts';
import { LiveRecorder } from './live-recorder.ts';

/** To read more again would take longer than people wait. */
const MOST_READ_AGAIN = 2 ** 30;

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
    this.#latest?.add(batch);
  }

  recall(folder: string): Recall {
    const latest = this.#latest;
    const files = this.#savedFiles();
    if (files !== null || latest === null) return { files: files ?? [], failure: null };
    if (latest.firstFrame === null) return { files: [], failure: null };
    const path = join(folder, 'latest.pcapng');
    try {
      latest.writeTo(path);
      return { files: [{ path, firstFrame: latest.firstFrame }], failure: null };
    } catch (error) {
      return { files: [], failure: error instanceof Error ? error.message : String(error) };
    }
  }

  /** The latest ones, within what is read again; null where the frames in memory serve better. */
  #savedFiles(): KeptFile[] | null {
    const hasLatest = this.#latest !== null;
    if (this.#recorder === null || (this.#recorder.failure !== null && hasLatest)) return null;
    const files: KeptFile[] = [];
    let bytes = 0;
    for (const file of this.#recorder.files.toReversed()) {
      const stats = statOrNull(file.path);
      if (stats === null || !stats.isFile()) continue;
      bytes += stats.size;
      if (bytes > MOST_READ_AGAIN && hasLatest) break;
      files.unshift(file);
    }
    return files.length === 0 && hasLatest ? null : files;
  }

  /** `dropped`: by interface, null where it is not known. */
  close(dropped: readonly (number | null)[]): void {
    this.#recorder?.close(dropped);
  }
}
