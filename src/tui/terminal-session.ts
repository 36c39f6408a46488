/** The terminal while a screen has it: keys come in, rows go out, and every way to the end gives it back. */

import { FramePacer } from './frame-pacer.ts';
import { JobControl } from './job-control.ts';
import { type Input, KeyDecoder } from './key-decoder.ts';
import { Terminal } from './terminal.ts';

export interface SessionStreams {
  /** Where keys come from: standard input, or the terminal itself when standard input is the capture. */
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Lines one below the other, in place of a screen. */
  readonly isPlain?: boolean;
}

/** What is on the screen. */
export interface SessionClient {
  /** What the terminal must be sent to show what there is to be shown. */
  draw(): string;
  /** The terminal shows something else now: the next drawing is whole. */
  forget(): void;
  input(input: Input): void;
  /** Also when the terminal comes back from somebody else. */
  resize(columns: number, rows: number): void;
  /** Once, when the terminal has been given back: by `stop`, a signal, or because nobody is there any more. */
  ended(): void;
}

/** Signals that end the process; the terminal is given back before they do. */
const ENDING_SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
/** An Esc that no further byte follows within this time was the key. */
const ESCAPE_MS = 30;

export class TerminalSession {
  readonly #streams: SessionStreams;
  readonly #client: SessionClient;
  readonly #terminal: Terminal;
  readonly #decoder = new KeyDecoder();
  readonly #pacer = new FramePacer(() => this.#draw());
  readonly #job = new JobControl({ leave: () => this.#terminal.leave(), resume: () => this.#resume() });
  #escapeTimer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(streams: SessionStreams, client: SessionClient) {
    this.#streams = streams;
    this.#client = client;
    this.#terminal = new Terminal(streams.input, streams.output, streams.isPlain === true);
  }

  get columns(): number {
    return this.#terminal.columns;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  start(): void {
    const { input, output } = this.#streams;
    input.setEncoding('utf8');
    input.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onEnd);
    output.on('resize', this.#onResize).on('drain', this.#onDrain).on('error', this.#onEnd);
    for (const signal of ENDING_SIGNALS) process.on(signal, this.#onEndingSignal);
    this.#job.start();
    process.on('exit', this.#onExit);
    this.#terminal.enter();
    this.#draw();
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { input, output } = this.#streams;
    this.#pacer.stop();
    clearTimeout(this.#escapeTimer);
    this.#terminal.leave();
    input.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onEnd);
    output.off('resize', this.#onResize).off('drain', this.#onDrain).off('error', this.#onEnd);
    for (const signal of ENDING_SIGNALS) process.off(signal, this.#onEndingSignal);
    this.#job.stop();
    process.off('exit', this.#onExit);
    this.#client.ended();
  }

  /** `isUrgent` when someone waits for it. */
  redraw(isUrgent: boolean): void {
    this.#pacer.request(isUrgent);
  }

  suspend(): void {
    this.#job.suspend();
  }

  /** False when the text is too long for terminals to take. */
  copy(text: string): boolean {
    return this.#terminal.copy(text);
  }

  ring(): void {
    this.#terminal.write('\x07');
  }

  #draw(): void {
    if (!this.#terminal.isOurs || this.#terminal.isCongested) return;
    this.#terminal.write(this.#client.draw());
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
    if (!this.#isOver) this.#client.input(input);
  }

  /** Nobody is there any more. */
  readonly #onEnd = (): void => this.stop();

  readonly #onDrain = (): void => this.#pacer.request(true);

  readonly #onResize = (): void => {
    // Terminals move text about when they change their size.
    this.#client.forget();
    this.#terminal.clear();
    this.#client.resize(this.columns, this.rows);
  };

  /** Gives the terminal back, then lets the signal do what it does. */
  readonly #onEndingSignal = (signal: NodeJS.Signals): void => {
    this.stop();
    process.kill(process.pid, signal);
  };

  /** Also runs when an exception ends the process, before its trace is printed. */
  readonly #onExit = (): void => this.#terminal.leave();

  #resume(): void {
    this.#client.forget();
    this.#terminal.enter();
    this.#client.resize(this.columns, this.rows);
  }
}
