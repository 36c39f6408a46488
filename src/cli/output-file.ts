/** Writes text to a file piece by piece, and never over what it is made from. */

import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CaptureRow } from '../analysis/snapshot.ts';
import { UNKNOWN_FORMAT } from '../capture/capture-log.ts';
import { statOrNull } from '../capture/open-input.ts';
import { UsageError } from './host.ts';

/** Throws `UsageError` when the file cannot be written. */
export async function writeToFile(path: string, chunks: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const file = await open(path, 'w').catch((error: unknown) => failToWrite(path, error));
  try {
    for await (const chunk of chunks) await file.writeFile(chunk).catch((error: unknown) => failToWrite(path, error));
  } finally {
    await file.close();
  }
}

/** Throws a `UsageError` where the output is one of the inputs, also by another name: a link, another spelling. */
export function requireOtherFile(inputs: readonly string[], output: string | undefined): void {
  if (output === undefined) return;
  if (inputs.some((input) => resolve(input) === resolve(output) || isSameFile(input, output))) {
    throw new UsageError(`'${output}' is one of the captures: write the output to another file`);
  }
}

/** The same once more when it is known what was read: a folder or a pattern may have led to the output. */
export function requireNoneOf(captures: readonly CaptureRow[], output: string | undefined): void {
  const read = captures.filter(({ format }) => format !== UNKNOWN_FORMAT);
  requireOtherFile(
    read.map(({ file }) => file),
    output,
  );
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statOrNull(one), statOrNull(other)];
  return a !== null && b !== null && a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

function failToWrite(path: string, error: unknown): never {
  throw new UsageError(`cannot write '${path}': ${error instanceof Error ? error.message : String(error)}`);
}
