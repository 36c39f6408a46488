/** Flows in words, as several screens write them. */

import type { FlowRow } from '../analysis/snapshot.ts';
import { formatEndpoint } from '../format/endpoint.ts';
import { type Finding, nameFinding, type Verdict } from '../verdict/finding.ts';
import { type Span, span } from './line.ts';
import type { Marks } from './theme.ts';

export function initiatorText({ initiator }: FlowRow): string {
  return formatEndpoint(initiator.address, initiator.port);
}

export function responderText({ responder }: FlowRow): string {
  return formatEndpoint(responder.address, responder.port);
}

export function verdictSpan(verdict: Verdict, marks: Marks): Span {
  return span(`${marks.verdict[verdict]} ${verdict}`, verdict);
}

export function findingSpan({ verdict }: Pick<Finding, 'verdict'>, marks: Marks): Span {
  return span(`${marks.verdict[verdict]} ${nameFinding(verdict)}`, verdict);
}

/** `RTSP  10.10.1.10:38336 → 10.10.2.20:554`. */
export function describeFlow(row: FlowRow, { to }: Marks): string {
  return `${row.protocolLabel}  ${initiatorText(row)} ${to} ${responderText(row)}`;
}

/** How the protocol is known, for people. */
export function describeConfidence(row: FlowRow): string {
  switch (row.confidence) {
    case 'announced':
      return `announced: ${row.announcedHow ?? 'by its control channel'}`;
    case 'content':
      return 'content: its bytes say so';
    case 'port':
      return 'port: nothing but its number says so';
    case 'none':
      return 'not recognised';
  }
}
