/** Every form of a report on every fixture can be read by strict readers; of some, the whole text is stored. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RECORDINGS } from '../fixtures/scenarios/recordings.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { startLocalAnalysis } from '../src/analysis/local-analysis.ts';
import type { Analysis } from '../src/analysis/snapshot.ts';
import { readSitePolicy } from '../src/policy/read-site-policy.ts';
import { type ReportFormat, writeReport } from '../src/report/formats.ts';
import { type ReportSource, reportOnCapture } from '../src/report/report-source.ts';
import { TICKET_LENGTH } from '../src/report/text-report.ts';
import { readCsv, readMarkdownTables, readMarkup } from './forms.ts';

const TOOL = { name: 'mediatap', version: '0' };
const folder = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** Stories of all verdicts, and text that wants to do harm. */
const STORED = [
  'recorded-rollover',
  'recorded-rtsp-media-dropped',
  'recorded-rtsp-rejected-by-icmp',
  'recorded-rtsp-rejected-by-reset',
  'recorded-rtsp-transport-refused',
  'recorded-rtsp-ok',
  'ssh-on-1935',
  'group-flooded',
  'media-cut',
  'hostile-text',
];
const STORED_FORMS: readonly (readonly [ReportFormat, string])[] = [
  ['text', 'txt'],
  ['markdown', 'md'],
  ['jira', 'jira'],
  ['csv', 'csv'],
  ['junit', 'xml'],
];

const CASES: readonly { readonly name: string; readonly file: string; readonly policy?: string }[] = [
  ...SCENARIOS,
  ...RECORDINGS,
];

/** As the command makes it, but for where the file is. */
async function sourceOf(name: string, file: string, policy: string | undefined): Promise<[ReportSource, Analysis]> {
  const site = policy === undefined ? null : readSitePolicy(policy);
  const analysis = await startLocalAnalysis({ paths: [`${folder}${name}/${file}`], policy: site });
  const snapshot = await analysis.finished;
  const captures = snapshot.captures.map((capture) => ({ ...capture, file: `fixtures/${name}/${file}` }));
  return [reportOnCapture(analysis, { ...snapshot, captures }, TOOL), analysis];
}

async function report(source: ReportSource, format: ReportFormat): Promise<string> {
  let text = '';
  for await (const chunk of writeReport(source, format, TICKET_LENGTH)) text += chunk;
  return text;
}

describe.each(CASES)('a report on $name', ({ name, file, policy }) => {
  it('can be read in each of its forms', async () => {
    const [source, analysis] = await sourceOf(name, file, policy);
    const { findings } = source.snapshot;
    const names = readMarkup(await report(source, 'html'), 'html');
    expect(names.filter((each) => each === 'h3')).toHaveLength(findings.length);
    const cases = readMarkup(await report(source, 'junit'), 'xml').filter((each) => each === 'testcase');
    expect(cases).toHaveLength(Math.max(1, findings.length));
    expect(readCsv(await report(source, 'csv'))).toHaveLength(1 + findings.length);
    readMarkdownTables(await report(source, 'markdown'));
    const text = await report(source, 'text');
    expect(text.length).toBeLessThanOrEqual(TICKET_LENGTH);
    expect([...text].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
    await analysis.close();
  });
});

describe.each(CASES.filter(({ name }) => STORED.includes(name)))('a report on $name', ({ name, file, policy }) => {
  it('is as it is stored', async () => {
    const [source, analysis] = await sourceOf(name, file, policy);
    for (const [format, extension] of STORED_FORMS) {
      const text = await report(source, format);
      const stored = `${folder}${name}/report.${extension}`;
      if (process.env.UPDATE_GOLDENS === '1') writeFileSync(stored, text);
      expect(text).toBe(existsSync(stored) ? readFileSync(stored, 'utf8') : 'not stored: run npm run goldens');
    }
    await analysis.close();
  });
});

describe('the example of the README', () => {
  it('is what the program writes', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(readFileSync(`${folder}recorded-rollover/report.txt`, 'utf8').trimEnd());
  });
});
