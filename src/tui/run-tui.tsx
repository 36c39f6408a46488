/** Runs the terminal UI over an analysis until the person quits. */

import type { Analysis } from '../analysis/snapshot.ts';
import { printable } from '../format/text.ts';
import { Controls } from './controls.ts';
import type { FrameRenderer } from './frame.tsx';
import { FramePacer } from './frame-pacer.ts';
import { JobControl } from './job-control.ts';
import { type Input, KeyDecoder } from './key-decoder.ts';
import { NO_OFFER, type Saver } from './saving.ts';
import { ScreenWriter } from './screen-writer.ts';
import { Store } from './store.ts';
import { Terminal } from './terminal.ts';
import { detectTheme, type Theme } from './theme.ts';

export interface TuiOptions {
  /** Where keys come from: standard input, or the terminal itself when standard input is the capture. */
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How to save what is on screen; absent where that cannot be done. */
  readonly saver?: Saver;
}

/** Signals that end the process; the terminal is given back before they do. */
const ENDING_SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
/** An Esc that no further byte follows within this time was the key. */
const ESCAPE_MS = 30;

/** Resolves when the person has quit and the terminal is as it was. The analysis stays open: it is the caller's. */
export async function runTui(analysis: Analysis, options: TuiOptions): Promise<void> {
  // Ink takes longer to load than everything else; commands that draw nothing do without it.
  const { FrameRenderer } = await import('./frame.tsx');
  await new Promise<void>((resolve) => new Tui(analysis, options, new FrameRenderer(), resolve).start());
}

class Tui {
  readonly #options: TuiOptions;
  readonly #renderer: FrameRenderer;
  readonly #resolve: () => void;
  readonly #terminal: Terminal;
  readonly #theme: Theme;
  readonly #store: Store;
  readonly #controls: Controls;
  readonly #writer = new ScreenWriter();
  readonly #decoder = new KeyDecoder();
  readonly #pacer = new FramePacer(() => this.#draw());
  readonly #job = new JobControl({ leave: () => this.#terminal.leave(), resume: () => this.#resume() });
  #escapeTimer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(analysis: Analysis, options: TuiOptions, renderer: FrameRenderer, resolve: () => void) {
    this.#options = options;
    this.#renderer = renderer;
    this.#resolve = resolve;
    this.#terminal = new Terminal(options.input, options.output);
    this.#theme = detectTheme(options.env);
    const { columns, rows } = this.#terminal;
    this.#store = new Store(analysis, {
      marks: this.#theme.marks,
      columns,
      rows,
      offer: options.saver ?? NO_OFFER,
      changed: (isUrgent) => this.#pacer.request(isUrgent),
    });
    this.#controls = new Controls(analysis, this.#store, {
      saver: options.saver ?? null,
      copy: (text) => this.#terminal.copy(text),
      quit: () => this.#stop(),
      suspend: () => this.#job.suspend(),
    });
  }

  start(): void {
    const { input, output } = this.#options;
    input.setEncoding('utf8');
    input.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onEnd);
    output.on('resize', this.#onResize).on('drain', this.#onDrain).on('error', this.#onEnd);
    for (const signal of ENDING_SIGNALS) process.on(signal, this.#onEndingSignal);
    this.#job.start();
    process.on('exit', this.#onExit);
    this.#terminal.enter();
    this.#draw();
  }

  #stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { input, output } = this.#options;
    this.#pacer.stop();
    this.#store.close();
    clearTimeout(this.#escapeTimer);
    this.#terminal.leave();
    input.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onEnd);
    output.off('resize', this.#onResize).off('drain', this.#onDrain).off('error', this.#onEnd);
    for (const signal of ENDING_SIGNALS) process.off(signal, this.#onEndingSignal);
    this.#job.stop();
    process.off('exit', this.#onExit);
    for (const path of this.#controls.saved) output.write(`Saved ${printable(path)}\n`);
    this.#resolve();
  }

  #draw(): void {
    if (!this.#terminal.isOurs || this.#terminal.isCongested) return;
    this.#terminal.write(this.#writer.update(this.#renderer.render(this.#store.scene, this.#theme)));
  }

  readonly #onData = (chunk: string): void => {
    clearTimeout(this.#escapeTimer);
    for (const input of this.#decoder.push(chunk)) this.#act(input);
    if (!this.#decoder.isWaiting) return;
    this.#escapeTimer = setTimeout(() => {
      for (const input of this.#decoder.flush()) this.#act(input);
    }, ESCAPE_MS);
  };

  /** Keys that were typed ahead of the end are nobody's. */
  #act(input: Input): void {
    if (!this.#isOver) this.#controls.input(input);
  }

  /** Nobody is there any more. */
  readonly #onEnd = (): void => this.#stop();

  readonly #onDrain = (): void => this.#pacer.request(true);

  readonly #onResize = (): void => {
    // Terminals move text about when they change their size.
    this.#writer.forget();
    this.#terminal.write('\x1b[2J');
    this.#store.act({ kind: 'resize', columns: this.#terminal.columns, rows: this.#terminal.rows });
  };

  /** Gives the terminal back, then lets the signal do what it does. */
  readonly #onEndingSignal = (signal: NodeJS.Signals): void => {
    this.#stop();
    process.kill(process.pid, signal);
  };

  /** Also runs when an exception ends the process, before its trace is printed. */
  readonly #onExit = (): void => this.#terminal.leave();

  #resume(): void {
    this.#writer.forget();
    this.#terminal.enter();
    this.#store.act({ kind: 'resize', columns: this.#terminal.columns, rows: this.#terminal.rows });
  }
}
