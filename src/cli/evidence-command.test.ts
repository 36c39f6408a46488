import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOnHost } from '../../test/run-on-host.ts';
import { startLocalAnalysis } from '../analysis/local-analysis.ts';

const DEMO = fileURLToPath(new URL('../../fixtures/demo/capture.pcapng', import.meta.url));
const QUIET = fileURLToPath(new URL('../../fixtures/capture-empty/capture.pcap', import.meta.url));

let folder: string;
let capture: string;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  capture = join(folder, 'trunk.pcapng');
  output = join(folder, 'proof.pcapng');
  copyFileSync(DEMO, capture);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  let started = 0;
  const ran = await runOnHost(['evidence', ...args], {
    startAnalysis: (options) => {
      started++;
      return startLocalAnalysis(options);
    },
  });
  return { ...ran, started };
}

describe('mediatap evidence', () => {
  it('writes the capture and says how much of it there is', async () => {
    const { code, out, errors } = await run(capture, '-o', output);
    expect([code, errors]).toEqual([0, []]);
    expect(out).toMatch(/proof\.pcapng: \d+ of 453 frames, for 4 findings\.\n$/);
    const written = readFileSync(output);
    expect(written.readUint32LE(0)).toBe(0x0a0d0d0a);
    const digest = createHash('sha256').update(readFileSync(capture)).digest('hex');
    expect(written.includes(`SHA-256: ${digest}`)).toBe(true);
  });

  it('takes findings by the beginnings of their ids', async () => {
    const { out } = await run(capture, '-o', output, '--finding', 'tcp-refused', '--finding', 'wrong-protocol');
    expect(out).toContain('for 2 findings');
    const unknown = await run(capture, '-o', output, '--finding', 'nothing');
    expect([unknown.code, unknown.errors]).toEqual([2, ["mediatap: no finding has the id 'nothing'"]]);
  });

  it('never writes over a capture, whatever that is called', async () => {
    const link = join(folder, 'link.pcapng');
    linkSync(capture, link);
    const before = readFileSync(capture);
    for (const path of [capture, link, `${folder}/./trunk.pcapng`]) {
      const { code, errors, started } = await run(capture, '-o', path);
      expect([code, errors.length, started]).toEqual([2, 1, 0]);
    }
    expect((await run(folder, '-o', capture)).code).toBe(2);
    expect(readFileSync(capture)).toEqual(before);
  });

  it('says before it reads that a pipe cannot be read twice', async () => {
    const { code, errors, started } = await run('-', '-o', output);
    expect([code, started]).toEqual([3, 0]);
    expect(errors[0]).toContain('Standard input cannot be read a second time');
  });

  it('writes nothing where nothing was found', async () => {
    const { code, out } = await run(QUIET, '-o', output);
    expect([code, existsSync(output)]).toEqual([0, false]);
    expect(out).toContain('no finding');
  });

  it('says why it cannot write', async () => {
    const { code, errors } = await run(capture, '-o', join(folder, 'missing', 'proof.pcapng'));
    expect(code).toBe(2);
    expect(errors[0]).toContain('cannot write');
  });

  it.each([['-1'], ['many'], ['1001']])('takes no context of %s', async (context) => {
    const { code, started } = await run(capture, '--context', context);
    expect([code, started]).toEqual([2, 0]);
  });
});
