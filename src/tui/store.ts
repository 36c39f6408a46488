/** Holds the state and the data outside of React, turns input into actions, and asks the analysis for what is on screen. */

import type { Analysis, FlowDetail, FlowWindow, FlowWindowRequest, Snapshot } from '../analysis/snapshot.ts';
import type { Data } from './data.ts';
import { flowsRequest, streamsRequest } from './flow-request.ts';
import type { Input, Key } from './key-decoder.ts';
import { type Command, commandFor } from './keymap.ts';
import { LatestQuestion } from './latest-question.ts';
import { activeShape, activeView, sceneOf } from './layout.ts';
import {
  type Action,
  canGoBack,
  currentPage,
  currentPosition,
  initialState,
  reduce,
  type State,
  type ViewId,
} from './state.ts';
import type { Marks } from './theme.ts';
import { placeOf } from './views/footer.ts';
import { paletteChoices } from './views/palette.ts';
import type { Scene } from './views/view.ts';
import { wantedDetails } from './views/views.ts';

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
  readonly #unsubscribe: () => void;
  readonly #flows: LatestQuestion<FlowWindowRequest, FlowWindow>;
  readonly #streams: LatestQuestion<FlowWindowRequest, FlowWindow>;
  readonly #details: LatestQuestion<readonly number[], (readonly [number, FlowDetail | null])[]>;
  #state: State;
  #data: Data;
  /** The last question of each kind, to ask none twice. */
  #asked = { flows: '', streams: '', details: '' };

  constructor(analysis: Analysis, marks: Marks, host: StoreHost, columns: number, rows: number) {
    this.#analysis = analysis;
    this.#marks = marks;
    this.#host = host;
    this.#state = initialState(columns, rows);
    this.#data = { snapshot: analysis.snapshot, flows: null, streams: null, details: new Map() };
    const failed = (error: unknown) => this.#act({ kind: 'notice', text: `Not answered: ${describeError(error)}` });
    const ask = (request: FlowWindowRequest) => analysis.flows(request);
    this.#flows = new LatestQuestion(ask, (flows) => this.#learn({ flows }), failed);
    this.#streams = new LatestQuestion(ask, (streams) => this.#learn({ streams }), failed);
    this.#details = new LatestQuestion(
      (ids) => Promise.all(ids.map(async (id) => [id, await analysis.flow(id)] as const)),
      (details) => this.#learn({ details: new Map(details) }),
      failed,
    );
    this.#unsubscribe = analysis.subscribe((snapshot) => this.#publish(snapshot));
    this.#askForWhatIsShown();
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
    if (this.#state.notice !== '') this.#state = { ...this.#state, notice: '' };
    if (input.kind === 'mouse') {
      if (input.button !== 'left') this.#scroll(input.button === 'wheel-up' ? 'up' : 'down');
      return;
    }
    const command = commandFor(input.name, placeOf(this.#state), this.#state.overlay.kind);
    if (command === null) this.#type(input);
    else this.#run(command);
  }

  #scroll(motion: 'up' | 'down'): void {
    for (let step = 0; step < WHEEL_STEPS; step++) this.#act({ kind: 'move', motion });
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

  #run(command: Command): void {
    switch (command) {
      case 'quit':
        this.#host.quit();
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

  #goBack(): void {
    if (!canGoBack(this.#state) && this.#data.snapshot.phase === 'reading') {
      this.#analysis.cancel();
      this.#act({ kind: 'notice', text: 'Stopping; what was read stays.' });
      return;
    }
    this.#act({ kind: 'back' });
  }

  #open(): void {
    const { scene } = this;
    const page = activeView(scene).open?.(scene, currentPosition(scene.state).cursor);
    if (page != null) this.#act({ kind: 'open', page });
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
      (error: unknown) => this.#act({ kind: 'notice', text: `Not copied: ${describeError(error)}` }),
    );
  }

  #putOnClipboard(what: string, text: string): void {
    this.#host.copy(text);
    this.#act({ kind: 'notice', text: `Copied ${what}: ${text.replaceAll('\n', ' ')}` });
  }

  #findProblem(by: 1 | -1): void {
    const { scene } = this;
    const found = activeView(scene).findProblem?.(scene, currentPosition(scene.state).cursor, by) ?? null;
    if (found === null)
      this.#act({ kind: 'notice', text: 'No further problem in sight that way; ! shows problems only.' });
    else if (typeof found === 'number') this.#act({ kind: 'stand', cursor: found });
    else this.#act({ kind: 'replace', page: found });
  }

  #act(action: Action): void {
    this.#state = reduce(this.#state, action, activeShape(this.scene));
    this.#settle();
    this.#askForWhatIsShown();
    this.#host.changed(true);
  }

  #publish(snapshot: Snapshot): void {
    // Old answers tell of less than what has been read by now.
    this.#asked = { flows: '', streams: '', details: '' };
    this.#learn({ snapshot });
  }

  #learn(news: Partial<Data>): void {
    this.#data = { ...this.#data, ...news };
    this.#settle();
    this.#askForWhatIsShown();
    this.#host.changed(news.snapshot === undefined);
  }

  /** Lists grow and shrink, and the terminal changes its size: the cursor stays on something that is there. */
  #settle(): void {
    this.#state = reduce(this.#state, { kind: 'settle' }, activeShape(this.scene));
  }

  #askForWhatIsShown(): void {
    const { scene } = this;
    if (currentPage(scene.state) === null) {
      if (scene.state.view === 'flows') this.#askOnce('flows', this.#flows, flowsRequest(scene.state, scene.height));
      if (scene.state.view === 'streams') this.#askOnce('streams', this.#streams, streamsRequest(scene.state));
    }
    const wanted = wantedDetails(scene);
    if (wanted.length > 0) this.#askOnce('details', this.#details, wanted);
  }

  #askOnce<Q, A>(kind: 'flows' | 'streams' | 'details', question: LatestQuestion<Q, A>, content: Q): void {
    const text = JSON.stringify(content);
    if (this.#asked[kind] === text) return;
    this.#asked[kind] = text;
    question.put(content);
  }
}

/** Commands that change nothing but the state. */
type StateCommand = Exclude<
  Command,
  'quit' | 'suspend' | 'back' | 'open' | 'copy' | 'next-problem' | 'previous-problem'
>;

function actionOf(command: StateCommand): Action {
  switch (command) {
    case 'filter':
    case 'palette':
    case 'help':
      return { kind: 'overlay', overlay: command };
    case 'next-view':
    case 'previous-view':
      return { kind: 'turn', by: command === 'next-view' ? 1 : -1 };
    case 'sort-next':
    case 'sort-previous':
      return { kind: 'sort', by: command === 'sort-next' ? 1 : -1 };
    case 'sort-reverse':
      return { kind: 'reverse' };
    case 'problems':
    case 'time':
      return { kind: command };
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'half-up':
    case 'half-down':
    case 'first':
    case 'last':
      return { kind: 'move', motion: command };
    default:
      return { kind: 'view', view: command.slice('view-'.length) as ViewId };
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
