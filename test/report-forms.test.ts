/** Every form of a report on every fixture can be read by what is made to read it; of some, the whole text is stored. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RECORDINGS } from '../fixtures/scenarios/recordings.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { compareCaptures } from '../src/analysis/compare/compare-captures.ts';
import type { SideCapture } from '../src/analysis/compare/read-side.ts';
import { startLocalAnalysis } from '../src/analysis/local-analysis.ts';
import type { Analysis } from '../src/analysis/snapshot.ts';
import { printable } from '../src/format/text.ts';
import { readSitePolicy } from '../src/policy/read-site-policy.ts';
import { COMPARE_FORMATS, writeComparison } from '../src/report/compare-formats.ts';
import { REPORT_FORMATS, type ReportFormat, writeReport } from '../src/report/formats.ts';
import { type ReportSource, reportOnCapture } from '../src/report/report-source.ts';
import { TICKET_LENGTH } from '../src/report/text-report.ts';
import { readCsv, readHtml, readJunit, readMarkdown } from './forms.ts';
import { PROGRAM } from './pseudo-terminal.ts';

const TOOL = { name: 'mediatap', version: '0' };
const folder = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** Recordings of real firewalls, stories of the other verdicts, and text that wants to do harm. */
const STORED: ReadonlySet<string> = new Set([
  ...RECORDINGS.map(({ name }) => name),
  'ssh-on-1935',
  'group-flooded',
  'media-cut',
  'hostile-text',
  'hostile-names',
]);
const EXTENSIONS: Readonly<Record<ReportFormat, string>> = {
  text: 'txt',
  markdown: 'md',
  jira: 'jira',
  html: 'html',
  csv: 'csv',
  junit: 'xml',
  json: 'json',
};

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

const suites: string[] = [];

describe.each(CASES)('a report on $name', ({ name, file, policy }) => {
  it('can be read in each of its forms', async () => {
    const [source, analysis] = await sourceOf(name, file, policy);
    const { findings } = source.snapshot;
    const names = await readHtml(await report(source, 'html'));
    expect(names.filter((each) => each === 'h3')).toHaveLength(findings.length);
    const suite = await report(source, 'junit');
    expect(suite.match(/<testcase /g)).toHaveLength(Math.max(1, findings.length));
    suites.push(suite);
    expect(readCsv(await report(source, 'csv'))).toHaveLength(1 + findings.length);
    expect(readMarkdown(await report(source, 'markdown')).findings).toBe(findings.length);
    const text = await report(source, 'text');
    expect(text.length).toBeLessThanOrEqual(TICKET_LENGTH);
    expect(
      text
        .split('\n')
        .map((line) => printable(line, line.length))
        .join('\n'),
    ).toBe(text);
    await analysis.close();
  });
});

describe('reports for pipelines', () => {
  it('keep the schema of JUnit', async () => {
    expect(suites).toHaveLength(CASES.length);
    await readJunit(suites);
  });
});

describe.each(CASES.filter(({ name }) => STORED.has(name)))('a report on $name', ({ name, file, policy }) => {
  it('is as it is stored', async () => {
    const [source, analysis] = await sourceOf(name, file, policy);
    for (const format of REPORT_FORMATS) {
      expectStored(`${name}/report.${EXTENSIONS[format]}`, await report(source, format));
    }
    await analysis.close();
  });
});

describe.each(['recorded-both-legs', 'recorded-both-legs-nat'])('a comparison of %s', (name) => {
  it('is as it is stored', async () => {
    const made = await compareCaptures(`${folder}${name}/inside.pcap`, `${folder}${name}/outside.pcap`);
    const named = (side: SideCapture): SideCapture => ({
      ...side,
      captures: side.captures.map((capture) => ({ ...capture, file: capture.file.replace(folder, 'fixtures/') })),
    });
    const comparison = { ...made, inside: named(made.inside), outside: named(made.outside) };
    for (const format of COMPARE_FORMATS) {
      const text = [...writeComparison(comparison, TOOL, format, TICKET_LENGTH)].join('');
      if (format === 'html') await readHtml(text);
      if (format === 'markdown') readMarkdown(text);
      expectStored(`${name}/comparison.${EXTENSIONS[format]}`, text);
    }
  });
});

function expectStored(name: string, text: string): void {
  const stored = `${folder}${name}`;
  if (process.env.UPDATE_GOLDENS === '1') writeFileSync(stored, text);
  expect(text).toBe(existsSync(stored) ? readFileSync(stored, 'utf8') : 'not stored: run npm run goldens');
}

describe('the examples of the README', () => {
  it.each(['recorded-rollover', 'recorded-rtsp-media-dropped'])('are what the program writes of %s', (name) => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const options = { cwd: `${folder}..`, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } } as const;
    const written = execFileSync(process.execPath, [PROGRAM, 'report', `fixtures/${name}/capture.pcap`], options);
    expect(readme).toContain(written);
  });
});
