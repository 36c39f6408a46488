/** The text summary, short enough for the plain fields of ticket systems. */

import { buildDocument, type Extent, type ReportData } from './build-document.ts';
import { renderText } from './render-text.ts';

/** What such a field takes. */
export const TICKET_LENGTH = 4000;

/** Everything that people read; JSON has all there is. */
export const FULL_EXTENT: Extent = { findings: 100, flows: 200, evidence: 24, permits: 100, captures: 50, text: 2000 };

/** For comments on a ticket, which take some tens of thousands of characters. */
export const COMMENT_EXTENT: Extent = { findings: 20, flows: 40, evidence: 6, permits: 20, captures: 10, text: 1000 };

/** Rather all findings with fewer words than some of them with all words. */
const MOST_FINDINGS = [12, 9, 7, 6, 5, 4, 3, 2, 1];
const WORDINESS = [
  { evidence: 8, text: 700, flows: 10, permits: 8, captures: 4 },
  { evidence: 5, text: 600, flows: 8, permits: 6, captures: 2 },
  { evidence: 3, text: 480, flows: 6, permits: 5, captures: 1 },
  { evidence: 2, text: 400, flows: 4, permits: 3, captures: 1 },
  { evidence: 2, text: 300, flows: 3, permits: 2, captures: 1 },
  { evidence: 1, text: 220, flows: 3, permits: 2, captures: 1 },
];
/** When even that is too much. */
const LEAST_EXTENT: Extent = { findings: 1, flows: 1, evidence: 2, permits: 1, captures: 1, text: 100 };

/** As much as fits in `limit` characters; what is left out is counted in it. */
export function textReport(data: ReportData, limit: number): string {
  const full = renderText(buildDocument(data, FULL_EXTENT));
  if (full.length <= limit) return full;
  for (const findings of MOST_FINDINGS) {
    for (const wordiness of WORDINESS) {
      const text = renderText(buildDocument(data, { findings, ...wordiness }));
      if (text.length <= limit) return text;
    }
  }
  const least = renderText(buildDocument(data, LEAST_EXTENT));
  return least.length <= limit ? least : `${least.slice(0, limit - 2)}…\n`;
}
