/** Signals that are listened to from the start, before what they ask for can be done. */

/** They would end the process: here they end what runs in good order. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** It asks for a summary. Unheard it would open the port of a debugger, which Node.js does by itself. */
export const SUMMARY_SIGNALS = ['SIGUSR1'] as const;

export class HeardSignals {
  readonly #signals: readonly NodeJS.Signals[];
  #hasCome = false;
  #act: (() => void) | null = null;

  constructor(signals: readonly NodeJS.Signals[]) {
    this.#signals = signals;
    for (const signal of signals) process.on(signal, this.#onSignal);
  }

  /** Calls `act` at each signal, and at once when one has come already. */
  onSignal(act: () => void): void {
    this.#act = act;
    if (this.#hasCome) act();
  }

  /** Lets the signals do again what they do. */
  release(): void {
    for (const signal of this.#signals) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = (): void => {
    this.#hasCome = true;
    this.#act?.();
  };
}
