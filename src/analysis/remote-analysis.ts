/** The analysis in a worker thread, as its owner sees it. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { CaptureError, type Recall } from '../capture/frame-batch.ts';
import type { FromWorker, ToWorker } from './analysis-message.ts';
import type { FrameAnswer, FrameQuestion } from './frame-question.ts';
import type { AnalysisOptions } from './local-analysis.ts';
import type { Analysis, FlowDetail, FlowWindow, FlowWindowRequest, Snapshot } from './snapshot.ts';

/** Time that a live capture has for its end. */
const PATIENCE_MS = 6000;

/** `worker` is that of `analysis-worker.ts`, not yet started. Rejects with a `CaptureError` when nothing could be read. */
export async function startRemoteAnalysis(options: AnalysisOptions, worker: Worker): Promise<Analysis> {
  const first = await new Promise<FromWorker>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage({ kind: 'start', options } satisfies ToWorker);
  });
  if (first.kind === 'started') return new RemoteAnalysis(worker, first.snapshot, options.live !== undefined);
  await worker.terminate();
  throw new CaptureError(first.kind === 'unreadable' ? first.message : 'the analysis did not start');
}

class RemoteAnalysis implements Analysis {
  snapshot: Snapshot;
  readonly finished: Promise<Snapshot>;
  readonly #worker: Worker;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #questions = new Map<number, (value: never) => void>();
  readonly #isLive: boolean;
  #asked = 0;
  #isOver = false;
  #finish: (snapshot: Snapshot) => void = () => {};

  constructor(worker: Worker, snapshot: Snapshot, isLive: boolean) {
    this.#worker = worker;
    this.#isLive = isLive;
    this.snapshot = snapshot;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (error) => this.#fail(`the analysis stopped: ${error.message}`));
    worker.on('exit', () => this.#fail('the analysis stopped'));
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  flows(request: FlowWindowRequest): Promise<FlowWindow> {
    const none: FlowWindow = { matched: 0, offset: request.offset, rows: [], error: null };
    return this.#ask((question) => ({ kind: 'flows', question, request }), none);
  }

  flow(id: number): Promise<FlowDetail | null> {
    return this.#ask<FlowDetail | null>((question) => ({ kind: 'flow', question, id }), null);
  }

  recall(folder: string): Promise<Recall | null> {
    return this.#ask<Recall | null>((question) => ({ kind: 'recall', question, folder }), null);
  }

  frame(request: FrameQuestion): Promise<FrameAnswer> {
    const none: FrameAnswer = { kind: 'lost', reason: 'The analysis is over.' };
    return this.#ask((question) => ({ kind: 'frame', question, request }), none);
  }

  cancel(): void {
    this.#tell({ kind: 'cancel' });
  }

  async close(): Promise<void> {
    // A capture has a file to end and a program to stop.
    if (this.#isLive) {
      this.cancel();
      await Promise.race([this.finished, delay(PATIENCE_MS, null, { ref: false })]);
    }
    this.#isOver = true;
    await this.#worker.terminate();
    for (const resolve of this.#questions.values()) resolve(null as never);
    this.#finish(this.snapshot);
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Resolves to `none` when the worker is gone. */
  #ask<Answer>(question: (number: number) => ToWorker, none: Answer): Promise<Answer> {
    if (this.#isOver) return Promise.resolve(none);
    const number = ++this.#asked;
    return new Promise<Answer>((resolve) => {
      this.#questions.set(number, (value: Answer | null) => resolve(value ?? none));
      this.#tell(question(number));
    });
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'snapshot':
        this.#publish(message.changes);
        return;
      case 'finished':
        this.#publish(message.changes);
        this.#finish(this.snapshot);
        return;
      case 'answer':
        this.#questions.get(message.question)?.(message.value as never);
        this.#questions.delete(message.question);
        return;
      case 'started':
      case 'unreadable':
    }
  }

  #publish(changes: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...changes };
    for (const listener of this.#listeners) listener(this.snapshot);
  }

  /** What has been published stands; the reason is told with it. */
  #fail(failure: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.snapshot.phase === 'reading') this.#publish({ phase: 'failed', failure });
    for (const resolve of this.#questions.values()) resolve(null as never);
    this.#finish(this.snapshot);
  }
}
