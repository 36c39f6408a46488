/** Connections whose data arrives and whose acknowledgements do not: they pass this point, and their sender repeats all the same. */

import { TCP_FLAG } from '../packet/decoded-packet.ts';
import { type Draft, lastPacket } from './draft.ts';
import { type CaptureCase, type Direction, type FlowCase, formatSeconds, NS_PER_SECOND } from './flow-case.ts';
import { checkIcmp } from './icmp.ts';
import { NEVER_OPEN } from './tcp-outcome.ts';

/** The timer doubles with each repetition; an acknowledgement that was lost by chance is made up for by the next one. */
const FEWEST_REPETITIONS = 3;
const SHORTEST_NS = 3 * NS_PER_SECOND;

export function checkAcknowledgementsLost(flow: FlowCase, capture: CaptureCase): Draft | null {
  const { tcp } = flow;
  if (tcp === null || !flow.isStreaming || NEVER_OPEN.includes(tcp.outcome)) return null;
  if (checkIcmp(flow, capture) !== null) return null;
  for (const direction of [0, 1] as const) {
    const other = direction === 0 ? 1 : 0;
    const run = tcp.acknowledgedRuns[direction];
    if (run === null || run.count < FEWEST_REPETITIONS || run.lastTime - run.firstTime < SHORTEST_NS) continue;
    if (isOver(flow, direction, run.lastTime) || flow.lastTimes[other] < run.firstTime) continue;
    const [sender, receiver] = direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
    const { capture } = flow;
    return {
      code: 'tcp-cut-midstream',
      verdict: 'blocked',
      certainty: 'inferred',
      cause: 'silent-drop',
      where: direction === 0 ? 'toward-initiator' : 'toward-responder',
      flows: [flow],
      related: [],
      groups: [],
      rule: flow.row?.id ?? null,
      groupKey: `acknowledgements ${flow.responder.address} ${flow.responder.port} ${direction}`,
      tell: () => ({
        what: `it worked, then nothing from ${receiver.address} reached ${sender.address} any more`,
        why:
          `${sender.address} sent the same data ${run.count} more times over ${formatSeconds(run.lastTime - run.firstTime)}, although its acknowledgements pass this point each time: ` +
          `something between here and ${sender.address} drops what ${receiver.address} sends.`,
        nextStep: `Look between the capture point and ${sender.address} for a rule change, a session time-out or a fail-over at this time.`,
        evidence: [
          { capture, frame: run.firstFrame, time: run.firstTime, fact: 'data sent again that was acknowledged before' },
          lastPacket(flow, other, `last packet from ${receiver.address}`),
          { capture, frame: run.lastFrame, time: run.lastTime, fact: `sent again, ${run.count} times by now` },
        ],
      }),
    };
  }
  return null;
}

/** A side that has closed repeats what nobody has to answer any more; a close that comes after the repetitions changes nothing. */
function isOver({ tcp, record }: FlowCase, direction: Direction, lastRepeated: number): boolean {
  const fins = tcp?.events.filter((event) => event.kind === 'fin' && event.direction === direction) ?? [];
  const hasClosed = ((tcp?.flags[direction] ?? 0) & TCP_FLAG.fin) !== 0 && !fins.some(isLater);
  const hasReset = tcp?.events.some((event) => event.kind === 'rst' && !isLater(event)) === true;
  const closedAt = record?.closedAt ?? null;
  return hasClosed || hasReset || (closedAt !== null && !isLater(closedAt));

  function isLater({ time }: { readonly time: number }): boolean {
    return time > lastRepeated;
  }
}
