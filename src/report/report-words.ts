/** What a report says in words for the values of findings and flows: what was seen, never more than the evidence holds. */

import type { FlowRow, PairCount } from '../analysis/snapshot.ts';
import { formatCount } from '../format/count.ts';
import { formatEndpoint } from '../format/endpoint.ts';
import type { Cause, Certainty, Finding, FindingCode, Where } from '../verdict/finding.ts';

export const WHERE_WORDS: Readonly<Record<Where, string>> = {
  'toward-responder': 'between this capture point and the responder',
  'toward-initiator': 'between this capture point and the initiator',
  'beyond-capture-point': 'beyond this capture point',
  unknown: 'not shown by this capture',
};

export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  'silent-drop': 'packets are dropped without an answer',
  host: 'the host itself answered so',
  'device-on-path': 'a device on the path',
  icmp: 'an ICMP error says so',
  application: 'the application at the other end',
  unknown: 'not shown by this capture',
};

export const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = {
  confirmed: 'confirmed by the frames below',
  inferred: 'inferred from the frames below',
};

/** What the codes that rest on an absence mean by it. */
const NOT_SEEN: Readonly<Partial<Record<FindingCode, string>>> = {
  'tcp-unanswered': 'an answer to the SYN: SYN-ACK, reset or ICMP error',
  'tcp-reset-by-path': 'an answer from the host that was asked',
  'icmp-prohibited': 'an answer from the responder itself',
  'tcp-cut-midstream': 'an acknowledgement of the data that was sent again',
  'media-never-arrived': 'the media that was announced',
  'media-one-way': 'a sign that the media arrives: a receiver report or the announced return stream',
  'media-cut': 'an end of the stream (BYE, TEARDOWN, close) before it stopped',
  'request-unanswered': 'an answer to the repeated request',
  'multicast-no-data': 'a packet to the group that was joined',
  'multicast-no-member': 'a membership report for the group',
  'unannounced-media': 'a control channel that announces this media',
};

/** Null for a finding that rests only on what was seen. */
export function notSeenOf(finding: Finding): string | null {
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
