/** A connection that was asked for and never answered. */

import { dynamicPortNote } from './call-legs.ts';
import { indexOf } from './capture-index.ts';
import { type Draft, evidence, type Story } from './draft.ts';
import {
  type CaptureCase,
  type FlowCase,
  firstFrameOf,
  formatSeconds,
  NS_PER_SECOND,
  type TcpCase,
  type TcpEvent,
} from './flow-case.ts';
import { isUndelivered } from './icmp-codes.ts';

/** A copy made by a span follows within milliseconds; no system repeats a SYN on its timer sooner than this. */
const SHORTEST_TIMER_NS = 0.8 * NS_PER_SECOND;
/** SYNs after the answer that show that it was lost: one may have crossed it. */
const FEWEST_AFTER_ANSWER = 2;
const MOST_EVIDENCE = 12;
const NONE: readonly never[] = [];

export function checkTcpUnanswered(flow: FlowCase, capture: CaptureCase): Draft | null {
  const { tcp } = flow;
  if (tcp?.outcome === 'half-open') return checkSynAckLost(flow, tcp);
  if (tcp?.outcome !== 'unanswered' || !flow.isStreaming || flow.icmp.some(isUndelivered) || tcp.syns === 0)
    return null;
  const isVisible = flow.isInitiatorReached;
  const isDown = indexOf(capture).isMissing(flow.responder.address);
  const isBlocked = isTimerRepeated(tcp, flow, isVisible) && !isCutShort(tcp, capture) && !isDown;
  const { address, port } = flow.responder;
  // Written out whole: a scan or an outage makes tens of thousands of these, and spreading objects is slow.
  return {
    code: 'tcp-unanswered',
    verdict: isBlocked ? 'blocked' : 'undetermined',
    certainty: isBlocked && isVisible ? 'confirmed' : 'inferred',
    cause: isBlocked ? 'silent-drop' : isDown ? 'host' : 'unknown',
    where: isBlocked && isVisible ? 'toward-responder' : 'unknown',
    flows: [flow],
    related: NONE,
    groups: NONE,
    rule: flow.row?.id ?? null,
    groupKey: `${address} ${port}`,
    tell: () => (isBlocked ? tellDrop(flow, tcp, capture) : isDown ? tellDown(flow, tcp) : tellLone(flow, tcp)),
  };
}

/** The capture ended before the answer to the only repetition could come. */
function isCutShort(tcp: TcpCase, capture: CaptureCase): boolean {
  return tcp.syns === 2 && capture.endTime - tcp.lastSynTime < SHORTEST_TIMER_NS;
}

/** The answer passes this point, yet the initiator asks again on its timer: it is lost behind this point. */
function checkSynAckLost(flow: FlowCase, tcp: TcpCase): Draft | null {
  if (!flow.isStreaming || flow.icmp.some(isUndelivered)) return null;
  const answer = tcp.events.find((event) => event.kind === 'syn-ack');
  if (answer === undefined) return null;
  const repeated = listSyns(tcp).filter((syn) => syn.time - answer.time >= SHORTEST_TIMER_NS / 2);
  const last = repeated.at(-1);
  if (last === undefined || repeated.length < FEWEST_AFTER_ANSWER) return null;
  const { initiator, responder } = flow;
  return {
    code: 'tcp-unanswered',
    verdict: 'blocked',
    certainty: 'inferred',
    cause: 'silent-drop',
    where: 'toward-initiator',
    flows: [flow],
    related: NONE,
    groups: NONE,
    rule: flow.row?.id ?? null,
    groupKey: `answer ${responder.address} ${responder.port}`,
    tell: () => ({
      what: `the SYN-ACK passes this point, yet the SYN is sent ${repeated.length} more times`,
      why:
        `${responder.address} answered ${formatSeconds(answer.time - flow.firstTime)} after the first SYN, and ${initiator.address} went on to repeat its SYN until ` +
        `${formatSeconds(last.time - answer.time)} after that answer: the answer is dropped between this point and ${initiator.address}, or takes a way that a stateful firewall there does not accept.`,
      nextStep: `Look between the capture point and ${initiator.address}: at rules for answers from TCP ${responder.port}, and at routes that differ for the two directions.`,
      evidence: [...synEvidence(flow, tcp), evidence(answer, 'SYN-ACK passes here')],
    }),
  };
}

function tellLone(flow: FlowCase, tcp: TcpCase): Story {
  return {
    what: `${countSyns(tcp.syns)}, no answer in the capture`,
    why:
      'A SYN that is not repeated on its timer shows only that the capture holds no answer: the attempt may have been given up, ' +
      'the capture may end too early, or the answer may take another way.',
    nextStep: 'Capture a whole attempt of at least 4 seconds, with both directions.',
    evidence: synEvidence(flow, tcp),
  };
}

function tellDown(flow: FlowCase, tcp: TcpCase): Story {
  const { address } = flow.responder;
  return {
    what: `${countSyns(tcp.syns)}, and ${address} does not answer on its own link either`,
    why: `ARP or neighbour discovery for ${address} is in this capture, again and again, and nobody answers it: the host is probably switched off, and no firewall has to do with it.`,
    nextStep: `Check that ${address} is switched on and has this address.`,
    evidence: synEvidence(flow, tcp),
  };
}

function tellDrop(flow: FlowCase, tcp: TcpCase, capture: CaptureCase): Story {
  const isVisible = flow.isInitiatorReached;
  const { address, port } = flow.responder;
  const other = indexOf(capture).openedTo(flow.responder);
  const up = indexOf(capture).openedToHost(address);
  return {
    what: `${countSyns(tcp.syns)} over ${formatSeconds(tcp.lastSynTime - flow.firstTime)}, never answered`,
    why:
      `The initiator repeated its SYN on its timer, so no answer of any kind (SYN-ACK, reset or ICMP) reached it. ` +
      (isVisible
        ? 'Packets toward the initiator are seen in this capture, so an answer would have been seen too. '
        : `No other packet on its way to ${flow.initiator.address} is in this capture; the repetition alone proves that no answer arrived. `) +
      (up === null
        ? 'This is what a filter that drops silently looks like; a host that is switched off or an address that nobody has looks the same from here.'
        : `The host is up, since it takes connections to port ${up.responder.port} (frame ${firstFrameOf(up)}): a filter that drops silently looks like this.`) +
      (other === null
        ? ''
        : ` Another connection to the same port worked in this capture (frame ${firstFrameOf(other)}), so that a rule for it, a limit, or a service that came and went is likelier than a closed path.`) +
      dynamicPortNote(flow, capture),
    nextStep: `Ask for TCP ${port} to ${address} to be permitted from ${flow.initiator.address}${up === null ? '; check first that the host is up and answers on another port' : ''}.`,
    evidence: synEvidence(flow, tcp),
  };
}

function countSyns(count: number): string {
  return count === 1 ? 'one SYN sent' : `SYN sent ${count} times`;
}

function listSyns(tcp: TcpCase): TcpEvent[] {
  return tcp.events.filter((event) => event.kind === 'syn' && event.direction === 0);
}

function synEvidence(flow: FlowCase, tcp: TcpCase): Story['evidence'] {
  return listSyns(tcp)
    .slice(0, MOST_EVIDENCE)
    .map((syn, i) =>
      evidence(
        syn,
        i === 0 ? 'SYN sent' : `SYN sent again ${formatSeconds(syn.time - flow.firstTime)} after the first`,
      ),
    );
}

/** A new IP id proves a new packet; where answers may be hidden, only the timer does (a refused SYN is retried sooner). */
function isTimerRepeated(tcp: TcpCase, flow: FlowCase, isVisible: boolean): boolean {
  if (tcp.syns < 2) return false;
  if (tcp.syns === 2 && tcp.lastSynTime - flow.firstTime >= SHORTEST_TIMER_NS) return true;
  const syns = listSyns(tcp);
  return syns.some((syn, i) => {
    const previous = syns[i - 1];
    if (previous === undefined) return false;
    if (syn.time - previous.time >= SHORTEST_TIMER_NS) return true;
    return isVisible && syn.ipId > 0 && syn.ipId !== previous.ipId && flow.packets[0] === tcp.syns;
  });
}
