/** Signals that would end the process: from here on they end what runs in good order. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class EndingSignals {
  #hasCome = false;
  #end: (() => void) | null = null;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  /** Calls `end` at each signal, and at once when one has come already. */
  onSignal(end: () => void): void {
    this.#end = end;
    if (this.#hasCome) end();
  }

  /** Lets the signals do again what they do. */
  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    this.#hasCome = true;
    this.#end?.();
  };
}
