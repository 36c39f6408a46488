import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import { createSaver } from './saver.ts';

const TOOL = { name: 'mediatap', version: '1.2.3' };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saver-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function saverOf(file: string) {
  const snapshot = sampleSnapshot();
  const captures = snapshot.captures.map((capture) => ({ ...capture, file }));
  return createSaver(sampleAnalysis({ ...snapshot, captures }), TOOL, folder);
}

const WHOLE = { findings: [], isAnonymized: false };

describe('createSaver', () => {
  it('writes every format that it offers, named after the capture', async () => {
    const saver = saverOf('lab/trunk 1.pcapng.gz');
    for (const { id } of saver.formats) await saver.save({ ...WHOLE, format: id });
    const expected = ['csv', 'html', 'json', 'md', 'txt'].map((extension) => `mediatap-trunk_1-all.${extension}`);
    expect(readdirSync(folder).sort()).toEqual(expected);
    expect(readFileSync(join(folder, 'mediatap-trunk_1-all.txt'), 'utf8')).toMatch(/^VERDICT: /);
  });

  it('never takes the name of a file that is there', async () => {
    const saver = saverOf('-');
    const paths = [];
    for (let i = 0; i < 3; i++) paths.push(await saver.save({ ...WHOLE, format: 'csv' }));
    const names = ['mediatap-stdin-all.csv', 'mediatap-stdin-all-2.csv', 'mediatap-stdin-all-3.csv'];
    expect(paths).toEqual(names.map((name) => join(folder, name)));
  });

  it('saves only the findings that were chosen', async () => {
    const saver = saverOf('a.pcap');
    const [first, second] = sampleSnapshot().findings.map(({ id }) => id) as [string, string];
    const one = await saver.save({ format: 'json', findings: [second], isAnonymized: false });
    expect(one).toBe(join(folder, `mediatap-a-${second}.json`));
    expect(JSON.parse(readFileSync(one, 'utf8')).findings).toMatchObject([{ id: second }]);
    const both = await saver.save({ format: 'json', findings: [second, first], isAnonymized: false });
    expect(both).toBe(join(folder, 'mediatap-a-2-findings.json'));
    expect(JSON.parse(readFileSync(both, 'utf8')).findings).toMatchObject([{ id: first }, { id: second }]);
  });

  it('stays in its folder whatever the capture is called', async () => {
    const path = await saverOf('../..').save({ ...WHOLE, format: 'text' });
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path]);
  });

  it('says in a sentence why nothing could be written, and leaves nothing behind', async () => {
    const saver = createSaver(sampleAnalysis(sampleSnapshot()), TOOL, join(folder, 'missing'));
    await expect(saver.save({ ...WHOLE, format: 'text' })).rejects.toThrow(/missing.* cannot be written: /);
    expect(readdirSync(folder)).toEqual([]);
  });
});
