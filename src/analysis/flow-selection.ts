/** Which flows a window shows: filtered by an expression, in the order asked for. */

import { compileQuery } from '../query/compile-query.ts';
import type { QuerySubject } from '../query/query-subject.ts';
import { VERDICTS } from '../verdict/finding.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { SlotCase } from './flow-cases.ts';
import { flowRow } from './flow-rows.ts';
import { FlowSubject } from './flow-subject.ts';
import { type Judgement, verdictOf } from './judgement.ts';
import type { Pipeline } from './pipeline.ts';
import type { FlowSortKey, FlowWindow, FlowWindowRequest } from './snapshot.ts';

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

  /** Valid for one judgement: the flows must not change under it. */
  constructor(pipeline: Pipeline, judgement: Judgement) {
    this.#pipeline = pipeline;
    this.#judgement = judgement;
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
      this.#selected = this.#select(isAll ? null : query.matches, request.sort, request.descending);
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
  #select(
    matches: ((subject: QuerySubject) => boolean) | null,
    sort: FlowSortKey,
    isDescending: boolean,
  ): readonly FlowCase[] {
    const all = this.#all();
    const selected =
      matches === null ? all : all.filter((flow) => matches(new FlowSubject(this.#pipeline, this.#judgement, flow)));
    const keys = selected.map((flow) => sortKey(flow, sort, this.#pipeline, this.#judgement));
    const sign = isDescending ? -1 : 1;
    const order = Uint32Array.from(selected, (_, place) => place);
    const idAt = (place: number): number => (selected[place] as FlowCase).id;
    order.sort((a, b) => {
      const left = keys[a] as number | string;
      const right = keys[b] as number | string;
      return left < right ? -sign : left > right ? sign : idAt(a) - idAt(b);
    });
    return Array.from(order, (place) => selected[place] as FlowCase);
  }
}

function sortKey(flow: FlowCase, sort: FlowSortKey, pipeline: Pipeline, judgement: Judgement): number | string {
  const slot = flow instanceof SlotCase ? flow.slot : -1;
  switch (sort) {
    case 'id':
      return flow.id;
    case 'verdict':
      return VERDICTS.indexOf(verdictOf(judgement, flow));
    case 'protocol':
      return flow.label;
    case 'initiator':
      return endpointKey(flow.initiator);
    case 'responder':
      return endpointKey(flow.responder);
    case 'packets':
      return flow.packets[0] + flow.packets[1];
    case 'bytes':
      return slot < 0 ? 0 : pipeline.flows.bytes(slot, 0) + pipeline.flows.bytes(slot, 1);
    case 'firstTime':
      return flow.firstTime;
    case 'lastTime':
      return Math.max(...flow.lastTimes);
  }
}

/** Orders IPv4 addresses by number, before IPv6 ones. */
function endpointKey(endpoint: { readonly address: string; readonly port: number }): string {
  const { address, port } = endpoint;
  const tail = String(port).padStart(5, '0');
  if (address.includes(':')) return `6${address} ${tail}`;
  return `4${address
    .split('.')
    .map((part) => part.padStart(3, '0'))
    .join('.')} ${tail}`;
}
