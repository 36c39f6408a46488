/** Holds the state and the data outside of React, and asks the analysis for what the screen needs. */

import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { type Finding, isProblem } from '../verdict/finding.ts';
import { type Data, isCapturing } from './data.ts';
import { FindingNews } from './finding-news.ts';
import { activeShape, activeView, sceneOf } from './layout.ts';
import { Questions } from './questions.ts';
import { RecentRate } from './recent-rate.ts';
import type { SaveOffer } from './saving.ts';
import { type Action, currentPosition, initialState, reduce, type ScreenMemory, type State } from './state.ts';
import type { Marks } from './theme.ts';
import type { Scene } from './views/view.ts';

export interface StoreOptions {
  readonly marks: Marks;
  readonly columns: number;
  readonly rows: number;
  /** Show a newcomer around. */
  readonly isTour?: boolean;
  /** Of earlier runs. */
  readonly memory?: ScreenMemory | undefined;
  /** What can be saved. */
  readonly offer: SaveOffer;
  /** Something on screen may have changed; `isUrgent` when someone waits for it. */
  readonly changed: (isUrgent: boolean) => void;
  /** Makes itself heard, where that is wanted. */
  readonly ring?: () => void;
}

/** Stands until the reading has stopped. */
export const STOPPING = 'Stopping; what was read stays.';

/** News that nobody takes notice of goes after this time. */
const NEWS_MS = 20_000;

export class Store {
  readonly #marks: Marks;
  readonly #ring: () => void;
  readonly #changed: (isUrgent: boolean) => void;
  readonly #questions: Questions;
  readonly #unsubscribe: () => void;
  #state: State;
  #data: Data;
  readonly #findings: FindingNews;
  readonly #rate = new RecentRate();
  /** When the notice on screen was made by news, on the clock of the capture; null for one that a key made. */
  #announcedAt: number | null = null;
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
      rate: null,
      ages: new Map(),
      frame: null,
    };
    this.#findings = new FindingNews(analysis.snapshot);
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
    this.#announcedAt = null;
    this.act({ kind: 'notice', text });
  }

  #publish(snapshot: Snapshot): void {
    this.#held = this.#state.isPaused ? snapshot : null;
    if (this.#state.isPaused) return;
    const { phase } = this.#data.snapshot;
    // What was being waited for has happened.
    if (snapshot.phase !== phase && this.#state.notice === STOPPING) this.#state = { ...this.#state, notice: '' };
    const isLive = isCapturing({ ...this.#data, snapshot });
    this.#announce(snapshot, isLive);
    this.#questions.forget(snapshot.findings !== this.#data.snapshot.findings);
    const rate = this.#rate.learn(snapshot);
    this.#learn({ snapshot, rate, ages: isLive ? this.#findings.ages(snapshot) : new Map() }, false);
  }

  /** While frames come in live, a problem that arises or passes is told in one line; cursor and screen stay where they are. */
  #announce(snapshot: Snapshot, isLive: boolean): void {
    const { arisen, passed } = this.#findings.learn(snapshot);
    const { elapsedMs } = snapshot.progress;
    const news = [newsText('New', arisen), newsText('Over', passed)].find((words) => words !== '') ?? '';
    if (isLive && news !== '') {
      this.#state = { ...this.#state, notice: news };
      this.#announcedAt = elapsedMs;
      if (this.#state.isBellOn && arisen.some(({ verdict }) => isProblem(verdict))) this.#ring();
    } else if (this.#announcedAt !== null && elapsedMs - this.#announcedAt > NEWS_MS) {
      this.#state = { ...this.#state, notice: '' };
      this.#announcedAt = null;
    }
  }

  #learn(news: Partial<Data>, isUrgent: boolean): void {
    const before = this.scene;
    const { cursor } = currentPosition(before.state);
    const chosen = activeView(before).identify?.(before, cursor) ?? null;
    this.#data = { ...this.#data, ...news };
    if (chosen !== null && before.state.steered.includes(before.state.view)) this.#follow(chosen);
    this.#settle();
    this.#changed(isUrgent);
  }

  /** Ranks change with the news: the cursor stays with what it was put on; one that was put on nothing stays at the top. */
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

/** The first problem and how many more there are; empty when there is none. */
function newsText(what: string, findings: readonly Finding[]): string {
  const [first, ...others] = findings.filter(({ verdict }) => isProblem(verdict));
  if (first === undefined) return '';
  return `${what}: ${first.title}${others.length === 0 ? '' : ` (and ${others.length} more)`}`;
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
