/** Names for what is saved without being asked for a name: they tell what it is of, and never take an existing file's. */

import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureRow } from '../analysis/snapshot.ts';
import { WriteError } from '../capture/pcapng-writer.ts';
import { whyNotWritten } from '../format/system-error.ts';

const LONGEST_PART = 60;
const MOST_TRIES = 1000;

/** `mediatap-trunk-tcp-unanswered-5d41`; `findings` are ids, empty for the whole capture. */
export function nameOfSaved(captures: readonly CaptureRow[], findings: readonly string[]): string {
  const file = captures[0]?.file ?? '';
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/(\.(pcap|pcapng|cap|snoop|erf|gz|zst|lz4|xz))+$/i, '');
  const capture = base === '-' ? 'stdin' : base;
  const [finding, second] = findings;
  const scope = finding === undefined ? 'all' : second === undefined ? finding : `${findings.length}-findings`;
  return `mediatap-${filePart(capture)}-${filePart(scope)}`;
}

/** Characters that no shell and no file system minds. */
function filePart(text: string): string {
  const part = text.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, LONGEST_PART);
  return part === '' ? 'capture' : part;
}

/**
 * Writes a file `name.extension`, or `name-2.extension` and so on when there is one, and gives its path. Nothing is left
 * behind when `write` fails.
 */
export async function writeFreeFile<T>(
  folder: string,
  name: string,
  extension: string,
  write: (path: string) => Promise<T>,
): Promise<{ readonly path: string; readonly result: T }> {
  const path = createFreeFile(folder, name, extension);
  try {
    return { path, result: await write(path) };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

function createFreeFile(folder: string, name: string, extension: string): string {
  for (let number = 1; number <= MOST_TRIES; number++) {
    const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}.${extension}`);
    try {
      // Only creates: whoever makes the same name at the same time gets the next one.
      closeSync(openSync(path, 'wx'));
      return path;
    } catch (error) {
      if (isTaken(error)) continue;
      throw new WriteError(`${path} cannot be written: ${whyNotWritten(error)}.`, { cause: error });
    }
  }
  throw new WriteError(`${folder} holds ${MOST_TRIES} files of the name ${name} already: take some of them away.`);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
