/** Saves what the terminal UI shows in the current folder: a report, or the capture that proves it. */

import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { counted } from '../format/count.ts';
import { NO_NAMES, type SideNames } from '../policy/side-names.ts';
import { Disguise, makeKey } from '../report/anonymous/disguise.ts';
import { DEFAULT_EVIDENCE, writeEvidence } from '../report/evidence-capture.ts';
import { type ReportFormat, writeReport } from '../report/formats.ts';
import { type ReportSource, reportOnCapture, reportOnFindings, type Tool } from '../report/report-source.ts';
import { TICKET_LENGTH } from '../report/text-report.ts';
import type { SaveFormat, SaveRequest, Saver } from '../tui/saving.ts';
import { nameOfSaved, writeFreeFile } from './free-name.ts';
import { hashCaptures } from './hash-captures.ts';
import { writeToFile } from './output-file.ts';

interface SavedFormat extends SaveFormat {
  readonly id: ReportFormat | typeof EVIDENCE;
  readonly extension: string;
}

const EVIDENCE = 'evidence';

const FORMATS: readonly SavedFormat[] = [
  { id: 'text', extension: 'txt', description: 'for a ticket, under 4,000 characters' },
  { id: 'markdown', extension: 'md', description: 'for GitHub, GitLab and the like' },
  { id: 'html', extension: 'html', description: 'to read and print, with drawings' },
  { id: 'json', extension: 'json', description: 'everything, for programs' },
  { id: 'csv', extension: 'csv', description: 'the findings, for spreadsheets' },
  { id: EVIDENCE, extension: 'pcapng', description: 'a capture of the frames that prove it' },
];

const COPY_NAME = 'mediatap-copied';

/** Saves what is known at that moment, so that it serves while the capture is still being read too. */
export function createSaver(analysis: Analysis, tool: Tool, folder: string, sideOf: SideNames = NO_NAMES): Saver {
  // One key for all that is saved, so that a report and its evidence speak of the same pseudonyms.
  const disguise = new Disguise(makeKey(), []);
  return {
    formats: FORMATS,
    canAnonymize: true,
    evidenceFormat: EVIDENCE,
    save: (request) => {
      const source = (snapshot: Snapshot) => ({ ...reportOn(analysis, snapshot, tool, request.findings), sideOf });
      return save(analysis, source, folder, request, request.isAnonymized ? disguise : null);
    },
    saveCopy: async (text) => (await writeFreeFile(folder, COPY_NAME, 'txt', (path) => writeToFile(path, [text]))).path,
  };
}

function reportOn(analysis: Analysis, snapshot: Snapshot, tool: Tool, findings: readonly string[]): ReportSource {
  if (findings.length === 0) return reportOnCapture(analysis, snapshot, tool);
  return reportOnFindings(analysis, snapshot, tool, findings);
}

async function save(
  analysis: Analysis,
  reportOf: (snapshot: Snapshot) => ReportSource,
  folder: string,
  request: SaveRequest,
  disguise: Disguise | null,
): Promise<string> {
  const { findings } = request;
  const format = FORMATS.find(({ id }) => id === request.format);
  if (format === undefined) throw new Error(`There is no format ${request.format}.`);
  const source = reportOf(await hashCaptures(analysis.snapshot));
  if (format.id === EVIDENCE) requireEvidence(source);
  const told = disguise === null ? source : disguise.source(source);
  let missing = 0;
  const write = async (path: string): Promise<void> => {
    if (format.id === EVIDENCE) ({ missing } = await writeEvidence(source, path, { ...DEFAULT_EVIDENCE, disguise }));
    else await writeToFile(path, writeReport(told, format.id, TICKET_LENGTH));
  };
  const ids = findings.length === 0 ? [] : told.snapshot.findings.map(({ id }) => id);
  const { path } = await writeFreeFile(folder, nameOfSaved(told.snapshot.captures, ids), format.extension, write);
  return missing === 0 ? path : `${path} (without ${counted(missing, 'frame')} that could not be read again)`;
}

function requireEvidence({ snapshot }: ReportSource): void {
  if (snapshot.findings.length === 0) throw new Error('There is no finding to prove.');
}
