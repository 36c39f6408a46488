import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'mediatap-'));

/** A classic capture that ends after its header: little-endian, Ethernet. */
const EMPTY_CAPTURE = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');

const RECORD_HEADER_BYTES = 16;

function mediatap(
  args: readonly string[],
  input: Buffer | string = '',
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    input,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('the program', () => {
  it('reads a file and standard input', () => {
    const path = join(FOLDER, 'empty.pcap');
    writeFileSync(path, EMPTY_CAPTURE);
    for (const { code, out, err } of [mediatap([path]), mediatap(['-'], EMPTY_CAPTURE)]) {
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('no frames to judge');
    }
  });

  it.each([
    ['a file that is not there', [join(FOLDER, 'nothing.pcap')]],
    ['a folder without captures', [mkdtempSync(join(FOLDER, 'folder-'))]],
    ['standard input with nothing in it', ['-']],
  ])('ends with 3 and one line for %s', (_name, args) => {
    const { code, out, err } = mediatap(args);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/^mediatap: [^\n]+\n$/);
  });

  it('ends with 2 and one line for an option that it does not have', () => {
    const { code, out, err } = mediatap(['--nonsense']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^mediatap: [^\n]+\n$/);
  });

  it.skipIf(process.platform === 'win32')('follows a capture until Ctrl+C, and then reports on all of it', async () => {
    const path = join(FOLDER, 'growing.pcap');
    writeFileSync(path, EMPTY_CAPTURE);
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'report', '--follow', path, '--format', 'json']);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
      appendFileSync(path, new Uint8Array(RECORD_HEADER_BYTES));
      child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, err]).toEqual([0, `mediatap: following ${path}; Ctrl+C ends it\n`]);
    expect(JSON.parse(out)).toMatchObject({ captures: [{ frames: 1, truncatedAt: null }] });
  });

  it.skipIf(process.platform !== 'linux')('says that standard output takes no more', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" --import tsx "$1" ports >/dev/full', process.execPath, MAIN],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^mediatap: standard output cannot be written: ENOSPC[^\n]+\n$/),
    ]);
  });

  it.skipIf(process.platform === 'win32')('is quiet when its reader has seen enough', () => {
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', `"$0" --import tsx "$1" ports --format json | head -c 1; echo`, process.execPath, MAIN],
      { encoding: 'utf8' },
    );
    expect([stdout, stderr]).toEqual(['[\n', '']);
  });
});
