/** One running program that captures on one interface: its stream of frames, what it prints, how it ends. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ChunkInput } from '../byte-input.ts';
import { CaptureLog } from '../capture-log.ts';
import type { CaptureReader } from '../capture-reader.ts';
import { CaptureError, type CaptureInterface, type FrameBatch } from '../frame-batch.ts';
import { openCapture } from '../open-capture.ts';
import { type CaptureTool, captureArguments, counterSignal, readDropped } from './capture-tool.ts';
import type { LiveOptions } from './live-options.ts';

/** What is kept of what it prints, its counters left out: its first words tell why it failed. */
const MOST_PRINTED = 8192;
/** Time to write what it still holds after it was asked to end. */
const PATIENCE_MS = 3000;
const COUNTERS_EVERY_MS = 1000;

export class CaptureChild {
  /** Bytes of its stream so far. */
  bytesRead = 0;
  readonly bytesTotal = null;
  /** Resolves once it is gone, to the signal that ended it. */
  readonly ended: Promise<string | null>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #tool: CaptureTool;
  readonly #log: CaptureLog;
  readonly #input: ChunkInput;
  #reader: CaptureReader | null = null;
  #printed = '';
  /** The beginning of a line that it has not ended yet. */
  #line = '';
  /** By what it printed; pcapng tells it in the stream. */
  #dropped: number | null = null;
  #counters: NodeJS.Timeout | undefined;
  #killer: NodeJS.Timeout | undefined;

  constructor(tool: CaptureTool, interfaceName: string, options: LiveOptions) {
    this.#tool = tool;
    // In a group of its own: Ctrl+C is for us, who then end it in good order.
    this.#process = spawn(tool.path, captureArguments(tool, interfaceName, options), {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#process.on('error', (error) => this.#hear(`${error.message}\n`));
    this.ended = new Promise((resolve) => {
      this.#process.on('close', (_code, signal) => resolve(signal));
    });
    this.#log = new CaptureLog(interfaceName);
    this.#input = new ChunkInput(this.#chunks(), this);
  }

  /** Resolves when frames may come; false when it has ended without a stream. */
  async open(): Promise<boolean> {
    try {
      this.#reader = await openCapture(this.#input, this.#log, 0);
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      await this.ended;
      return false;
    }
    // Not before: the signal would end a program that has only begun.
    const signal = counterSignal(this.#tool);
    if (signal !== null) this.#counters = setInterval(() => this.#process.kill(signal), COUNTERS_EVERY_MS);
    void this.ended.then(() => clearInterval(this.#counters));
    return true;
  }

  /** The next frames, or null when it has ended. */
  async next(): Promise<FrameBatch | null> {
    return (await this.#reader?.next()) ?? null;
  }

  /** What it said of its interface; null before that. */
  get interface(): CaptureInterface | null {
    return this.#log.info.interfaces[0] ?? null;
  }

  /** The first of its standard error. */
  get printed(): string {
    return this.#printed + this.#line;
  }

  get dropped(): number | null {
    return this.interface?.dropped ?? this.#dropped;
  }

  get format(): string {
    return this.#log.info.format;
  }

  /** Asks it to end; what it still holds comes through `next`. */
  async close(): Promise<void> {
    if (this.#killer !== undefined) return;
    this.#process.kill('SIGINT');
    this.#killer = setTimeout(() => this.#process.kill('SIGKILL'), PATIENCE_MS);
    void this.ended.then(() => clearTimeout(this.#killer));
  }

  /** Ends it whatever it still holds. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    this.#process.stdout.destroy();
    await this.ended;
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    const { stdout } = this.#process;
    for await (const chunk of stdout) {
      const bytes = chunk as Uint8Array;
      this.bytesRead += bytes.length;
      yield bytes;
    }
  }

  #hear(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = (lines.pop() ?? '').slice(-MOST_PRINTED);
    for (const line of lines) {
      const dropped = readDropped(line);
      if (dropped !== null) this.#dropped = dropped;
      else if (this.#printed.length < MOST_PRINTED) this.#printed += `${line.slice(0, MOST_PRINTED)}\n`;
    }
  }
}
