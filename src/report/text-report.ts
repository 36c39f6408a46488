/** The text summary, short enough for the plain fields of ticket systems. */

import { buildDocument, type Extent, type ReportData } from './build-document.ts';
import { renderText } from './render-text.ts';

/** What such a field takes. */
export const TICKET_LENGTH = 4000;

/** Everything that people read; JSON has all there is. */
export const FULL_EXTENT: Extent = { findings: 100, flows: 200, evidence: 24, captures: 50, text: 2000 };

/** For comments on a ticket, which take some tens of thousands of characters. */
export const COMMENT_EXTENT: Extent = { findings: 20, flows: 40, evidence: 6, captures: 10, text: 1000 };

/** From the most to the least that is shown. */
const SHORTER_EXTENTS: readonly Extent[] = [
  { findings: 6, flows: 10, evidence: 6, captures: 4, text: 500 },
  { findings: 4, flows: 8, evidence: 4, captures: 2, text: 400 },
  { findings: 3, flows: 5, evidence: 3, captures: 1, text: 300 },
  { findings: 2, flows: 4, evidence: 3, captures: 1, text: 240 },
  { findings: 1, flows: 2, evidence: 3, captures: 1, text: 200 },
  { findings: 1, flows: 1, evidence: 2, captures: 1, text: 100 },
];

/** As much as fits in `limit` characters; what is left out is counted in it. */
export function textReport(data: ReportData, limit: number): string {
  let text = '';
  for (const extent of [FULL_EXTENT, ...SHORTER_EXTENTS]) {
    text = renderText(buildDocument(data, extent));
    if (text.length <= limit) return text;
  }
  return `${text.slice(0, limit - 2)}…\n`;
}
