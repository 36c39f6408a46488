/** Holds the state and the data outside of React, and asks the analysis for what the screen needs. */

import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { type Data, isCapturing } from './data.ts';
import { isProblem } from './flow-text.ts';
import { activeShape, activeView, sceneOf } from './layout.ts';
import type { FilterMemory } from './overlay.ts';
import { Questions } from './questions.ts';
import type { SaveOffer } from './saving.ts';
import { type Action, currentPosition, initialState, reduce, type State } from './state.ts';
import type { Marks } from './theme.ts';
import type { Scene } from './views/view.ts';

export interface StoreOptions {
  readonly marks: Marks;
  readonly columns: number;
  readonly rows: number;
  /** Show a newcomer around. */
  readonly isTour?: boolean;
  /** Filters of earlier runs. */
  readonly memory?: FilterMemory | undefined;
  /** What can be saved. */
  readonly offer: SaveOffer;
  /** Something on screen may have changed; `isUrgent` when someone waits for it. */
  readonly changed: (isUrgent: boolean) => void;
  /** Makes itself heard, where that is wanted. */
  readonly ring?: () => void;
}

export class Store {
  readonly #marks: Marks;
  readonly #ring: () => void;
  readonly #changed: (isUrgent: boolean) => void;
  readonly #questions: Questions;
  readonly #unsubscribe: () => void;
  #state: State;
  #data: Data;
  /** News that came while the screen was paused. */
  #held: Snapshot | null = null;

  constructor(
    analysis: Analysis,
    { marks, columns, rows, isTour = false, memory, offer, changed, ring = () => {} }: StoreOptions,
  ) {
    this.#marks = marks;
    this.#changed = changed;
    this.#ring = ring;
    this.#state = initialState(columns, rows, isTour, memory);
    this.#data = {
      snapshot: analysis.snapshot,
      flows: null,
      streams: null,
      hosts: null,
      offer,
      details: new Map(),
      frame: null,
    };
    this.#questions = new Questions(
      analysis,
      (news) => this.#learn(news, true),
      (error) => this.notify(`Not answered: ${describeError(error)}`),
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

  act(action: Action): void {
    this.#state = reduce(this.#state, action, activeShape(this.scene));
    this.#settle();
    this.#changed(true);
    if (!this.#state.isPaused && this.#held !== null) this.#publish(this.#held);
  }

  /** One line for the person, until the next key; empty takes it away. */
  notify(text: string): void {
    this.act({ kind: 'notice', text });
  }

  #publish(snapshot: Snapshot): void {
    this.#held = this.#state.isPaused ? snapshot : null;
    if (this.#state.isPaused) return;
    const { phase } = this.#data.snapshot;
    // What was being waited for has happened.
    if (snapshot.phase !== phase) this.#state = { ...this.#state, notice: '' };
    this.#announce(snapshot);
    this.#questions.forget();
    this.#learn({ snapshot }, false);
  }

  /** While frames come in live, a new problem is told in one line; the cursor and the screen stay where they are. */
  #announce({ findings }: Snapshot): void {
    if (!isCapturing(this.#data)) return;
    const known = new Set(this.#data.snapshot.findings.map(({ id }) => id));
    const news = findings.filter(({ id, verdict }) => !known.has(id) && isProblem(verdict));
    const [first, ...others] = news;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    this.#state = { ...this.#state, notice: `New: ${first.title}${more}` };
    if (this.#state.isBellOn) this.#ring();
  }

  #learn(news: Partial<Data>, isUrgent: boolean): void {
    const before = this.scene;
    const { cursor } = currentPosition(before.state);
    const chosen = activeView(before).identify?.(before, cursor) ?? null;
    this.#data = { ...this.#data, ...news };
    if (chosen !== null && cursor > 0) this.#follow(chosen);
    this.#settle();
    this.#changed(isUrgent);
  }

  /** Ranks change with the news: the cursor stays with what it was put on. At the top it stays at the top. */
  #follow(chosen: string): void {
    const { scene } = this;
    const place = activeView(scene).locate?.(scene, chosen) ?? null;
    if (place !== null) this.#state = reduce(this.#state, { kind: 'stand', cursor: place }, activeShape(scene));
  }

  /** Lists grow and shrink and the terminal changes its size: the cursor stays on something that is there. */
  #settle(): void {
    this.#state = reduce(this.#state, { kind: 'settle' }, activeShape(this.scene));
    this.#questions.askFor(this.scene);
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
