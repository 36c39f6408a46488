import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import { startLocalAnalysis } from '../analysis/local-analysis.ts';
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
  it('writes every report that it offers, named after the capture', async () => {
    const saver = saverOf('lab/trunk 1.pcapng.gz');
    for (const { id } of saver.formats) {
      if (id !== saver.evidenceFormat) await saver.save({ ...WHOLE, format: id });
    }
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

  it('replaces addresses and names where that is asked for, the same way in all that it saves', async () => {
    const saver = saverOf('lab/secret.pcap');
    const wish = { findings: [], isAnonymized: true };
    const report = await saver.save({ ...wish, format: 'json' });
    expect(report).toBe(join(folder, 'mediatap-capture-1-all.json'));
    const text = readFileSync(report, 'utf8');
    expect(text).not.toMatch(/10\.10\.1\.10|secret/);
    const summary = readFileSync(await saver.save({ ...wish, format: 'text' }), 'utf8');
    expect(summary).toContain(JSON.parse(text).findings[0].title.slice(0, 40));
  });

  it('stays in its folder whatever the capture is called', async () => {
    const path = await saverOf('../..').save({ ...WHOLE, format: 'text' });
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([path]);
  });

  it('writes the capture that proves what was chosen, and none where nothing is to be proven', async () => {
    const file = fileURLToPath(new URL('../../fixtures/demo/capture.pcapng', import.meta.url));
    const analysis = await startLocalAnalysis({ paths: [file] });
    const [finding] = (await analysis.finished).findings;
    const findings = [finding?.id ?? ''];
    const path = await createSaver(analysis, TOOL, folder).save({ format: 'evidence', findings, isAnonymized: false });
    expect(path).toBe(join(folder, `mediatap-capture-${finding?.id}.pcapng`));
    expect(readFileSync(path).readUint32LE(0)).toBe(0x0a0d0d0a);
    const quiet = createSaver(sampleAnalysis(sampleSnapshot({ findings: [] })), TOOL, folder);
    await expect(quiet.save({ ...WHOLE, format: 'evidence' })).rejects.toThrow('no finding');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('leaves no empty file behind where what was read is not to be had again', async () => {
    const saver = saverOf('eth7');
    await expect(saver.save({ ...WHOLE, format: 'evidence' })).rejects.toThrow('does not exist');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says in a sentence why nothing could be written, and leaves nothing behind', async () => {
    const saver = createSaver(sampleAnalysis(sampleSnapshot()), TOOL, join(folder, 'missing'));
    await expect(saver.save({ ...WHOLE, format: 'text' })).rejects.toThrow(/missing.* cannot be written: /);
    expect(readdirSync(folder)).toEqual([]);
  });
});
