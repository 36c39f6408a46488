/** What npm would publish runs: its file list is checked against what the program reads of its own package. */

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

function packedPaths(): string[] {
  // Through a shell, because npm is a script of its own on Windows.
  const command = 'npm pack --dry-run --json --ignore-scripts';
  const [packed] = JSON.parse(execFileSync(command, { cwd: ROOT, shell: true, encoding: 'utf8' })) as [Packed];
  return packed.files.map(({ path }) => path);
}

test('the package holds the program, its threads, its schemas, its demo and its unit for systemd', () => {
  const paths = packedPaths();
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/cli/main.js',
      'dist/analysis/analysis-worker.js',
      'dist/capture/live/cap-program.js',
      'src/report/report.schema.json',
      'src/report/compare.schema.json',
      'fixtures/demo/capture.pcapng',
      'fixtures/demo/site.yaml',
      'docs/mediatap.service',
    ]),
  );
  expect(paths.filter((path) => path.endsWith('.test.ts'))).toEqual([]);
});

test('a checkout that was never built is built before it is packed', () => {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };
  expect(scripts.prepack).toBe(scripts.prestart);
});

test('the program may be run by its own name after each build', () => {
  const { mode } = statSync(`${ROOT}dist/cli/main.js`);
  expect(mode & 0o111).toBe(0o111);
});
