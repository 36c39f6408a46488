/** Everything that is known of one flow, and its ladder. */

import type { Sighting } from '../flow/mac-table.ts';
import { describeRow, findRow } from '../policy/catalogue.ts';
import { flowFilter } from '../verdict/display-filter.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { flowRow } from './flow-rows.ts';
import type { Judgement } from './judgement.ts';
import { ladderOf, type ToldFlow } from './ladder.ts';
import type { Pipeline } from './pipeline.ts';
import type { FlowDetail } from './snapshot.ts';

const MOST_RELATED = 50;

export class FlowDetails {
  readonly #pipeline: Pipeline;
  readonly #judgement: Judgement;

  constructor(pipeline: Pipeline, judgement: Judgement) {
    this.#pipeline = pipeline;
    this.#judgement = judgement;
  }

  /** Null when there is no such flow (any more). */
  detail(id: number): FlowDetail | null {
    const flow = this.#judgement.flowById(id);
    if (flow === null) return null;
    const own = this.#told(flow);
    const related = this.#relatedTo(flow).map((each) => this.#told(each));
    const ladder = ladderOf(flow, [own, ...related]);
    const rule = flow.row === null ? null : findRow(flow.row.id);
    return {
      row: own.row,
      ladder: ladder.steps,
      ladderDropped: ladder.dropped,
      findings: this.#judgement.byFlow.about(id),
      related: related.map(({ row }) => row),
      ruleText: rule === null ? null : describeRow(rule),
      displayFilter: flowFilter(flow),
      witnesses: this.#witnessesOf(flow),
    };
  }

  #told(flow: FlowCase): ToldFlow {
    return { flow, row: flowRow(this.#pipeline, this.#judgement, flow) };
  }

  /** What the checks compare a flow with. */
  #witnessesOf({ initiator, responder, tcp }: FlowCase): Sighting[] {
    const { hosts } = this.#judgement.capture;
    const ends = [initiator, responder].map(({ address }) => hosts.host(address)).filter((host) => host !== null);
    const ids = new Set([...ends.flatMap((host) => host.macs), ...(tcp?.events ?? []).map((event) => event.mac)]);
    const macs = [...ids].map((id) => hosts.macs.byId(id)).filter((mac) => mac !== null);
    const sightings = ends.flatMap(({ reached, sent, ttls, soughtAt, foundAt }) => [
      reached,
      sent,
      ...ttls,
      soughtAt,
      foundAt,
    ]);
    return [...sightings, ...macs.flatMap(({ router, resolved }) => [router, resolved])]
      .filter((each) => each !== null)
      .map(({ capture, frame, time }) => ({ capture, frame, time }));
  }

  /** The control flow of media, and the media of a control flow. */
  #relatedTo(flow: FlowCase): FlowCase[] {
    const { capture } = this.#judgement;
    const announcers = flow.announced.map(({ announcer }) => capture.flow(announcer));
    const media = capture.announcedBy(flow.id).map((each) => each.flow);
    const related = [...announcers, ...media].filter((each) => each !== flow);
    return [...new Set(related)].filter((each) => each !== null).slice(0, MOST_RELATED);
  }
}
