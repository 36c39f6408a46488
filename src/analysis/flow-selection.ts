/** Which flows a window shows: filtered by an expression, in the order asked for. */

import { compileQuery } from '../query/compile-query.ts';
import type { QuerySubject } from '../query/query-subject.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { FlowEnds } from './flow-ends.ts';
import { type FlowOrder, inOrder } from './flow-order.ts';
import { flowRow } from './flow-rows.ts';
import { FlowSubject } from './flow-subject.ts';
import { type Judgement, verdictOf } from './judgement.ts';
import type { Pipeline } from './pipeline.ts';
import type { FlowWindow, FlowWindowRequest } from './snapshot.ts';

/** Rows at most in one window. */
const MOST_ROWS = 10_000;
const NS_PER_SECOND = 1e9;
/** In nothing, so that all is looked through for it. */
const REHEARSED = compileQuery('"\0"');

export class FlowSelection {
  readonly #pipeline: Pipeline;
  readonly #judgement: Judgement;
  #key = '';
  #selected: readonly FlowCase[] = [];
  /** All flows, in order of slot, as far as they were made; those that no packet reached are among them when all are. */
  readonly #cases: FlowCase[] = [];
  #nextSlot = 0;
  #isComplete = false;
  readonly #ends: FlowEnds;

  /** Valid for one judgement: the flows must not change under it. */
  constructor(pipeline: Pipeline, judgement: Judgement) {
    this.#pipeline = pipeline;
    this.#judgement = judgement;
    this.#ends = new FlowEnds(pipeline.flows);
  }

  window(request: FlowWindowRequest): FlowWindow {
    const origin = this.#pipeline.originSeconds;
    const span = {
      start: origin + this.#pipeline.firstTime / NS_PER_SECOND,
      end: origin + this.#pipeline.lastTime / NS_PER_SECOND,
    };
    const query = compileQuery(request.where, span);
    const key = `${query.ok ? request.where : ''}\n${request.sort}\n${request.descending}`;
    if (key !== this.#key) {
      const isAll = !query.ok || request.where.trim() === '';
      this.#selected = this.#select(isAll ? null : query.matches, request);
      this.#key = key;
    }
    const rows = this.#selected.slice(request.offset, request.offset + Math.min(request.count, MOST_ROWS));
    return {
      matched: this.#selected.length,
      offset: request.offset,
      rows: rows.map((flow) => flowRow(this.#pipeline, this.#judgement, flow)),
      error: query.ok ? null : query.error,
    };
  }

  /**
   * Asks of the flows in the next slots what filters and orders ask, before anyone does: the first answer would take three
   * times as long as all that follow. False when there is no more to do.
   */
  rehearse(slots: number): boolean {
    const from = this.#cases.length;
    this.#make(this.#nextSlot + slots);
    const flows = this.#cases.slice(from);
    if (REHEARSED.ok) this.#filter(flows, REHEARSED.matches);
    for (const flow of flows) verdictOf(this.#judgement, flow);
    return !this.#isComplete;
  }

  #all(): readonly FlowCase[] {
    this.#make(this.#pipeline.flows.slots);
    return this.#cases;
  }

  #make(end: number): void {
    if (this.#isComplete) return;
    const { flows } = this.#pipeline;
    for (; this.#nextSlot < Math.min(end, flows.slots); this.#nextSlot++) {
      if (flows.isUsed(this.#nextSlot)) this.#cases.push(this.#judgement.flowInSlot(this.#nextSlot));
    }
    if (this.#nextSlot < flows.slots) return;
    this.#isComplete = true;
    for (const flow of this.#judgement.absent) this.#cases.push(flow);
  }

  /** `matches` is null where all do. */
  #select(matches: ((subject: QuerySubject) => boolean) | null, order: FlowOrder): readonly FlowCase[] {
    const selected = matches === null ? this.#all() : this.#filter(this.#all(), matches);
    return inOrder(selected, order, { ends: this.#ends, verdictOf: (flow) => verdictOf(this.#judgement, flow) });
  }

  #filter(flows: readonly FlowCase[], matches: (subject: QuerySubject) => boolean): readonly FlowCase[] {
    return flows.filter((flow) => matches(new FlowSubject(this.#pipeline, this.#judgement, this.#ends, flow)));
  }
}
