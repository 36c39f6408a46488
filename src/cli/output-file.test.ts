import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runOnHost } from '../../test/run-on-host.ts';
import { startLocalAnalysis } from '../analysis/local-analysis.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/rtsp-dropped/capture.pcap', import.meta.url));

let folder: string;
let capture: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-'));
  mkdirSync(join(folder, 'sub'));
  capture = join(folder, 'sub', 'trunk.pcap');
  copyFileSync(FIXTURE, capture);
  symlinkSync(capture, join(folder, 'link.pcap'));
  linkSync(capture, join(folder, 'hard.pcap'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runOnHost(args, { startAnalysis: startLocalAnalysis });

describe('what is written', () => {
  it.each(['report', 'flows', 'streams'])('by mediatap %s never takes the place of a capture', async (command) => {
    for (const name of ['link.pcap', 'hard.pcap', 'sub/../sub/trunk.pcap']) {
      const { code, errors } = await run(command, capture, '-o', join(folder, name));
      expect([code, errors.length]).toEqual([2, 1]);
    }
    expect((await run(command, join(folder, 'sub'), '-o', capture)).code).toBe(2);
    expect((await run(command, join(folder, 'sub', '*.pcap'), '-o', join(folder, 'link.pcap'))).code).toBe(2);
    expect(readFileSync(capture)).toEqual(readFileSync(FIXTURE));
  });

  it('takes the place of an older file only when there is something to write', async () => {
    const output = join(folder, 'report.txt');
    writeFileSync(output, 'of yesterday');
    expect((await run('report', capture, '--finding', 'unknown', '-o', output)).code).toBe(2);
    expect((await run('report', capture, '--quiet', '-o', output)).code).toBe(2);
    expect(readFileSync(output, 'utf8')).toBe('of yesterday');
  });

  it('is known to be possible before anything is read', async () => {
    const pipe = join(folder, 'never-written');
    execFileSync('mkfifo', [pipe]);
    for (const output of ['missing/report.txt', 'hard.pcap/report.txt', 'sub']) {
      const { code, errors } = await run('report', pipe, '-o', join(folder, output));
      expect([code, errors]).toEqual([2, [expect.stringContaining(`cannot write '${join(folder, output)}'`)]]);
    }
  });

  it('by mediatap compare neither', async () => {
    const outside = join(folder, 'outside.pcap');
    copyFileSync(FIXTURE, outside);
    expect((await run('compare', capture, outside, '-o', join(folder, 'link.pcap'))).code).toBe(2);
    expect((await run('compare', join(folder, 'sub'), outside, '-o', capture)).code).toBe(2);
    expect(readFileSync(capture)).toEqual(readFileSync(FIXTURE));
  });

  it('may stand beside the captures of a folder, also a second time', async () => {
    for (let time = 0; time < 2; time++) {
      expect((await run('report', join(folder, 'sub'), '-o', join(folder, 'sub', 'report.txt'))).code).toBe(0);
    }
  });
});

describe('a full disk', () => {
  it.skipIf(process.platform !== 'linux')('ends every command with 2', async () => {
    for (const command of ['report', 'evidence']) {
      const { code, errors } = await run(command, capture, '-o', '/dev/full');
      expect([code, errors]).toEqual([2, [expect.stringContaining('no space is left')]]);
    }
  });
});
