/** Holds the state and the data outside of React, and turns input and news into the next scene. */

import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { actionOf } from './command-action.ts';
import type { Data } from './data.ts';
import type { Input, Key, Mouse } from './key-decoder.ts';
import { type Command, commandFor } from './keymap.ts';
import { activeShape, activeView, sceneOf } from './layout.ts';
import { Questions } from './questions.ts';
import { itemAt } from './scroll.ts';
import { type Action, canGoBack, currentPosition, initialState, reduce, type State } from './state.ts';
import type { Marks } from './theme.ts';
import { placeOf } from './views/footer.ts';
import { HEADER_ROWS, tabAt } from './views/header.ts';
import { paletteChoices } from './views/palette.ts';
import type { Scene } from './views/view.ts';

/** What commands do to the world outside of the screen. */
export interface StoreHost {
  copy(text: string): void;
  quit(): void;
  suspend(): void;
  /** Something on screen may have changed; `isUrgent` when someone waits for it. */
  changed(isUrgent: boolean): void;
}

const WHEEL_STEPS = 3;

export class Store {
  readonly #analysis: Analysis;
  readonly #marks: Marks;
  readonly #host: StoreHost;
  readonly #questions: Questions;
  readonly #unsubscribe: () => void;
  #state: State;
  #data: Data;
  /** News that came while the screen was paused. */
  #held: Snapshot | null = null;

  constructor(analysis: Analysis, marks: Marks, host: StoreHost, columns: number, rows: number) {
    this.#analysis = analysis;
    this.#marks = marks;
    this.#host = host;
    this.#state = initialState(columns, rows);
    this.#data = { snapshot: analysis.snapshot, flows: null, streams: null, hosts: null, details: new Map() };
    this.#questions = new Questions(
      analysis,
      (news) => this.#learn(news, true),
      (error) => this.#notify(`Not answered: ${describeError(error)}`),
    );
    this.#unsubscribe = analysis.subscribe((snapshot) => this.#publish(snapshot));
    this.#questions.askFor(this.scene);
  }

  /** All that the screen is a function of. */
  get scene(): Scene {
    return sceneOf(this.#state, this.#data, this.#marks);
  }

  close(): void {
    this.#unsubscribe();
  }

  resize(columns: number, rows: number): void {
    this.#act({ kind: 'resize', columns, rows });
  }

  input(input: Input): void {
    if (input.kind === 'mouse') {
      this.#point(input);
      return;
    }
    const command = commandFor(input.name, placeOf(this.#state), this.#state.overlay.kind);
    this.#state = { ...this.#state, notice: '' };
    if (command === null) this.#type(input);
    else this.#run(command);
  }

  #run(command: Command): void {
    switch (command) {
      case 'interrupt':
        this.#host.quit();
        break;
      case 'quit':
        this.#quit();
        break;
      case 'suspend':
        this.#host.suspend();
        break;
      case 'back':
        this.#goBack();
        break;
      case 'open':
        this.#open();
        break;
      case 'copy':
        this.#copy();
        break;
      case 'pause':
        this.#pause();
        break;
      case 'next-problem':
        this.#findProblem(1);
        break;
      case 'previous-problem':
        this.#findProblem(-1);
        break;
      default:
        this.#act(actionOf(command));
    }
  }

  /** The wheel scrolls; a click chooses what it hits, and opens it when it was chosen already. */
  #point({ button, column, row }: Mouse): void {
    if (button !== 'left') {
      for (let step = 0; step < WHEEL_STEPS; step++)
        this.#act({ kind: 'move', motion: button === 'wheel-up' ? 'up' : 'down' });
      return;
    }
    const tab = tabAt(column, row);
    if (tab !== null) {
      this.#act({ kind: 'view', view: tab });
      return;
    }
    const { scene } = this;
    const { cursor } = currentPosition(scene.state);
    const item = itemAt(currentPosition(scene.state), activeShape(scene), row - HEADER_ROWS);
    if (item === null) return;
    this.#act({ kind: 'stand', cursor: item });
    if (item === cursor || activeShape(scene).kind === 'text') this.#open();
  }

  #type(key: Key): void {
    const choices = paletteChoices(this.#state);
    const { overlay } = this.#state;
    if (overlay.kind === 'palette' && key.name === 'enter') {
      this.#act({ kind: 'back' });
      const chosen = choices[overlay.chosen];
      if (chosen !== undefined) this.#run(chosen.command);
      return;
    }
    this.#act({ kind: 'type', key, choices: choices.length });
  }

  /** What is being captured cannot be read again: that is worth a question. */
  #quit(): void {
    const { phase, progress } = this.#data.snapshot;
    const isCapturing = phase === 'reading' && progress.bytesTotal === null;
    if (isCapturing && this.#state.overlay.kind !== 'confirm') this.#act({ kind: 'overlay', overlay: 'confirm' });
    else this.#host.quit();
  }

  #goBack(): void {
    if (canGoBack(this.#state) || this.#data.snapshot.phase !== 'reading') {
      this.#act({ kind: 'back' });
      return;
    }
    this.#analysis.cancel();
    this.#notify('Stopping; what was read stays.');
  }

  #open(): void {
    const { scene } = this;
    const goal = activeView(scene).open?.(scene, currentPosition(scene.state).cursor) ?? null;
    if (goal?.kind === 'flows') this.#act({ kind: 'flows', where: goal.where });
    else if (goal !== null) this.#act({ kind: 'open', page: goal });
  }

  #copy(): void {
    const { scene } = this;
    const copy = activeView(scene).copy?.(scene, currentPosition(scene.state).cursor);
    if (copy == null) return;
    if (copy.kind === 'text') {
      this.#putOnClipboard(copy.what, copy.text);
      return;
    }
    this.#analysis.flow(copy.id).then(
      (detail) => detail !== null && this.#putOnClipboard('the display filter', detail.displayFilter),
      (error: unknown) => this.#notify(`Not copied: ${describeError(error)}`),
    );
  }

  #putOnClipboard(what: string, text: string): void {
    this.#host.copy(text);
    this.#notify(`Copied ${what}: ${text.replaceAll('\n', ' ')}`);
  }

  /** The screen stands still; reading goes on. */
  #pause(): void {
    this.#act({ kind: 'pause' });
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#publish(held);
  }

  #findProblem(by: 1 | -1): void {
    const { scene } = this;
    const found = activeView(scene).findProblem?.(scene, currentPosition(scene.state).cursor, by) ?? null;
    if (found === null) this.#notify('No further problem in sight that way; ! shows problems only.');
    else if (typeof found === 'number') this.#act({ kind: 'stand', cursor: found });
    else this.#act({ kind: 'replace', page: found });
  }

  #notify(text: string): void {
    this.#act({ kind: 'notice', text });
  }

  #act(action: Action): void {
    this.#state = reduce(this.#state, action, activeShape(this.scene));
    this.#settle();
    this.#host.changed(true);
  }

  #publish(snapshot: Snapshot): void {
    if (this.#state.isPaused) {
      this.#held = snapshot;
      return;
    }
    const { scene } = this;
    const chosen = activeView(scene).identify?.(scene, currentPosition(scene.state).cursor) ?? null;
    // What was being waited for has happened.
    if (snapshot.phase !== scene.data.snapshot.phase) this.#state = { ...this.#state, notice: '' };
    this.#questions.forget();
    this.#learn({ snapshot }, false);
    if (chosen !== null) this.#follow(chosen);
  }

  /** Ranks change with the news: the cursor stays with what it was put on, and at the top if it was never moved. */
  #follow(chosen: string): void {
    const { scene } = this;
    const { cursor } = currentPosition(scene.state);
    const place = activeView(scene).locate?.(scene, chosen) ?? cursor;
    if (cursor > 0 && place !== cursor) this.#act({ kind: 'stand', cursor: place });
  }

  #learn(news: Partial<Data>, isUrgent: boolean): void {
    this.#data = { ...this.#data, ...news };
    this.#settle();
    this.#host.changed(isUrgent);
  }

  /** Lists grow and shrink and the terminal changes its size: the cursor stays on something that is there. */
  #settle(): void {
    this.#state = reduce(this.#state, { kind: 'settle' }, activeShape(this.scene));
    this.#questions.askFor(this.scene);
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
