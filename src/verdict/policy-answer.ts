/** What the site's policy says of a flow as the checks see it: media goes with the control channel that announced it. */

import { parseAddress } from '../format/address.ts';
import {
  concernsPolicy,
  judgeByPolicy,
  type PolicyAnswer,
  type PolicyFlowFacts,
  within,
} from '../policy/judge-policy.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import { type CaptureCase, type FlowCase, NS_PER_SECOND } from './flow-case.ts';

/** Ports of these are agreed upon over another channel, which the capture may not hold. */
const NEGOTIATED: ReadonlySet<string> = new Set(['rtp', 'rtcp', 'rdt', 'mmsu', 'h323-h245']);

/** Null where there is no policy or it is not asked: background, and what no capture of this length can tell. */
export function answerOfPolicy(flow: FlowCase, capture: CaptureCase): PolicyAnswer | null {
  const { policy } = capture;
  if (policy === null) return null;
  const facts = policyFacts(flow, capture);
  if (!concernsPolicy(policy, facts)) return null;
  const own = answerWithAnnouncers(flow, capture, policy, MOST_ANNOUNCERS);
  if (own.kind === 'permitted') return own;
  const mayBeNegotiated = flow.announced.length === 0 && flow.protocol !== null && NEGOTIATED.has(flow.protocol);
  return mayBeNegotiated && !flow.isMulticast && haveLeaveToTalk(policy, flow) ? null : own;
}

/** A call announces its H.245 channel, which announces the media. */
const MOST_ANNOUNCERS = 3;

/** What announced a flow permits it, as a firewall's helper would. */
function answerWithAnnouncers(flow: FlowCase, capture: CaptureCase, policy: SitePolicy, depth: number): PolicyAnswer {
  const own = judgeByPolicy(policy, policyFacts(flow, capture));
  if (own.kind === 'permitted' || depth === 0) return own;
  for (const { announcer } of flow.announced) {
    const control = capture.flow(announcer);
    const answer = control === null ? own : answerWithAnnouncers(control, capture, policy, depth - 1);
    if (answer.kind === 'permitted') return answer;
  }
  return own;
}

function policyFacts(flow: FlowCase, { originSeconds }: CaptureCase): PolicyFlowFacts {
  const { transport, initiator, responder, protocol, isStreaming } = flow;
  return {
    transport,
    initiator,
    responder,
    protocol,
    isStreaming,
    isInitiatorProven: flow.tcp !== null && flow.tcp.syns > 0,
    responderSends: flow.packets[1] > 0,
    seconds: originSeconds + flow.firstTime / NS_PER_SECOND,
  };
}

/** Whether any rule lets these two hosts speak, one way or the other. */
function haveLeaveToTalk({ rules }: SitePolicy, { initiator, responder }: FlowCase): boolean {
  const one = parseAddress(initiator.address);
  const other = parseAddress(responder.address);
  if (one === null || other === null) return false;
  return rules.some(
    ({ opener, acceptor, permission }) =>
      permission === 'permit' &&
      ((within(opener, one) && within(acceptor, other)) || (within(opener, other) && within(acceptor, one))),
  );
}
