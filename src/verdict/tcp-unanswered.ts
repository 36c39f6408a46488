/** A connection that was asked for and never answered. */

import { type Draft, evidence } from './draft.ts';
import { type CaptureCase, type FlowCase, formatSeconds, NS_PER_SECOND, type TcpEvent } from './flow-case.ts';

/** A copy made by a span follows within milliseconds; no system repeats a SYN on its timer sooner than this. */
const SHORTEST_TIMER_NS = 0.8 * NS_PER_SECOND;
const MOST_EVIDENCE = 12;

export function checkTcpUnanswered(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (flow.tcp?.outcome !== 'unanswered' || !flow.isStreaming || flow.icmp.length > 0) return null;
  const syns = flow.tcp.events.filter((event) => event.kind === 'syn' && event.direction === 0);
  const first = syns[0];
  if (first === undefined) return null;
  const isVisible = isReverseVisible(flow, capture);
  const isRepeated = syns.some((syn, i) => i > 0 && isTimerRepetition(syns[i - 1] as TcpEvent, syn, isVisible));
  const host = capture.hosts.host(flow.responder.address);
  const spread = syns.length > 1 ? ` over ${formatSeconds((syns.at(-1) as TcpEvent).time - first.time)}` : '';
  const proof = syns.slice(0, MOST_EVIDENCE).map((syn, i) => {
    const when = i === 0 ? 'SYN sent' : `SYN sent again ${formatSeconds(syn.time - first.time)} after the first`;
    return evidence(syn, when);
  });
  const shared = {
    code: 'tcp-unanswered',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    evidence: proof,
  } as const;
  if (!isRepeated) {
    return {
      ...shared,
      verdict: 'undetermined',
      certainty: 'inferred',
      cause: 'unknown',
      where: 'unknown',
      what: `${countSyns(syns.length)}, no answer in the capture`,
      why:
        'A SYN that is not repeated on its timer shows only that the capture holds no answer: the attempt may have been given up, ' +
        'the capture may end too early, or the answer may take another way.',
      nextStep: 'Capture a whole attempt of at least 4 seconds, with both directions.',
      groupKey: `lone ${flow.responder.address} ${flow.responder.port}`,
    };
  }
  const downWords =
    host?.soughtAt !== null && host?.soughtAt !== undefined && host.foundAt === null && host.sent === null
      ? ' ARP or neighbour discovery for that address was not answered here either, so the host itself may be down.'
      : '';
  return {
    ...shared,
    verdict: 'blocked',
    certainty: isVisible ? 'confirmed' : 'inferred',
    cause: 'silent-drop',
    where: isVisible ? 'toward-responder' : 'unknown',
    what: `${countSyns(syns.length)}${spread}, never answered`,
    why:
      `The initiator repeated its SYN on its timer, so no answer of any kind (SYN-ACK, reset or ICMP) reached it. ` +
      (isVisible
        ? 'Packets toward the initiator are seen in this capture, so an answer would have been seen too. '
        : 'Packets toward the initiator are not seen in this capture; the repetition alone proves that none arrived. ') +
      `This is what a filter that drops silently looks like; a host that is switched off or an address that nobody has looks the same from here.${downWords}`,
    nextStep: `Ask for TCP ${flow.responder.port} to ${flow.responder.address} to be permitted from ${flow.initiator.address}; check first that the host is up and answers on another port.`,
    groupKey: `drop ${flow.responder.address} ${flow.responder.port}`,
  };
}

function countSyns(count: number): string {
  return count === 1 ? 'one SYN sent' : `SYN sent ${count} times`;
}

/** A new IP id proves a new packet; where answers may be hidden, only the timer does (a refused SYN is retried sooner). */
function isTimerRepetition(previous: TcpEvent, syn: TcpEvent, isVisible: boolean): boolean {
  if (syn.time - previous.time >= SHORTEST_TIMER_NS) return true;
  return isVisible && syn.ipId > 0 && syn.ipId !== previous.ipId;
}

/** Whether anything toward the initiator is in the capture. */
function isReverseVisible(flow: FlowCase, capture: CaptureCase): boolean {
  const initiator = capture.hosts.host(flow.initiator.address);
  return initiator !== null && initiator.reached !== null;
}
