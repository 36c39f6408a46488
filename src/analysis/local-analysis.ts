/** The analysis in the thread that asks for it: reads, judges now and then, and answers questions between batches. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { CaptureError, type FrameBatch, type FrameSource, type Recall } from '../capture/frame-batch.ts';
import type { LiveOptions } from '../capture/live/live-options.ts';
import { openLive } from '../capture/live/live-source.ts';
import { openCaptures } from '../capture/open-captures.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import { BlindTimes } from './blind-times.ts';
import { FlowDetails } from './flow-details.ts';
import { FlowSelection } from './flow-selection.ts';
import { answerFrame, type FrameAnswer, type FrameQuestion } from './frame-question.ts';
import { type Judgement, judgePipeline } from './judgement.ts';
import { makeSnapshot } from './make-snapshot.ts';
import { Pipeline } from './pipeline.ts';
import type { Analysis, FlowDetail, FlowWindow, FlowWindowRequest, Snapshot } from './snapshot.ts';
import { holdYoungGeneration } from './young-generation.ts';

/** Milliseconds of work between two looks at the event loop. */
const TURN_MS = 20;
/** Milliseconds until the first snapshot, and between two at least. */
const FIRST_SNAPSHOT_MS = 40;
const SNAPSHOT_MS = 300;
/** Judging may take this share of the time: the larger the tables, the more rarely it is done. */
const SNAPSHOT_SHARE = 12;

const FORGET_EVERY_NS = 10e9;

/** Of more flows the memory is not spent before anyone asks. */
const MOST_REHEARSED = 200_000;
/** A few milliseconds of work. */
const SLOTS_AT_ONCE = 2000;

export interface AnalysisOptions {
  readonly paths: readonly string[];
  /** Captures on interfaces instead of reading paths. */
  readonly live?: LiveOptions;
  /** Goes on when the last capture ends, until it is cancelled. */
  readonly follow?: boolean;
  /** True where somebody looks before the end: then flows are judged now and then while reading. */
  readonly isWatched?: boolean;
  /** The site's policy, when it has given one. */
  readonly policy?: SitePolicy | null;
}

/** Rejects with a `CaptureError` when nothing could be read. */
export async function startLocalAnalysis(options: AnalysisOptions): Promise<Analysis> {
  const { paths, follow = false, live } = options;
  const source = await (live === undefined ? openCaptures(paths, { follow }) : openLive(live));
  return new LocalAnalysis(source, options);
}

class LocalAnalysis implements Analysis {
  snapshot: Snapshot;
  readonly finished: Promise<Snapshot>;
  readonly #source: FrameSource;
  readonly #policy: SitePolicy | null;
  readonly #isWatched: boolean;
  readonly #pipeline = new Pipeline();
  readonly #blindTimes: BlindTimes;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #startedAt = performance.now();
  #clock: NodeJS.Timeout | undefined;
  #judgement: Judgement;
  #selection: FlowSelection;
  #isCancelled = false;
  /** Ends the wait for the next batch. */
  #wake: () => void = () => {};
  /** When judging again is worth it, in milliseconds of `performance.now`. */
  #judgeAt = 0;
  /** On the clock of the frames. */
  #forgotAt = 0;

  constructor(source: FrameSource, { isWatched = false, policy = null }: AnalysisOptions) {
    this.#source = source;
    this.#policy = policy;
    this.#isWatched = isWatched;
    this.#blindTimes = new BlindTimes(source.captures);
    this.#judgement = judgePipeline(this.#pipeline, this.#policy, this.#source.captures);
    this.#selection = new FlowSelection(this.#pipeline, this.#judgement);
    this.snapshot = this.#makeSnapshot('reading', null);
    // By the clock, so that a capture that waits for frames is shown too.
    if (isWatched) this.#clock = setTimeout(() => this.#show(), FIRST_SNAPSHOT_MS);
    this.finished = this.#run();
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async flows(request: FlowWindowRequest): Promise<FlowWindow> {
    return this.#selection.window(request);
  }

  async flow(id: number): Promise<FlowDetail | null> {
    return new FlowDetails(this.#pipeline, this.#judgement).detail(id);
  }

  async recall(folder: string): Promise<Recall | null> {
    return this.#source.recall?.(folder) ?? null;
  }

  async frame(question: FrameQuestion): Promise<FrameAnswer> {
    return answerFrame(this.#source, this.#pipeline.originSeconds, question);
  }

  cancel(): void {
    if (this.#source.stop !== undefined) {
      this.#source.stop();
      return;
    }
    this.#isCancelled = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.cancel();
    await this.finished;
  }

  async #run(): Promise<Snapshot> {
    let failure: string | null = null;
    try {
      await this.#read();
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      failure = error.message;
    } finally {
      clearTimeout(this.#clock);
      await this.#source.close();
    }
    this.#pipeline.finish();
    this.#publish(failure !== null ? 'failed' : this.#isCancelled ? 'cancelled' : 'done', failure);
    if (this.#isWatched) void this.#rehearse();
    return this.snapshot;
  }

  /** Nothing is left to do but to answer: what the first answers need is worked out between them. */
  async #rehearse(): Promise<void> {
    if (this.#pipeline.flows.made > MOST_REHEARSED) return;
    do await nextTurn();
    while (this.#selection.rehearse(SLOTS_AT_ONCE));
  }

  async #read(): Promise<void> {
    // Whoever started this is told so first.
    await nextTurn();
    let turnAt = performance.now();
    while (!this.#isCancelled) {
      const next = this.#source.next();
      const batch = next instanceof Promise ? await this.#orCancelled(next) : next;
      if (batch === null) return;
      this.#pipeline.process(batch);
      this.#blindTimes.note(batch, this.#pipeline.originSeconds);
      if (performance.now() - turnAt < TURN_MS) continue;
      holdYoungGeneration();
      await nextTurn();
      turnAt = performance.now();
    }
  }

  /** What was promised, or null as soon as the analysis is cancelled: a pipe may be silent for long. */
  #orCancelled(next: Promise<FrameBatch | null>): Promise<FrameBatch | null> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(null);
      next.then(resolve, reject);
    });
  }

  /** Judges when that is worth its cost; in between, only the progress moves on. */
  #show(): void {
    const startedAt = performance.now();
    if (startedAt >= this.#judgeAt) {
      if (this.#source.stop !== undefined) this.#forgetSilent();
      this.#publish('reading', null);
      this.#judgeAt = performance.now() + (performance.now() - startedAt) * SNAPSHOT_SHARE;
    } else {
      const progress = { ...this.#source.progress(), elapsedMs: startedAt - this.#startedAt };
      const totals = { ...this.snapshot.totals, frames: this.#pipeline.frames, bytes: this.#pipeline.bytes };
      this.#tell({ ...this.snapshot, progress, totals });
    }
    this.#clock = setTimeout(() => this.#show(), SNAPSHOT_MS);
  }

  /** What has no end would otherwise fill the table with what is over. */
  #forgetSilent(): void {
    const { lastTime } = this.#pipeline;
    if (lastTime - this.#forgotAt < FORGET_EVERY_NS) return;
    this.#forgotAt = lastTime;
    this.#pipeline.forgetSilent();
  }

  #publish(phase: Snapshot['phase'], failure: string | null): void {
    const { gaps, originSeconds, lastTime } = this.#pipeline;
    this.#source.refresh?.();
    this.#blindTimes.putAmong(gaps, originSeconds, lastTime);
    this.#judgement = judgePipeline(this.#pipeline, this.#policy, this.#source.captures);
    this.#selection = new FlowSelection(this.#pipeline, this.#judgement);
    this.#tell(this.#makeSnapshot(phase, failure));
  }

  #tell(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    for (const listener of this.#listeners) listener(snapshot);
  }

  #makeSnapshot(phase: Snapshot['phase'], failure: string | null): Snapshot {
    const elapsedMs = performance.now() - this.#startedAt;
    return makeSnapshot(this.#pipeline, this.#judgement, this.#source, { phase, failure, elapsedMs });
  }
}
