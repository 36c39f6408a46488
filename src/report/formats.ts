/** The forms that a report can take. */

import { buildDocument } from './build-document.ts';
import { findingsCsv } from './findings-csv.ts';
import { gather } from './gather.ts';
import { writeJsonReport } from './json-report.ts';
import { junitReport } from './junit.ts';
import { renderHtml } from './render-html.ts';
import { renderJira } from './render-jira.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { ReportSource } from './report-source.ts';
import { COMMENT_EXTENT, FULL_EXTENT, textReport } from './text-report.ts';

export const REPORT_FORMATS = ['text', 'markdown', 'json', 'html', 'jira', 'junit', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** In pieces, to be written as they come. `textLimit` is the most characters of a text report. */
export async function* writeReport(
  source: ReportSource,
  format: ReportFormat,
  textLimit: number,
): AsyncGenerator<string> {
  switch (format) {
    case 'text':
      yield textReport(await gather(source, FULL_EXTENT), textLimit);
      return;
    case 'markdown':
      yield renderMarkdown(buildDocument(await gather(source, COMMENT_EXTENT), COMMENT_EXTENT));
      return;
    case 'jira':
      yield renderJira(buildDocument(await gather(source, COMMENT_EXTENT), COMMENT_EXTENT));
      return;
    case 'html':
      yield renderHtml(buildDocument(await gather(source, FULL_EXTENT), FULL_EXTENT));
      return;
    case 'json':
      yield* writeJsonReport(source);
      return;
    case 'junit':
      yield junitReport(source.snapshot);
      return;
    case 'csv':
      yield findingsCsv(source.snapshot);
      return;
  }
}
