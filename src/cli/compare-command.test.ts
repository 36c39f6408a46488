import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runOnHost } from '../../test/run-on-host.ts';

const folder = fileURLToPath(new URL('../../fixtures/recorded-both-legs-nat/', import.meta.url));
const [INSIDE, OUTSIDE] = [`${folder}inside.pcap`, `${folder}outside.pcap`];

const run = (...args: string[]) => runOnHost(['compare', ...args]);

describe('mediatap compare', () => {
  it('prints what is stopped between two captures', async () => {
    const { code, out, errors } = await run(INSIDE, OUTSIDE);
    expect([code, errors]).toEqual([0, []]);
    expect(out).toContain('arrived inside and never left outside');
  });

  it('ends with 1 on flows in the states that --fail-on names', async () => {
    expect((await run(INSIDE, OUTSIDE, '--fail-on', 'cut,lossy')).code).toBe(0);
    expect((await run(INSIDE, OUTSIDE, '--fail-on', 'cut,dropped')).code).toBe(1);
  });

  it('has pseudonyms with --anonymize, the same ones on both sides', async () => {
    const key = join(mkdtempSync(join(tmpdir(), 'mediatap-')), 'key');
    writeFileSync(key, '0'.repeat(64));
    for (const format of ['text', 'json']) {
      const anonymize = ['--anonymize', '--key', key, '--keep', '10.77.2.0/24'];
      const { code, out } = await run(INSIDE, OUTSIDE, '--format', format, ...anonymize);
      expect(code).toBe(0);
      expect(out).not.toMatch(/10\.77\.1\.10\b|inside\.pcap|recorded-both/);
      const [, client] = /(\d+\.\d+\.\d+\.\d+)(?::\d+ > | to )10\.77\.2\.20:1935/.exec(out) ?? [];
      if (format === 'text') expect(out).toContain(`${client} is 10.77.2.1 outside`);
    }
  });

  it('writes to a file', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'mediatap-')), 'it.json');
    expect(await run(INSIDE, OUTSIDE, '--format', 'json', '-o', path)).toEqual({ code: 0, out: '', errors: [] });
    expect(JSON.parse(readFileSync(path, 'utf8')).schema).toBe('mediatap.compare/1');
  });

  it.each([
    ['only one capture', [INSIDE]],
    ['one capture twice', [INSIDE, INSIDE]],
    ['a capture as the output', [INSIDE, OUTSIDE, '-o', OUTSIDE]],
    ['a state that there is not', [INSIDE, OUTSIDE, '--fail-on', 'blocked']],
    ['a form that there is not', [INSIDE, OUTSIDE, '--format', 'csv']],
  ])('does not take %s', async (_, args) => {
    const { code, out, errors } = await run(...args);
    expect([code, out, errors.length]).toEqual([2, '', 1]);
  });

  it('ends with 3 where a capture cannot be read', async () => {
    const { code, errors } = await run(INSIDE, `${folder}nowhere.pcap`);
    expect([code, errors.length]).toEqual([3, 1]);
    expect((await run(fileURLToPath(import.meta.url), OUTSIDE)).code).toBe(3);
  });
});
