/** Writes text to a file piece by piece. */

import { open } from 'node:fs/promises';
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

function failToWrite(path: string, error: unknown): never {
  throw new UsageError(`cannot write '${path}': ${error instanceof Error ? error.message : String(error)}`);
}
