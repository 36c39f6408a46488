/** Everything that is known of one flow, and its ladder: the packets and messages that tell its story, in order. */

import type { Sighting } from '../flow/mac-table.ts';
import { printable } from '../format/text.ts';
import { describeRow, findRow } from '../policy/catalogue.ts';
import { flowFilter } from '../verdict/display-filter.ts';
import { type FlowCase, firstFrameOf, type TcpEvent } from '../verdict/flow-case.ts';
import { flowRow } from './flow-rows.ts';
import type { Judgement } from './judgement.ts';
import type { Pipeline } from './pipeline.ts';
import type { FlowDetail, LadderStep } from './snapshot.ts';

const MOST_STEPS = 500;
const MOST_RELATED = 50;

const DIRECTION_NAMES = ['toResponder', 'toInitiator'] as const;
const EVENT_NAMES: Readonly<Record<TcpEvent['kind'], string>> = {
  syn: 'SYN',
  'syn-ack': 'SYN-ACK',
  rst: 'RST',
  fin: 'FIN',
  retransmission: 'sent again',
  'zero-window': 'window 0',
};

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
    const related = this.#relatedTo(flow);
    const steps = [flow, ...related].flatMap(stepsOf).sort((a, b) => a.time - b.time || a.frame - b.frame);
    const rule = flow.row === null ? null : findRow(flow.row.id);
    return {
      row: flowRow(this.#pipeline, this.#judgement, flow),
      ladder: steps.slice(0, MOST_STEPS),
      ladderDropped: Math.max(0, steps.length - MOST_STEPS) + (flow.record?.messagesDropped ?? 0),
      findings: this.#judgement.findingsOf(id),
      related: related.map((each) => flowRow(this.#pipeline, this.#judgement, each)),
      ruleText: rule === null ? null : describeRow(rule),
      displayFilter: flowFilter(flow),
      witnesses: this.#witnessesOf(flow),
    };
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

function stepsOf(flow: FlowCase): LadderStep[] {
  const steps: LadderStep[] = [];
  const add = (
    at: { capture: number; frame: number; time: number },
    direction: LadderStep['direction'],
    name: string,
    detail = '',
  ): void => {
    steps.push({ capture: at.capture, frame: at.frame, time: at.time, direction, name, detail, flow: flow.id });
  };
  for (const event of flow.tcp?.events ?? []) {
    add(event, DIRECTION_NAMES[event.direction], EVENT_NAMES[event.kind], `TTL ${event.ttl}`);
  }
  for (const error of flow.icmp) {
    add(error, 'from-elsewhere', `ICMP ${error.type}/${error.code}`, `from ${error.reporter}`);
  }
  for (const message of flow.record?.messages ?? []) {
    add(message.at, DIRECTION_NAMES[message.direction], printable(message.name, 80), printable(message.detail, 300));
  }
  if (flow.tcp === null) {
    for (const direction of [0, 1] as const) {
      if (flow.packets[direction] === 0) continue;
      const { capture } = flow;
      const isFirst = flow.firstFrames[direction] === firstFrameOf(flow);
      if (isFirst)
        add(
          { capture, frame: flow.firstFrames[direction], time: flow.firstTime },
          DIRECTION_NAMES[direction],
          `first ${flow.label}`,
        );
      const packets = flow.packets[direction];
      add(
        { capture, frame: flow.lastFrames[direction], time: flow.lastTimes[direction] },
        DIRECTION_NAMES[direction],
        `last ${flow.label}`,
        `${packets} packets`,
      );
    }
  }
  return steps;
}
