/** Flows in words, as several screens write them. */

import type { EndpointRow, FlowRow } from '../analysis/snapshot.ts';
import type { Verdict } from '../verdict/finding.ts';
import { type Span, span } from './line.ts';
import type { Marks } from './theme.ts';

/** `10.10.2.20:554`, `[fd00:2::20]:554`; the address alone for protocols without ports. */
export function formatEndpoint({ address, port }: EndpointRow): string {
  if (port === 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export function verdictSpan(verdict: Verdict, marks: Marks): Span {
  return span(`${marks.verdict[verdict]} ${verdict}`, verdict);
}

export function isProblem(verdict: Verdict): boolean {
  return verdict !== 'ok' && verdict !== 'background';
}

/** `RTSP 10.10.1.10:38336 > 10.10.2.20:554`. */
export function describeFlow(row: FlowRow): string {
  return `${row.protocolLabel} ${formatEndpoint(row.initiator)} > ${formatEndpoint(row.responder)}`;
}

/** How the protocol is known, for people. */
export function describeConfidence(row: FlowRow): string {
  switch (row.confidence) {
    case 'announced':
      return row.announcedHow === null ? 'announced by its control channel' : `announced by ${row.announcedHow}`;
    case 'content':
      return 'its bytes say so';
    case 'port':
      return 'by its port alone';
    case 'none':
      return 'not recognised';
  }
}
