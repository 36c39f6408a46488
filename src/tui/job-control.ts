/** Leaving for the shell and coming back (POSIX job control, section 11.1.4): Ctrl+Z in raw mode is ours to act on. */

export interface JobHost {
  /** Gives the terminal back: the shell is next. */
  leave(): void;
  /** The terminal may be ours again, and show anything. */
  resume(): void;
}

/** Long enough for the stop signal to have taken hold before the terminal is taken again. */
const RESUME_MS = 60;

export class JobControl {
  readonly #host: JobHost;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: JobHost) {
    this.#host = host;
  }

  start(): void {
    process.on('SIGTSTP', this.#onStopSignal);
    process.on('SIGCONT', this.#onContinue);
  }

  /** Nothing comes back after this, not even from a suspension that just ended. */
  stop(): void {
    clearTimeout(this.#timer);
    process.off('SIGTSTP', this.#onStopSignal);
    process.off('SIGCONT', this.#onContinue);
  }

  suspend(): void {
    // Windows has no such signal.
    if (process.platform === 'win32') return;
    this.#host.leave();
    process.off('SIGTSTP', this.#onStopSignal);
    // The whole job, as the terminal does it for a program that leaves Ctrl+Z to it.
    process.kill(0, 'SIGTSTP');
    // Where there is no shell that could continue us nothing stops, and no SIGCONT comes.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onContinue, RESUME_MS);
  }

  readonly #onStopSignal = (): void => this.suspend();

  readonly #onContinue = (): void => {
    clearTimeout(this.#timer);
    process.off('SIGTSTP', this.#onStopSignal).on('SIGTSTP', this.#onStopSignal);
    this.#host.resume();
  };
}
