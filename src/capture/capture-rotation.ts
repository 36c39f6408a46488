/** Finds the file in which a capture goes on: those of tcpdump -C and -G, of dumpcap's ring buffer, and of renamed files. */

import { readdirSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readFirstMoment } from './first-moment.ts';
import { CaptureError } from './frame-batch.ts';
import { isLater, type Moment } from './frame-merger.ts';
import { statOrNull } from './open-input.ts';

/** The file that is being read, as it was when it was opened. */
export interface WatchedFile {
  readonly path: string;
  readonly inode: number;
}

/**
 * The path to go on with, or null while there is none. `last` is the time of the last frame that was read: a sibling only
 * follows if its first frame is not older, which two captures that run side by side do not fulfil.
 */
export async function findSuccessor(
  watched: WatchedFile,
  bytesRead: number,
  last: Moment | null,
): Promise<string | null> {
  const stats = statOrNull(watched.path);
  if (stats !== null && (stats.ino !== watched.inode || stats.size < bytesRead)) return watched.path;
  return findSibling(watched, stats, last);
}

async function findSibling(watched: WatchedFile, own: Stats | null, last: Moment | null): Promise<string | null> {
  let successor: { path: string; first: Moment } | null = null;
  for (const path of listSiblings(watched.path)) {
    const stats = statOrNull(path);
    if (stats === null || !stats.isFile() || stats.size === 0 || stats.ino === watched.inode) continue;
    if (own !== null && stats.mtimeMs < own.mtimeMs) continue;
    const first = await firstMomentOrNull(path);
    if (first === null || (last !== null && isLater(last, first))) continue;
    if (successor === null || isLater(successor.first, first)) successor = { path, first };
  }
  return successor?.path ?? null;
}

/** Files of the same directory whose names differ in digits alone. */
function listSiblings(path: string): string[] {
  const directory = dirname(path);
  const family = withoutDigits(basename(path));
  const names = namesIn(directory).filter((name) => withoutDigits(name) === family && name !== basename(path));
  return names.map((name) => join(directory, name));
}

/** None while the directory is away, as one on another machine may be for a time. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function withoutDigits(name: string): string {
  return name.replace(/\d+/g, '');
}

async function firstMomentOrNull(path: string): Promise<Moment | null> {
  try {
    return await readFirstMoment(path);
  } catch (error) {
    // It may have just been created, or be something else altogether.
    if (error instanceof CaptureError) return null;
    throw error;
  }
}
