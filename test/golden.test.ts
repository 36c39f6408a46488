/** Each capture of `fixtures/` runs whole; `npm run goldens` rewrites what is stored. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { describeScenarios } from '../fixtures/scenarios/describe.ts';
import { RECORDINGS } from '../fixtures/scenarios/recordings.ts';
import type { Expectation } from '../fixtures/scenarios/scenario.ts';
import { SCENARIOS } from '../fixtures/scenarios/scenarios.ts';
import { openCaptures } from '../src/capture/open-captures.ts';
import { formatTimestamp } from '../src/format/time.ts';
import { FINDING_CODES, type FindingCode } from '../src/verdict/finding.ts';
import { goldenOf, printGolden } from './golden.ts';
import { type ReportedFlow, runReport } from './run-report.ts';

const folder = fileURLToPath(new URL('../fixtures/', import.meta.url));
const architecture = new URL('../ARCHITECTURE.md', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('../src/report/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** Told as notes on the capture's quality. */
const NEVER_RAISED: readonly FindingCode[] = ['capture-quality'];

/** Scenarios that are judged otherwise than they should be, and why. A test that does better fails until its line is gone. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'media-of-encrypted-control': 'an encrypted connection between the same hosts may be what announced the media',
};

/** Verdicts of all flows of a protocol, in one word where they have one. */
function verdictsOf(flows: readonly ReportedFlow[], protocol: string): string {
  const verdicts = flows.filter((flow) => flow.protocol === protocol).map((flow) => flow.verdict);
  return [...new Set(verdicts)].toSorted().join(' ');
}

/** Of each frame, as reports write it. */
async function frameTimes(path: string): Promise<string[]> {
  const source = await openCaptures([path]);
  const times: string[] = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let i = 0; i < batch.count; i++) {
      times.push(formatTimestamp(batch.nanoseconds[i] as number, batch.seconds[i] as number));
    }
  }
  await source.close();
  return times;
}

const CASES: readonly (Expectation & { readonly file: string; readonly policy?: string })[] = [
  ...SCENARIOS,
  ...RECORDINGS,
];

describe.each(SCENARIOS)('$name', ({ name, file, policy, encode }) => {
  it('is stored as its story tells it', () => {
    expect(Buffer.compare(readFileSync(`${folder}${name}/${file}`), Buffer.from(encode()))).toBe(0);
    if (policy !== undefined) expect(readFileSync(`${folder}${name}/policy.yaml`, 'utf8')).toBe(policy);
  });
});

describe.each(CASES)('$name', ({ name, file, policy, findings, flows = {}, quality = [] }) => {
  const report = runReport(`${folder}${name}/${file}`, policy);

  const judging = name in KNOWN_DIFFERENCES ? it.fails : it;
  judging('is judged as its story tells it', async () => {
    const { findings: raised, flows: seen, quality: notes } = await report;
    expect(Object.fromEntries(raised.map(({ code, verdict }) => [code, verdict]))).toEqual(findings);
    expect(Object.fromEntries(Object.keys(flows).map((id) => [id, verdictsOf(seen, id)]))).toEqual(flows);
    expect([...new Set(notes.map(({ code }) => code))].toSorted()).toEqual(quality);
  });

  it('agrees with its golden', async () => {
    const golden = printGolden(goldenOf(await report));
    const stored = `${folder}${name}/golden.json`;
    if (process.env.UPDATE_GOLDENS === '1') writeFileSync(stored, golden);
    expect(golden).toBe(existsSync(stored) ? readFileSync(stored, 'utf8') : 'not stored: run npm run goldens');
  });

  it('names of each frame the time at which it came', async () => {
    const times = await frameTimes(`${folder}${name}/${file}`);
    const evidence = (await report).findings.flatMap((finding) => finding.evidence);
    expect(evidence.map(({ frame, time }) => [frame, time])).toEqual(
      evidence.map(({ frame }) => [frame, times[frame - 1]]),
    );
  });

  it('makes a report that keeps its schema', async () => {
    validate(await report);
    expect(validate.errors).toBeNull();
  });
});

describe('the scenarios', () => {
  it('have names of their own', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });

  it('are all that lies in the folder', () => {
    const stored = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/golden.json`));
    expect(stored.toSorted()).toEqual(CASES.map(({ name }) => name).toSorted());
  });

  it('raise each code from two causes, and come near to it from two more', () => {
    const lacking = FINDING_CODES.filter((code) => !NEVER_RAISED.includes(code)).filter((code) => {
      const raising = CASES.filter(({ findings }) => code in findings);
      const near = CASES.filter(({ nearMisses = [] }) => nearMisses.includes(code));
      return raising.length < 2 || near.length < 2;
    });
    expect(lacking).toEqual([]);
  });

  it('raise codes that are all explained', () => {
    const [, section = ''] = readFileSync(architecture, 'utf8').split(/^## (?:Verdict codes|Dependencies)$/m);
    const codes = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
    expect(codes.toSorted()).toEqual(FINDING_CODES.toSorted());
  });

  it('that are judged otherwise are scenarios', () => {
    const names = CASES.map(({ name }) => name);
    expect(Object.keys(KNOWN_DIFFERENCES).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('claim no code that they also come near to', () => {
    const torn = CASES.filter(({ findings, nearMisses = [] }) => nearMisses.some((code) => code in findings));
    expect(torn.map(({ name }) => name)).toEqual([]);
  });

  it('are in the table that people read', () => {
    expect(readFileSync(`${folder}README.md`, 'utf8')).toBe(describeScenarios());
  });
});
