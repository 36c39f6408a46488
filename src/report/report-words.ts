/** What a report says in words for the values of findings and flows: what was seen, never more than the evidence holds. */

import type { FlowRow, PairCount, PolicyState } from '../analysis/snapshot.ts';
import { formatCount } from '../format/count.ts';
import { formatEndpoint } from '../format/endpoint.ts';
import type { Evidence, Finding, FindingCode } from '../verdict/finding.ts';

const MOST_FRAMES = 6;

/** At most so many pieces in their order; what each of many flows shows alike gives way to what else there is. */
export function pickEvidence(evidence: readonly Evidence[], most: number): readonly Evidence[] {
  const byFact = new Map<string, Evidence>();
  for (const each of evidence) if (!byFact.has(each.fact)) byFact.set(each.fact, each);
  const picked = [...new Set([...byFact.values(), ...evidence])].slice(0, most);
  return evidence.filter((each) => picked.includes(each));
}

/** With the frames that it rests on. */
export function describeCertainty({ certainty, evidence }: Finding, isOneCapture: boolean): string {
  const places = new Map(evidence.map((each) => [`${each.capture} ${each.frame}`, each]));
  if (places.size === 0) return certainty;
  const framesOf = new Map<number, number[]>();
  for (const { capture, frame } of pickEvidence([...places.values()], MOST_FRAMES)) {
    framesOf.set(capture, [...(framesOf.get(capture) ?? []), frame]);
  }
  const parts = [...framesOf].map(
    ([capture, frames]) =>
      `${frames.length === 1 ? 'frame' : 'frames'} ${frames.join(', ')}${isOneCapture ? '' : ` of capture ${capture + 1}`}`,
  );
  const more = places.size > MOST_FRAMES ? ` and ${places.size - MOST_FRAMES} more` : '';
  return `${certainty} ${certainty === 'confirmed' ? 'by' : 'from'} ${parts.join(' and ')}${more}`;
}

export const POLICY_STATE_WORDS: Readonly<Record<PolicyState, string>> = {
  working: 'allowed and working',
  blocked: 'blocked',
  refused: 'refused by the host',
  unexpected: 'unexpected',
  undetermined: 'seen, not proven to work',
  'never-seen': 'never seen',
};

/** What the codes that rest on an absence mean by it. */
const NOT_SEEN: Readonly<Partial<Record<FindingCode, string>>> = {
  'tcp-unanswered': 'an answer to the SYN: SYN-ACK, reset or ICMP error',
  'tcp-reset-by-path': 'an answer from the host that was asked',
  'icmp-prohibited': 'an answer from the responder itself',
  'tcp-cut-midstream': 'a sign that the data that was sent again, or its acknowledgement, arrived',
  'media-never-arrived': 'the media that was announced',
  'media-one-way': 'a sign that the media arrives: a receiver report or the announced return stream',
  'reports-one-way': 'the same RTCP behind the router',
  'media-cut': 'an end of the stream (BYE, TEARDOWN, close) before it stopped',
  'request-unanswered': 'an answer that reached the one who asked',
  'multicast-no-data': 'a packet to the group that its member asked for',
  'multicast-no-member': 'a membership report for the group',
  'multicast-no-querier': 'a query for members',
  'unannounced-media': 'a control channel that announces this media',
  'tcp-reset-midstream': 'an end by the application (FIN, TEARDOWN) before the reset',
  'path-mtu': 'the same data again in packets small enough',
  'address-not-translated': 'media sent to or from the address that was announced',
  'neighbour-unanswered': 'an answer to the ARP request or neighbour solicitation',
  'port-scan': 'any use of a connection by the host that tried them',
  'media-lossy': 'the packets whose numbers are missing',
  'fragments-lost': 'the other fragments of these datagrams',
  'not-in-policy': 'a rule of the policy that permits it',
};

/** Null for a finding that rests only on what was seen. */
export function notSeenOf(finding: Finding): string | null {
  // An answer that passes here and a stream that came here are seen, and lost beyond.
  if (finding.code === 'tcp-unanswered' && finding.where === 'toward-initiator')
    return 'a sign that the answer to the SYN reached the initiator';
  if (finding.code === 'multicast-no-data' && finding.flows.length > 0)
    return 'the stream where its members are, at the time that is told';
  return NOT_SEEN[finding.code] ?? null;
}

export function describeEnds(flow: FlowRow): { readonly initiator: string; readonly responder: string } {
  return {
    initiator: formatEndpoint(flow.initiator.address, flow.initiator.port),
    responder: formatEndpoint(flow.responder.address, flow.responder.port),
  };
}

/** Packets toward the responder and back: `12 / 8`. */
export function describePair(count: PairCount): string {
  return `${formatCount(count.toResponder)} / ${formatCount(count.toInitiator)}`;
}

/** A connection that was refused is no refusal by the other end, when a firewall sent the reset. */
export function describeOutcome({ outcome, transport }: FlowRow): string {
  switch (outcome) {
    case 'none':
      return transport;
    case 'unanswered':
      return 'SYN unanswered';
    case 'refused':
      return 'SYN reset';
    case 'midstream':
      return 'seen from its middle';
    default:
      return outcome;
  }
}
