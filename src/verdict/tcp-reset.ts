/** A connection attempt that was answered by a reset. */

import { type Draft, evidence, type Story } from './draft.ts';
import type { CaptureCase, FlowCase } from './flow-case.ts';
import { findResetOrigin } from './reset-origin.ts';

export function checkTcpReset(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (flow.tcp?.outcome !== 'refused' || !flow.isStreaming) return null;
  const reset = flow.tcp.events.find((event) => event.kind === 'rst' && event.direction === 1);
  const syn = flow.tcp.events.find((event) => event.kind === 'syn');
  if (reset === undefined) return null;
  const origin = findResetOrigin(reset, flow, capture);
  const { address, port } = flow.responder;
  const proof = (): Story['evidence'] => [
    ...(syn === undefined ? [] : [evidence(syn, 'SYN sent')]),
    evidence(reset, `reset in answer, TTL ${reset.ttl}`),
    ...origin.evidence,
  ];
  const shared = {
    certainty: origin.certainty,
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
  };
  if (origin.by === 'path') {
    return {
      ...shared,
      code: 'tcp-reset-by-path',
      verdict: 'blocked',
      cause: 'device-on-path',
      where: 'toward-responder',
      groupKey: `path ${address} ${port}`,
      tell: () => ({
        why: origin.why,
        evidence: proof(),
        what: 'SYN answered by a reset that did not come from the host',
        nextStep: `Ask whoever runs the device that rejects it with a reset, mostly a firewall, to let TCP ${port} to ${address} pass.`,
      }),
    };
  }
  if (origin.by === 'host') {
    return {
      ...shared,
      code: 'tcp-refused',
      verdict: 'refused',
      cause: 'host',
      where: 'toward-responder',
      groupKey: `host ${address} ${port}`,
      tell: () => ({
        why: origin.why,
        evidence: proof(),
        what: `the host itself reset the SYN, nothing listens on port ${port}`,
        nextStep: `The path to ${address} is open. Start the service on port ${port}, or use the port that it listens on.`,
      }),
    };
  }
  return {
    ...shared,
    code: 'tcp-reset-by-path',
    verdict: 'undetermined',
    cause: 'unknown',
    where: 'toward-responder',
    groupKey: `unknown ${address} ${port}`,
    tell: () => ({
      why: origin.why,
      evidence: proof(),
      what: 'SYN answered by a reset; whether the host or a firewall sent it cannot be told',
      nextStep: `Capture any other TCP packet of ${address} from the same place, or try another port of it, and compare the TTL.`,
    }),
  };
}
