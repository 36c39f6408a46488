/** Turns arguments into capture paths: files as they are, directories and patterns into the files they hold. */

import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { nameOf, readFailure, STANDARD_INPUT } from './byte-input.ts';
import { CaptureError } from './frame-batch.ts';
import { statOrNull } from './open-input.ts';

export interface FoundCapture {
  readonly path: string;
  /** Named by the user, so that a failure to read it is an error; else it is a warning. */
  readonly isNamed: boolean;
}

/** As many as a batch can tell apart. */
const MAX_CAPTURES = 65_536;

const WILDCARD = /[*?[]/;

/** Each file once, however often it is named. Fails with a `CaptureError` when an argument stands for nothing. */
export function findCaptures(paths: readonly string[]): FoundCapture[] {
  const found = withoutRepeated(paths.flatMap(findOne));
  if (found.length > MAX_CAPTURES)
    throw new CaptureError(`${found.length} captures were named, at most ${MAX_CAPTURES} can be read at once.`);
  return found;
}

/** A folder may hold a link to its own latest file: read twice, every packet would be a copy of another. */
function withoutRepeated(found: readonly FoundCapture[]): FoundCapture[] {
  const files = new Map<string, FoundCapture>();
  for (const capture of found) {
    const file = realPath(capture.path);
    const known = files.get(file);
    if (known === undefined || (capture.isNamed && !known.isNamed)) files.set(file, capture);
  }
  return [...files.values()];
}

/** The path itself for what has no other, such as a pipe of the shell's, and what is not there. */
function realPath(path: string): string {
  try {
    return path === STANDARD_INPUT ? path : realpathSync.native(path);
  } catch {
    return path;
  }
}

function findOne(path: string): FoundCapture[] {
  if (path === STANDARD_INPUT) return [{ path, isNamed: true }];
  const stats = statOrNull(path);
  if (stats?.isDirectory() === true) return listDirectory(path);
  if (stats !== null || !WILDCARD.test(path)) return [{ path, isNamed: true }];
  const matches = matchPattern(path);
  if (matches.length === 0) throw new CaptureError(`${nameOf(path)} matches no file.`);
  return matches.map((match) => ({ path: match, isNamed: false }));
}

function listDirectory(path: string): FoundCapture[] {
  const names = readFolder(path)
    .filter((entry) => mayBeFile(entry) && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  if (names.length === 0) throw new CaptureError(`${nameOf(path)} is a directory without files.`);
  return sortNames(names).map((name) => ({ path: join(path, name), isNamed: false }));
}

/** `*`, `?` and `[...]` in any segment of the path, as a shell would expand them. */
function matchPattern(pattern: string): string[] {
  const segments = pattern.split(sep);
  let bases = [''];
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    bases = bases.flatMap((base) => matchSegment(base, segment, isLast));
  });
  return bases;
}

function matchSegment(base: string, segment: string, isLast: boolean): string[] {
  const glue = isLast ? '' : sep;
  if (!WILDCARD.test(segment)) {
    const path = base + segment + glue;
    return path === sep || statOrNull(path) !== null ? [path] : [];
  }
  const matcher = segmentMatcher(segment);
  const names = entriesOrNone(base === '' ? '.' : base)
    .filter((entry) => matcher.test(entry.name) && (isLast ? mayBeFile(entry) : !entry.isFile()))
    .map((entry) => entry.name);
  return sortNames(names).map((name) => base + name + glue);
}

/** What a pattern leads through may be no folder, or closed to this user: as in a shell, it holds no match then. */
function entriesOrNone(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

function segmentMatcher(segment: string): RegExp {
  const body = segment.replace(/\[(!?)([^\]]+)\]|[\\^$.*+?()[\]{}|]/g, (token, negation, set) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (set === undefined) return `\\${token}`;
    return `[${negation === '' ? '' : '^'}${set.replace(/[\\^]/g, '\\$&')}]`;
  });
  // A pattern shows hidden files only when it says so.
  const hidden = segment.startsWith('.') ? '' : '(?!\\.)';
  try {
    return new RegExp(`^${hidden}${body}$`, 's');
  } catch {
    throw new CaptureError(`${nameOf(segment)} is no valid file name pattern.`);
  }
}

/** A pipe is only read when it is named: to find one must not mean to wait for its writer. */
function mayBeFile(entry: Dirent): boolean {
  return entry.isFile() || entry.isSymbolicLink();
}

function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** Numbers by value: `trace9` comes before `trace10`. */
function sortNames(names: readonly string[]): string[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return names.toSorted(collator.compare);
}
