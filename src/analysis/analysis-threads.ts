/** Threads for analyses: one may be begun before it is known what it shall read, so that it has loaded what it needs by then. */

import { Worker } from 'node:worker_threads';

export class AnalysisThreads {
  readonly #entry: URL;
  #spare: Worker | null = null;

  /** `entry` is the built `analysis-worker.ts`. */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /** Begins one that does not keep the process from ending. */
  prepare(): void {
    this.#spare = new Worker(this.#entry);
    this.#spare.unref();
  }

  /** Hands over the one that was begun, or a new one. It waits for its first message, which starts the analysis. */
  take(): Worker {
    const worker = this.#spare ?? new Worker(this.#entry);
    this.#spare = null;
    worker.ref();
    return worker;
  }
}
