/** The text summary, short enough for the plain fields of ticket systems. */

import { buildDocument } from './build-document.ts';
import { renderText } from './render-text.ts';
import type { Extent, ReportData } from './report-data.ts';

/** What such a field takes. */
export const TICKET_LENGTH = 4000;

/** Everything that people read; JSON has all there is. */
export const FULL_EXTENT: Extent = {
  ...{ findings: 100, titles: 400, evidence: 24, text: 2000 },
  ...{ flows: 200, permits: 100, captures: 50 },
};

/** For comments on a ticket, which take some tens of thousands of characters. */
export const COMMENT_EXTENT: Extent = {
  ...{ findings: 20, titles: 80, evidence: 6, text: 1000 },
  ...{ flows: 40, permits: 20, captures: 10 },
};

/** As many findings in full as fit; the others have their titles. */
const MOST_FINDINGS = [12, 9, 7, 6, 5, 4, 3, 2, 1];
const MOST_TITLES = [40, 12, 6, 3, 0];
/** Explanations are the last to be shortened: frames are named beside them, and flows and filters follow from the titles. */
const AMPLE = [
  { evidence: 8, text: 700, flows: 10, permits: 12, captures: 4 },
  { evidence: 5, text: 700, flows: 8, permits: 12, captures: 2 },
  { evidence: 3, text: 700, flows: 6, permits: 12, captures: 1 },
  { evidence: 2, text: 700, flows: 4, permits: 8, captures: 1 },
  { evidence: 2, text: 600, flows: 2, permits: 8, captures: 1 },
  { evidence: 2, text: 400, flows: 2, permits: 6, captures: 1 },
];
const TERSE = [
  { evidence: 2, text: 300, flows: 2, permits: 6, captures: 1 },
  { evidence: 1, text: 220, flows: 2, permits: 4, captures: 1 },
];
/** When even that is too much. */
const LEAST_EXTENT: Extent = {
  ...{ findings: 1, titles: 0, evidence: 2, text: 100 },
  ...{ flows: 1, permits: 1, captures: 1 },
};

/** As much as fits in `limit` characters; what is left out is counted in it. */
export function textReport(data: ReportData, limit: number): string {
  for (const extent of extents()) {
    const text = renderText(buildDocument(data, extent));
    if (text.length <= limit) return text;
  }
  return `${renderText(buildDocument(data, LEAST_EXTENT)).slice(0, limit - 2)}…\n`;
}

function* extents(): Generator<Extent> {
  yield FULL_EXTENT;
  for (const titles of MOST_TITLES) {
    for (const words of [AMPLE, TERSE]) {
      for (const findings of MOST_FINDINGS) {
        for (const wordiness of words) yield { findings, titles, ...wordiness };
      }
    }
  }
  yield LEAST_EXTENT;
}
