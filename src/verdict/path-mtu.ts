/** Segments too large for a link on the path (RFC 1191, RFC 8201): the errors come, and the sender goes on as before. */

import { type Draft, evidence } from './draft.ts';
import { type CaptureCase, type FlowCase, formatSeconds, type IcmpCase, NS_PER_SECOND } from './flow-case.ts';

/** Repetitions of the same data after the error that show that its sender took no notice. */
const FEWEST_REPETITIONS = 3;
const SHORTEST_NS = 3 * NS_PER_SECOND;

/** Whether an error says that a packet did not fit the next link. */
export function isTooBig({ version, type, code }: IcmpCase): boolean {
  return version === 6 ? type === 2 : type === 3 && code === 4;
}

export function checkPathMtu(flow: FlowCase, _capture: CaptureCase): Draft | null {
  if (flow.tcp === null || !flow.isStreaming) return null;
  const error = flow.icmp.find(isTooBig);
  const run = error === undefined ? null : flow.tcp.runs[error.direction];
  if (error === undefined || run === null || run.lastTime <= error.time) return null;
  if (run.count < FEWEST_REPETITIONS || run.lastTime - run.firstTime < SHORTEST_NS) return null;
  const sender = error.direction === 0 ? flow.initiator : flow.responder;
  return {
    code: 'path-mtu',
    verdict: 'blocked',
    certainty: 'inferred',
    cause: 'icmp',
    where: error.direction === 0 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `mtu ${error.reporter}`,
    tell: () => ({
      what: `segments are too large for a link behind ${error.reporter}, and ${sender.address} goes on sending them`,
      why:
        `${error.reporter} answered that fragmentation was needed, yet ${sender.address} sent the same data ${run.count} more times over ` +
        `${formatSeconds(run.lastTime - run.firstTime)} without an acknowledgement: the error probably does not reach it, because a filter before it drops ICMP.`,
      nextStep: `Permit ICMP "fragmentation needed" (ICMPv6 "packet too big") toward ${sender.address}, or lower the MSS on the router.`,
      evidence: [
        evidence(error, `${error.reporter}: too large for the next link`),
        {
          capture: flow.capture,
          frame: run.lastFrame,
          time: run.lastTime,
          fact: 'the same data again, not acknowledged',
        },
      ],
    }),
  };
}
