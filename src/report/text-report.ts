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
type Wordiness = Omit<Extent, 'findings' | 'titles'>;

/** Explanations are the last to be shortened: frames are named beside them, and flows and filters follow from the titles. */
const AMPLE: readonly Wordiness[] = [
  { evidence: 8, text: 700, flows: 10, permits: 12, captures: 4 },
  { evidence: 5, text: 700, flows: 8, permits: 12, captures: 2 },
  { evidence: 3, text: 700, flows: 6, permits: 12, captures: 1 },
  { evidence: 2, text: 700, flows: 4, permits: 8, captures: 1 },
  { evidence: 2, text: 600, flows: 2, permits: 8, captures: 1 },
  { evidence: 2, text: 400, flows: 2, permits: 6, captures: 1 },
];
const TERSE: readonly Wordiness[] = [
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
  const write = (extent: Extent): string => renderText(buildDocument(data, extent));
  const full = write(FULL_EXTENT);
  if (full.length <= limit) return full;
  for (const titles of MOST_TITLES) {
    for (const words of [AMPLE, TERSE]) {
      const fitting = fittingReport(words, titles, limit, write);
      if (fitting !== null) return fitting;
    }
  }
  const least = write(LEAST_EXTENT);
  return least.length <= limit ? least : `${least.slice(0, limit - 2)}…\n`;
}

/** With as many findings as fit in the fewest of these words, and then as many words as fit; null when not one finding fits. */
function fittingReport(
  words: readonly Wordiness[],
  titles: number,
  limit: number,
  write: (extent: Extent) => string,
): string | null {
  const written = (findings: number, wordiness: Wordiness | undefined): string | null => {
    const text = wordiness === undefined ? null : write({ findings, titles, ...wordiness });
    return text !== null && text.length <= limit ? text : null;
  };
  if (written(1, words.at(-1)) === null) return null;
  const findings = MOST_FINDINGS.find((count) => written(count, words.at(-1)) !== null) ?? 1;
  for (const wordiness of words) {
    const text = written(findings, wordiness);
    if (text !== null) return text;
  }
  return null;
}
