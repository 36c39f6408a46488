/** The ladder of a flow: the packets and messages that tell its story, and that of the flows it announced, in order of time. */

import type { Sighting } from '../flow/mac-table.ts';
import { counted } from '../format/count.ts';
import { printable } from '../format/text.ts';
import type { Direction, FlowCase, TcpEvent } from '../verdict/flow-case.ts';
import { mediaDirection } from '../verdict/media-flow.ts';
import type { FlowRow, LadderStep } from './snapshot.ts';

const MOST_STEPS = 500;

const DIRECTION_NAMES = ['toResponder', 'toInitiator'] as const;
const EVENT_NAMES: Readonly<Record<TcpEvent['kind'], string>> = {
  syn: 'SYN',
  'syn-ack': 'SYN-ACK',
  rst: 'RST',
  fin: 'FIN',
  retransmission: 'sent again',
  'zero-window': 'window 0',
};

/** A flow with its row, which knows when each of its streams began. */
export interface ToldFlow {
  readonly flow: FlowCase;
  readonly row: FlowRow;
}

/** `told` is the flow itself and what belongs to it; `dropped` steps lie in the middle. */
export function ladderOf(flow: FlowCase, told: readonly ToldFlow[]): { steps: LadderStep[]; dropped: number } {
  const steps = told.flatMap(stepsOf).map((step) => seenFrom(flow, step));
  steps.sort((a, b) => a.time - b.time || a.frame - b.frame || Number(a.isMissing ?? 0) - Number(b.isMissing ?? 0));
  const lost = flow.record?.messagesDropped ?? 0;
  if (steps.length <= MOST_STEPS) return { steps, dropped: lost };
  const half = MOST_STEPS / 2;
  return { steps: [...steps.slice(0, half), ...steps.slice(-half)], dropped: lost + steps.length - MOST_STEPS };
}

/** The flows that a ladder joins were opened by either end, and some go to other hosts: its arrows all point by its own. */
function seenFrom({ initiator, responder }: FlowCase, step: LadderStep): LadderStep {
  if (step.direction === 'from-elsewhere' || initiator.address === responder.address) return step;
  const isBackward =
    step.to === initiator.address || (step.from === responder.address && step.to !== responder.address);
  return { ...step, direction: isBackward ? 'toInitiator' : 'toResponder' };
}

type Step = Pick<LadderStep, 'direction' | 'name'> & Partial<Pick<LadderStep, 'detail' | 'isMissing'>>;

function stepsOf({ flow, row }: ToldFlow): LadderStep[] {
  const steps: LadderStep[] = [];
  const ends = [flow.initiator.address, flow.responder.address] as const;
  const add = ({ capture, frame, time }: Sighting, direction: Direction, step: Step, from = ends[direction]): void => {
    const to = ends[direction === 0 ? 1 : 0];
    steps.push({ capture, frame, time, detail: '', ...step, from, to, flow: flow.id });
  };
  for (const event of flow.tcp?.events ?? []) {
    const { direction, kind, ttl } = event;
    add(event, direction, { direction: DIRECTION_NAMES[direction], name: EVENT_NAMES[kind], detail: `TTL ${ttl}` });
  }
  for (const error of flow.icmp) {
    const { type, code, reporter, direction } = error;
    const step = { direction: 'from-elsewhere', name: `ICMP ${type}/${code}`, detail: `from ${reporter}` } as const;
    // To whoever sent what was stopped.
    add(error, direction === 0 ? 1 : 0, step, reporter);
  }
  for (const { at, direction, name, detail } of flow.record?.messages ?? []) {
    const step = { direction: DIRECTION_NAMES[direction], name: printable(name, 80), detail: printable(detail, 300) };
    add(at, direction, step);
  }
  // What has messages is told by them.
  if (flow.tcp === null && (flow.record?.messages.length ?? 0) === 0) {
    for (const direction of [0, 1] as const) addSpan(flow, row, direction, (at, step) => add(at, direction, step));
  }
  for (const announced of flow.announced) {
    const { startedAt, announcement } = announced.media;
    const side = mediaDirection({ flow, announced });
    if (startedAt === null || announcement.mayBeSilent || flow.packets[side] > 0) continue;
    const step = { direction: DIRECTION_NAMES[side], name: `no ${flow.label}`, isMissing: true } as const;
    add(startedAt, side, { ...step, detail: `${portsOf(flow, side)}: had to come from here on` });
  }
  return steps;
}

/** The first packet of a direction, where it is known, and the last. */
function addSpan(flow: FlowCase, row: FlowRow, side: Direction, add: (at: Sighting, step: Step) => void): void {
  const packets = flow.packets[side];
  if (packets === 0) return;
  const { capture, label } = flow;
  const direction = DIRECTION_NAMES[side];
  const ports = portsOf(flow, side);
  const last = { capture, frame: flow.lastFrames[side], time: flow.lastTimes[side] };
  if (packets === 1) {
    add(last, { direction, name: label, detail: ['1 packet', ports].filter(Boolean).join(', ') });
    return;
  }
  const time = firstTime(flow, row, side);
  if (time !== null) {
    add({ capture, frame: flow.firstFrames[side], time }, { direction, name: `first ${label}`, detail: ports });
  }
  add(last, { direction, name: `last ${label}`, detail: counted(packets, 'packet') });
}

/** Empty for ICMP and IGMP, which have none. */
function portsOf({ initiator, responder }: FlowCase, side: Direction): string {
  const [from, to] = side === 0 ? [initiator, responder] : [responder, initiator];
  return from.port === 0 ? '' : `port ${from.port} to ${to.port}`;
}

/** Of the later direction it is known only where a single stream is all that came. */
function firstTime(flow: FlowCase, { media }: FlowRow, side: Direction): number | null {
  const other = flow.firstFrames[side === 0 ? 1 : 0];
  if (other === 0 || flow.firstFrames[side] < other) return flow.firstTime;
  const stream = media?.streams.find(({ direction }) => direction === DIRECTION_NAMES[side]);
  return stream !== undefined && stream.packets === flow.packets[side] ? stream.firstTime : null;
}
