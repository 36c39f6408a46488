/** Flows that the site's policy permits, but not this way round. */

import { type Draft, openingPacket } from './draft.ts';
import { type CaptureCase, type FlowCase, formatEndpoint } from './flow-case.ts';
import { answerOfPolicy } from './policy-answer.ts';

export function checkWrongDirection(flow: FlowCase, capture: CaptureCase): Draft | null {
  const answer = answerOfPolicy(flow, capture);
  if (answer?.kind !== 'reversed') return null;
  const { rule } = answer;
  const { initiator, responder } = flow;
  return {
    code: 'wrong-direction',
    verdict: 'unexpected',
    // Over UDP the capture may have missed who spoke first.
    certainty: flow.tcp === null ? 'inferred' : 'confirmed',
    cause: 'application',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    rule: rule.id,
    groupKey: `direction ${rule.id} ${initiator.address} ${responder.address} ${responder.port}`,
    tell: () => ({
      what: `${rule.id} permits it from ${rule.opener.label} to ${rule.acceptor.label}, not this way round`,
      why: `${initiator.address} began, toward ${formatEndpoint(responder)}. The policy lets ${rule.opener.label} begin with ${rule.acceptor.label}, and a stateful firewall lets the answers pass without a rule back.`,
      nextStep: `Find out why ${initiator.address} opens connections to ${responder.address}; if it must, the policy needs a row of its own for that way.`,
      evidence: [openingPacket(flow, `${initiator.address} sends first, to ${formatEndpoint(responder)}`)],
      quotes: [rule.id, rule.opener.label, rule.acceptor.label],
    }),
  };
}
