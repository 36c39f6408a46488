/** One interface that is captured on: its program, started again whenever it ends before it was asked to. */

import { printable } from '../../format/text.ts';
import { formatTimeOfDay } from '../../format/time.ts';
import { type BlindTime, CaptureError, type CaptureInterface, type FrameBatch } from '../frame-batch.ts';
import { CaptureChild } from './capture-child.ts';
import { type CaptureFailure, explainFailure } from './capture-failure.ts';
import type { CaptureTool } from './capture-tool.ts';
import { type LinkState, linkState } from './link-state.ts';
import type { LiveOptions } from './live-options.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
const MOST_BLIND_TIMES = 256;
/** The end of what still goes on. */
const LASTING = Number.POSITIVE_INFINITY;

const LINK_WORDS: Readonly<Record<LinkState, string>> = {
  up: 'is up',
  'no-carrier': 'has no link',
  down: 'is down',
  gone: 'is gone',
  unknown: 'is not known',
};

const LINK_WORDS_AFTER: typeof LINK_WORDS = {
  ...LINK_WORDS,
  'no-carrier': 'had no link',
  down: 'was down',
  gone: 'was gone',
};

interface LiveBlindTime extends BlindTime {
  end: number;
}

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
  interruptions = 0;
  readonly #tool: CaptureTool;
  readonly #options: LiveOptions;
  #child: CaptureChild;
  /** Of programs that have ended. */
  #droppedBefore = 0;
  #bytesBefore = 0;
  /** When the program last ended before its time, and what became of it. */
  #interruption: string | null = null;
  /** Whether there is a state of its link to look at: libpcap knows names that are no interface of the system. */
  readonly #hasLink: boolean;
  /** When the interface was seen down, and up again; null before that. */
  #down: LiveBlindTime | null = null;
  #downAs: LinkState = 'down';
  readonly #blindTimes: LiveBlindTime[] = [];
  #isStopped = false;
  #wake: (() => void) | null = null;

  private constructor(name: string, tool: CaptureTool, options: LiveOptions, child: CaptureChild) {
    this.name = name;
    this.#tool = tool;
    this.#options = options;
    this.#child = child;
    this.#hasLink = linkState(name) !== 'gone';
  }

  /** Fails with `CannotCapture`. */
  static async open(name: string, tool: CaptureTool, options: LiveOptions): Promise<LiveInterface> {
    const child = startChild(tool, name, options);
    if (child instanceof CaptureChild && (await child.open())) return new LiveInterface(name, tool, options, child);
    const printed = child instanceof CaptureChild ? child.printed : child.message;
    throw new CannotCapture(explainFailure(tool, name, options.filter, printed));
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

  /** Why nothing is or was captured, a sentence each; looks at the interface again. */
  troubles(): string[] {
    const down = this.#lookAtLink();
    return [down, this.#interruption].filter((text) => text !== null);
  }

  /** When nothing came from here, in order of their beginnings; the latest ones. */
  get blindTimes(): readonly BlindTime[] {
    return this.#blindTimes;
  }

  get bytesRead(): number {
    return this.#bytesBefore + this.#child.bytesRead;
  }

  stop(): void {
    this.#isStopped = true;
    void this.#child.close();
    this.#wake?.();
  }

  /** Resolves when no program runs any more; what was still on its way is lost. */
  async close(): Promise<void> {
    this.stop();
    await this.#child.kill();
  }

  /** What is to be said of the link, now or since it was down. */
  #lookAtLink(): string | null {
    const link = this.#hasLink ? linkState(this.name) : 'unknown';
    const isUp = link === 'up' || link === 'unknown';
    const name = printable(this.name);
    if (!isUp) {
      if (this.#down?.end !== LASTING) this.#down = this.#goBlind();
      this.#downAs = link;
      return `Interface ${name} ${LINK_WORDS[link]} since ${timeOfDay(this.#down.start)} UTC.`;
    }
    if (this.#down === null) return null;
    if (this.#down.end === LASTING) this.#down.end = now();
    return `Interface ${name} ${LINK_WORDS_AFTER[this.#downAs]} from ${timeOfDay(this.#down.start)} to ${timeOfDay(this.#down.end)} UTC.`;
  }

  #goBlind(): LiveBlindTime {
    const time: LiveBlindTime = { start: now(), end: LASTING };
    if (this.#blindTimes.length >= MOST_BLIND_TIMES) this.#blindTimes.shift();
    this.#blindTimes.push(time);
    return time;
  }

  #describeEnd(signal: string | null): string {
    const link = this.#hasLink ? linkState(this.name) : 'unknown';
    const where = link === 'down' || link === 'gone' ? `the interface ${LINK_WORDS[link]}; ` : '';
    if (signal !== null) return `${where}${this.#tool.name} was ended by ${signal}`;
    return where + explainFailure(this.#tool, this.name, null, this.#child.printed).text.replace(/\.$/, '');
  }

  /** Resolves when it captures again, or was stopped. */
  async #startAgain(reason: string): Promise<void> {
    this.interruptions++;
    const blind = this.#goBlind();
    const since = timeOfDay(blind.start);
    this.#interruption = `Nothing is captured on ${printable(this.name)} since ${since} UTC (${reason}); it is tried again and again.`;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await this.#pause(pauseMs);
      if (this.#isStopped) return;
      const child = startChild(this.#tool, this.name, this.#options);
      if (child instanceof Error) continue;
      this.#droppedBefore = this.dropped ?? 0;
      this.#bytesBefore = this.bytesRead;
      this.#child = child;
      if (await child.open()) break;
    }
    blind.end = now();
    const often = this.interruptions === 1 ? '' : ` It was interruption ${this.interruptions}.`;
    this.#interruption = `Nothing was captured on ${printable(this.name)} from ${since} to ${timeOfDay(blind.end)} UTC (${reason}).${often}`;
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

/** Node.js throws some reasons why a program cannot start at once; others the child tells later. */
function startChild(tool: CaptureTool, name: string, options: LiveOptions): CaptureChild | Error {
  try {
    return new CaptureChild(tool, name, options);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Seconds since 1970. */
function now(): number {
  return Date.now() / 1000;
}

/** To the millisecond. */
function timeOfDay(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  return formatTimeOfDay((milliseconds % 1000) * 1e6, Math.floor(milliseconds / 1000)).slice(0, 12);
}
