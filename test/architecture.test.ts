/** The house rules that a compiler does not know: who may import whom, what may touch the outside, how long a file is. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));

/** A folder imports only from itself and from folders before it. */
const FOLDERS = [
  'bytes',
  'format',
  'capture',
  'packet',
  'flow',
  'protocol',
  'policy',
  'verdict',
  'query',
  'analysis',
  'report',
  'tui',
  'cli',
];
/** Folders that may use Node's own modules; all others are pure. */
const IMPURE = ['capture', 'analysis', 'report', 'cli'];
/** That only compute, and touch nothing outside. */
const PURE_MODULES = ['node:zlib'];
const MOST_LINES = 350;

interface SourceFile {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function readFolder(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return readFolder(path);
    if (!/\.tsx?$/.test(entry.name)) return [];
    const text = readFileSync(path, 'utf8');
    const imports = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    const name = relative(source, path);
    return [{ path: name, folder: name.split('/')[0] ?? '', text, imports }];
  });
}

const files = readFolder(source);
const isTest = (file: SourceFile): boolean => /\.test\.tsx?$/.test(file.path);

/** Folder of src that a relative import leads to, null for packages and for what lies outside of src. */
function targetFolder(file: SourceFile, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const target = join(file.path, '..', specifier);
  return target.startsWith('..') ? null : (target.split('/')[0] ?? null);
}

describe('the folders of src', () => {
  it('are exactly those of the import order', () => {
    expect([...new Set(files.map((file) => file.folder))].sort()).toEqual([...FOLDERS].sort());
  });

  it('import only from folders before them', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .map((specifier) => targetFolder(file, specifier))
        .filter((folder) => folder !== null && FOLDERS.indexOf(folder) > FOLDERS.indexOf(file.folder))
        .map((folder) => `${file.path} imports from ${folder}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keep screens and reports apart', () => {
    const wrong = files.filter(
      (file) => file.folder === 'tui' && file.imports.some((specifier) => targetFolder(file, specifier) === 'report'),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it("use Node's modules only where the outside is touched", () => {
    const wrong = files
      .filter((file) => !IMPURE.includes(file.folder) && !isTest(file))
      .filter((file) => file.imports.some((one) => one.startsWith('node:') && !PURE_MODULES.includes(one)));
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('leave product code free of what only tests use', () => {
    const wrong = files
      .filter((file) => !isTest(file))
      .filter((file) => file.imports.some((specifier) => specifier.includes('fixtures/') || specifier === 'vitest'));
    expect(wrong.map((file) => file.path)).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${MOST_LINES} lines`, () => {
    const long = files
      .filter((file) => !isTest(file))
      .map((file) => ({ path: file.path, lines: file.text.split('\n').length }))
      .filter((file) => file.lines > MOST_LINES);
    expect(long).toEqual([]);
  });

  it('open with a sentence that says what they are', () => {
    const mute = files.filter((file) => !isTest(file) && !/^(#!.*\n)?\/\*\*/.test(file.text));
    expect(mute.map((file) => file.path)).toEqual([]);
  });
});
