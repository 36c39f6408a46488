/** Asks the analysis for exactly what is on screen: the window of flows, the streams, the details of opened pages. */

import type { FrameAnswer, FrameQuestion } from '../analysis/frame-question.ts';
import type { Analysis, FlowDetail, FlowWindow, FlowWindowRequest } from '../analysis/snapshot.ts';
import type { Data } from './data.ts';
import { flowsRequest, hostsRequest, streamsRequest } from './flow-request.ts';
import { LatestQuestion } from './latest-question.ts';
import { currentPage } from './state.ts';
import type { Scene } from './views/view.ts';
import { wantedDetails } from './views/views.ts';

type Kind = 'flows' | 'streams' | 'hosts' | 'details' | 'frame';

/** What news may answer otherwise, and what only a new judgement does. */
const OF_NEWS: readonly Kind[] = ['flows', 'details'];
const OF_JUDGEMENT: readonly Kind[] = [...OF_NEWS, 'streams', 'hosts'];

/** Details that are remembered: each may have hundreds of steps. */
const MOST_DETAILS = 40;

/** The view of findings shows flows where it has nothing else to tell. */
function showsFlows({ state, data }: Scene): boolean {
  return state.view === 'flows' || (state.view === 'findings' && data.snapshot.findings.length === 0);
}

export class Questions {
  readonly #flows: LatestQuestion<FlowWindowRequest, FlowWindow>;
  readonly #streams: LatestQuestion<FlowWindowRequest, FlowWindow>;
  readonly #hosts: LatestQuestion<FlowWindowRequest, FlowWindow>;
  readonly #details: LatestQuestion<readonly number[], (readonly [number, FlowDetail | null])[]>;
  readonly #frame: LatestQuestion<FrameQuestion, FrameAnswer>;
  #kept: ReadonlyMap<number, FlowDetail | null> = new Map();
  /** The last question of each kind as text, to ask none twice. */
  readonly #asked = new Map<Kind, string>();

  constructor(analysis: Analysis, learn: (news: Partial<Data>) => void, failed: (error: unknown) => void) {
    const ask = (request: FlowWindowRequest) => analysis.flows(request);
    this.#flows = new LatestQuestion(ask, (flows) => learn({ flows }), failed);
    this.#streams = new LatestQuestion(ask, (streams) => learn({ streams }), failed);
    this.#hosts = new LatestQuestion(ask, (hosts) => learn({ hosts }), failed);
    this.#details = new LatestQuestion(
      (ids) => Promise.all(ids.map(async (id) => [id, await analysis.flow(id)] as const)),
      (details) => learn({ details: this.#keep(details) }),
      failed,
    );
    this.#frame = new LatestQuestion(
      (question) => analysis.frame(question),
      (answer, question) => learn({ frame: { question, answer } }),
      failed,
    );
  }

  /** The latest last; those before them are shown at once when the cursor comes back to them. */
  #keep(details: readonly (readonly [number, FlowDetail | null])[]): ReadonlyMap<number, FlowDetail | null> {
    const kept = new Map(this.#kept);
    for (const [id, detail] of details) {
      kept.delete(id);
      kept.set(id, detail);
    }
    this.#kept = new Map([...kept].slice(-MOST_DETAILS));
    return this.#kept;
  }

  /** Asks what this scene needs and was not asked for already. */
  askFor(scene: Scene): void {
    const { state, height } = scene;
    const page = currentPage(state);
    if (page?.kind === 'frame') {
      this.#askOnce('frame', this.#frame, { capture: page.capture, frame: page.frame, time: page.time });
    }
    if (page === null) {
      if (showsFlows(scene)) this.#askOnce('flows', this.#flows, flowsRequest(state, height));
      if (state.view === 'streams') this.#askOnce('streams', this.#streams, streamsRequest(state));
      if (state.view === 'hosts') this.#askOnce('hosts', this.#hosts, hostsRequest(state));
    }
    const wanted = wantedDetails(scene);
    if (wanted.length > 0) this.#askOnce('details', this.#details, wanted);
  }

  /**
   * More has been read: the answers so far tell of less, except for frames, which stay what they are. Long lists by verdict
   * wait until flows have been judged anew: asked for with each news, they would keep both threads from the reading and
   * the keys.
   */
  forget(isJudgedAnew: boolean): void {
    for (const kind of isJudgedAnew ? OF_JUDGEMENT : OF_NEWS) this.#asked.delete(kind);
  }

  #askOnce<Q, A>(kind: Kind, question: LatestQuestion<Q, A>, content: Q): void {
    const text = JSON.stringify(content);
    if (this.#asked.get(kind) === text) return;
    this.#asked.set(kind, text);
    question.put(content);
  }
}
