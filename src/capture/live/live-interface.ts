/** One interface that is captured on: its program, started again whenever it ends before it was asked to. */

import { formatTimeOfDay } from '../../format/time.ts';
import { CaptureError, type CaptureInterface, type FrameBatch } from '../frame-batch.ts';
import { CaptureChild } from './capture-child.ts';
import { type CaptureFailure, explainFailure } from './capture-failure.ts';
import type { CaptureTool } from './capture-tool.ts';
import type { LiveOptions } from './live-options.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/** A program that could not begin to capture. */
export class CannotCapture extends CaptureError {
  readonly kind: CaptureFailure['kind'];

  constructor({ kind, text }: CaptureFailure) {
    super(text);
    this.kind = kind;
  }
}

export class LiveInterface {
  readonly name: string;
  /** Why and when nothing was captured, in one sentence; null as long as all went well. */
  trouble: string | null = null;
  interruptions = 0;
  readonly #tool: CaptureTool;
  readonly #options: LiveOptions;
  #child: CaptureChild;
  /** Of programs that have ended. */
  #droppedBefore = 0;
  #bytesBefore = 0;
  #isStopped = false;
  #wake: (() => void) | null = null;

  private constructor(name: string, tool: CaptureTool, options: LiveOptions, child: CaptureChild) {
    this.name = name;
    this.#tool = tool;
    this.#options = options;
    this.#child = child;
  }

  /** Fails with `CannotCapture`. */
  static async open(name: string, tool: CaptureTool, options: LiveOptions): Promise<LiveInterface> {
    const child = new CaptureChild(tool, name, options);
    if (await child.open()) return new LiveInterface(name, tool, options, child);
    throw new CannotCapture(explainFailure(tool, name, options.filter, child.printed));
  }

  /** The next frames; null once it was stopped and all that was on its way has come. */
  async next(): Promise<FrameBatch | null> {
    for (;;) {
      const batch = await this.#child.next();
      if (batch !== null) return batch;
      const signal = await this.#child.ended;
      if (this.#isStopped) return null;
      await this.#startAgain(this.#describeEnd(signal));
    }
  }

  /** What the program says of the interface; null before its first frame. */
  get interface(): CaptureInterface | null {
    return this.#child.interface;
  }

  get format(): string {
    return this.#child.format;
  }

  /** Null when the program has not told yet. */
  get dropped(): number | null {
    const { dropped } = this.#child;
    return dropped === null && this.#droppedBefore === 0 ? null : this.#droppedBefore + (dropped ?? 0);
  }

  get bytesRead(): number {
    return this.#bytesBefore + this.#child.bytesRead;
  }

  stop(): void {
    this.#isStopped = true;
    void this.#child.close();
    this.#wake?.();
  }

  /** Resolves when no program runs any more. */
  async close(): Promise<void> {
    this.stop();
    await this.#child.ended;
  }

  #describeEnd(signal: string | null): string {
    if (signal !== null) return `${this.#tool.name} was ended by ${signal}`;
    return explainFailure(this.#tool, this.name, null, this.#child.printed).text.replace(/\.$/, '');
  }

  /** Resolves when it captures again, or was stopped. */
  async #startAgain(reason: string): Promise<void> {
    this.interruptions++;
    const since = timeOfDay();
    this.trouble = `Nothing is captured on ${this.name} since ${since} UTC (${reason}); it is tried again and again.`;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await this.#pause(pauseMs);
      if (this.#isStopped) return;
      this.#droppedBefore = this.dropped ?? 0;
      this.#bytesBefore = this.bytesRead;
      this.#child = new CaptureChild(this.#tool, this.name, this.#options);
      if (await this.#child.open()) break;
    }
    const often = this.interruptions === 1 ? '' : ` It was interruption ${this.interruptions}.`;
    this.trouble = `Nothing was captured on ${this.name} from ${since} to ${timeOfDay()} UTC (${reason}).${often}`;
    if (this.#isStopped) await this.#child.close();
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function timeOfDay(): string {
  const now = Date.now();
  return formatTimeOfDay((now % 1000) * 1e6, Math.floor(now / 1000)).slice(0, 8);
}
