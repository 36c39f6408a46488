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

export class FlowSelection {
  readonly #pipeline: Pipeline;
  readonly #judgement: Judgement;
  #key = '';
  #selected: readonly FlowCase[] = [];
  /** All flows, in order of id; made when they are first asked for. */
  readonly #cases: FlowCase[] = [];
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

  #all(): readonly FlowCase[] {
    if (this.#cases.length > 0) return this.#cases;
    const { flows } = this.#pipeline;
    for (let slot = 0; slot < flows.slots; slot++) {
      if (flows.isUsed(slot)) this.#cases.push(this.#judgement.flowInSlot(slot));
    }
    this.#cases.push(...this.#judgement.absent);
    return this.#cases;
  }

  /** `matches` is null where all do. */
  #select(matches: ((subject: QuerySubject) => boolean) | null, order: FlowOrder): readonly FlowCase[] {
    const [all, ends] = [this.#all(), this.#ends];
    const subjectOf = (flow: FlowCase) => new FlowSubject(this.#pipeline, this.#judgement, ends, flow);
    const selected = matches === null ? all : all.filter((flow) => matches(subjectOf(flow)));
    return inOrder(selected, order, { ends, verdictOf: (flow) => verdictOf(this.#judgement, flow) });
  }
}
