/**
 * Connections whose data passes this point and does not reach the other end, which lives: it closes or speaks, still
 * acknowledges nothing of it, and repeats itself what was acknowledged here.
 */

import type { RetransmissionRun } from '../flow/tcp-table.ts';
import { TCP_FLAG } from '../packet/decoded-packet.ts';
import { checkAcknowledgementsLost } from './acknowledgements-lost.ts';
import type { Draft } from './draft.ts';
import { type CaptureCase, type Direction, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import { checkIcmp } from './icmp.ts';
import { checkPathMtu } from './path-mtu.ts';
import { checkTcpCutMidstream } from './tcp-midstream.ts';

/** Fewer repetitions, or within a shorter time, are ordinary loss. */
const FEWEST_REPETITIONS = 3;
const SHORTEST_NS = 3 * NS_PER_SECOND;
/** What was acknowledged nowhere may be repeated once by chance. */
const FEWEST_IN_ANSWER = 2;
/** A repetition of the other end may come a moment before that of the data: both wait for the same time. */
const ABREAST_NS = NS_PER_SECOND;

export function checkDataLost(flow: FlowCase, capture: CaptureCase): Draft | null {
  const { tcp } = flow;
  if (tcp === null || !flow.isStreaming || !['established', 'closed', 'midstream'].includes(tcp.outcome)) return null;
  if (checkIcmp(flow, capture) !== null) return null;
  for (const direction of [0, 1] as const) {
    const run = tcp.runs[direction];
    if (run === null || run.count < FEWEST_REPETITIONS || run.lastTime - run.firstTime < SHORTEST_NS) continue;
    const answer = findAnswerInVain(flow, direction, run);
    if (answer === null || isOver(flow, direction, run)) continue;
    // Each of them says the same more plainly.
    if ([checkPathMtu, checkTcpCutMidstream, checkAcknowledgementsLost].some((check) => check(flow, capture) !== null))
      return null;
    return lostDraft(flow, direction, run, answer);
  }
  return null;
}

/**
 * What the other end repeats in its turn, and speaks well after the data began to be repeated. A host that wakes from sleep
 * repeats nothing that was acknowledged here; what nobody acknowledged it may, so that has to be said for longer.
 */
function findAnswerInVain(flow: FlowCase, direction: Direction, run: RetransmissionRun): RetransmissionRun | null {
  const other = direction === 0 ? 1 : 0;
  if (flow.lastTimes[other] - run.firstTime < SHORTEST_NS) return null;
  const acknowledged = flow.tcp?.acknowledgedRuns[other] ?? null;
  if (acknowledged !== null) return acknowledged.lastTime >= run.firstTime - ABREAST_NS ? acknowledged : null;
  const answer = flow.tcp?.runs[other] ?? null;
  const isInAnswer =
    answer !== null && answer.count >= FEWEST_IN_ANSWER && answer.lastTime - run.firstTime >= SHORTEST_NS;
  return isInAnswer ? answer : null;
}

/** Nobody is there to acknowledge, or its buffer has no room for what is repeated. */
function isOver({ tcp, record }: FlowCase, direction: Direction, run: RetransmissionRun): boolean {
  const other = direction === 0 ? 1 : 0;
  const closing = tcp?.events.find((event) => event.kind === 'fin' && event.direction === other);
  const isFull = tcp?.events.some((event) => event.kind === 'zero-window' && event.direction === other) === true;
  const closedAt = record?.closedAt?.time ?? Number.POSITIVE_INFINITY;
  const isClosed = Math.min(closing?.time ?? closedAt, closedAt) < run.firstTime;
  return isFull || isClosed || ((tcp?.flags[other] ?? 0) & TCP_FLAG.rst) !== 0;
}

function lostDraft(flow: FlowCase, direction: Direction, run: RetransmissionRun, answer: RetransmissionRun): Draft {
  const [sender, receiver] = direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  const other = direction === 0 ? 1 : 0;
  const { capture } = flow;
  const isAnswered = flow.tcp?.acknowledgedRuns[other] !== null;
  return {
    code: 'tcp-cut-midstream',
    verdict: 'blocked',
    certainty: 'inferred',
    cause: 'silent-drop',
    where: direction === 0 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `data lost ${flow.responder.address} ${flow.responder.port} ${direction}`,
    tell: () => ({
      what: `it worked, then nothing from ${sender.address} reached ${receiver.address} any more`,
      why:
        `${sender.address} sent the same data ${run.count} more times over ${formatSeconds(run.lastTime - run.firstTime)}. ${receiver.address} is there, for it went on to speak, yet it acknowledged none of it` +
        (isAnswered
          ? ` and repeated what ${sender.address} had acknowledged: something between here and ${receiver.address} drops what ${sender.address} sends.`
          : `, nor was acknowledged what it said itself ${answer.count} more times: something between them drops what both send.`),
      nextStep: `Look between the capture point and ${receiver.address} for a rule change, a session time-out or a fail-over at this time.`,
      evidence: [
        { capture, frame: run.firstFrame, time: run.firstTime, fact: 'data sent again, not acknowledged' },
        {
          capture,
          frame: run.lastFrame,
          time: run.lastTime,
          fact: `sent again, ${run.count} times by now, still not acknowledged`,
        },
        {
          capture,
          frame: answer.lastFrame,
          time: answer.lastTime,
          fact: `${receiver.address} repeats itself ${isAnswered ? 'although it was acknowledged' : 'too'}, and still acknowledges nothing of it`,
        },
      ],
    }),
  };
}
