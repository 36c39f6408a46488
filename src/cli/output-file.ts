/** Writes text to a file piece by piece, and never over what it is made from. */

import { accessSync, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { CaptureRow } from '../analysis/snapshot.ts';
import { UNKNOWN_FORMAT } from '../capture/capture-log.ts';
import { statOrNull } from '../capture/open-input.ts';
import { whyNotWritten } from '../format/system-error.ts';
import { UsageError } from './host.ts';

/** Whether an output is a file: `-` is standard output, as none is. */
export function isFileName(output: string | undefined): output is string {
  return output !== undefined && output !== '-';
}

/** Throws `UsageError` when the file cannot be written. What is there stays as it is until the first chunk has been made. */
export async function writeToFile(path: string, chunks: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const pieces = inTurn(chunks);
  let next = await pieces.next();
  const file = await open(path, 'w').catch((error: unknown) => failToWrite(path, error));
  try {
    for (; next.done !== true; next = await pieces.next()) {
      await file.writeFile(next.value).catch((error: unknown) => failToWrite(path, error));
    }
  } finally {
    await file.close();
  }
}

async function* inTurn(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  yield* chunks;
}

/**
 * Before anything is read, which may take long and be there only once. Throws a `UsageError` where the output cannot be
 * written, or is one of the inputs.
 */
export function requireFitOutput(inputs: readonly string[], output: string | undefined): void {
  if (!isFileName(output)) return;
  requireOtherFile(inputs, output);
  const stats = statOrNull(output);
  if (stats?.isDirectory() === true) throw new UsageError(`cannot write '${output}': it is a folder`);
  try {
    // The separator behind it asks for a folder.
    accessSync(stats === null ? `${dirname(output)}${sep}` : output, constants.W_OK);
  } catch (error) {
    failToWrite(output, error);
  }
}

/** Options with the name of a file that is read beside the captures. */
const READ_OPTIONS: readonly string[] = ['--policy', '--key', '--baseline'];

/** Throws a `UsageError` where these words of a command line let the output be written over what another option reads. */
export function requireNotRead(words: readonly string[], output: string | undefined): void {
  if (!isFileName(output)) return;
  const read = words.flatMap((word, place) => {
    const [option = '', ...value] = word.split('=');
    if (!READ_OPTIONS.includes(option)) return [];
    return value.length > 0 ? [value.join('=')] : words.slice(place + 1, place + 2);
  });
  if (read.some((file) => isSameFile(file, output))) {
    throw new UsageError(`'${output}' is read too: write the output to another file`);
  }
}

/** Captures are written piece by piece and read again. Throws a `UsageError` for standard output. */
export function requireFileName(output: string | undefined): void {
  if (output === '-') throw new UsageError('a capture is not written to standard output: name a file');
}

/** Also by another name: a link, another spelling. */
function requireOtherFile(inputs: readonly string[], output: string): void {
  if (inputs.some((input) => resolve(input) === resolve(output) || isSameFile(input, output))) {
    throw new UsageError(`'${output}' is one of the captures: write the output to another file`);
  }
}

/** Throws a `UsageError` where a folder or a pattern has led to the output. */
export function requireNoneOf(captures: readonly CaptureRow[], output: string | undefined): void {
  if (!isFileName(output)) return;
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
  throw new UsageError(`cannot write '${path}': ${whyNotWritten(error)}`);
}
