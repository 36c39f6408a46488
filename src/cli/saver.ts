/** Saves what the terminal UI shows as a report in the current folder. */

import { rm } from 'node:fs/promises';
import type { Analysis } from '../analysis/snapshot.ts';
import { type ReportFormat, writeReport } from '../report/formats.ts';
import { reportOnCapture, reportOnFindings, type Tool } from '../report/report-source.ts';
import { TICKET_LENGTH } from '../report/text-report.ts';
import type { SaveFormat, SaveRequest, Saver } from '../tui/saving.ts';
import { createFreeFile, nameOfSaved } from './free-name.ts';
import { hashCaptures } from './hash-captures.ts';
import { writeToFile } from './output-file.ts';

interface SavedFormat extends SaveFormat {
  readonly id: ReportFormat;
  readonly extension: string;
}

const FORMATS: readonly SavedFormat[] = [
  { id: 'text', extension: 'txt', description: 'for a ticket, under 4,000 characters' },
  { id: 'markdown', extension: 'md', description: 'for GitHub, GitLab and the like' },
  { id: 'html', extension: 'html', description: 'to read and print, with drawings' },
  { id: 'json', extension: 'json', description: 'everything, for programs' },
  { id: 'csv', extension: 'csv', description: 'the findings, for spreadsheets' },
];

/** Saves what is known at that moment, so that it serves while the capture is still being read too. */
export function createSaver(analysis: Analysis, tool: Tool, folder: string): Saver {
  return {
    formats: FORMATS,
    canAnonymize: false,
    evidenceFormat: null,
    save: (request) => saveReport(analysis, tool, folder, request),
  };
}

async function saveReport(analysis: Analysis, tool: Tool, folder: string, request: SaveRequest): Promise<string> {
  const { findings } = request;
  const format = FORMATS.find(({ id }) => id === request.format);
  if (format === undefined) throw new Error(`There is no format ${request.format}.`);
  const snapshot = await hashCaptures(analysis.snapshot);
  const source =
    findings.length === 0
      ? reportOnCapture(analysis, snapshot, tool)
      : reportOnFindings(analysis, snapshot, tool, findings);
  const path = createFreeFile(folder, nameOfSaved(snapshot.captures, findings), format.extension);
  try {
    await writeToFile(path, writeReport(source, format.id, TICKET_LENGTH));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return path;
}
