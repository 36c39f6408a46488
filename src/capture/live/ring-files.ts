/** The files of a ring, such as `room_00007_20261122001530.pcapng`: numbered on, and the oldest taken away. */

import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { printable } from '../../format/text.ts';

/** When the next file is begun, and how many are left; null does not limit. */
export interface RingLimits {
  readonly mostBytes: number | null;
  readonly mostSeconds: number | null;
  readonly mostFiles: number | null;
}

interface RingFile {
  readonly name: string;
  readonly number: number;
}

export class RingFiles {
  readonly #folder: string;
  readonly #stem: string;
  readonly #extension: string;
  readonly #mostFiles: number;
  /** The oldest first. */
  readonly #files: RingFile[];

  /** Files of earlier runs with the same path belong to the ring. Throws when its folder cannot be read. */
  constructor(path: string, mostFiles: number | null) {
    this.#folder = dirname(path);
    this.#extension = extname(path);
    this.#stem = basename(path, this.#extension);
    this.#mostFiles = mostFiles ?? Number.POSITIVE_INFINITY;
    this.#files = listFolder(this.#folder)
      .map((name) => ({ name, number: this.#numberOf(name) }))
      .filter(({ number }) => number > 0)
      .sort((one, other) => one.number - other.number);
  }

  /** Path of the file to begin at `date`, after making room for it. Throws when an old one cannot be taken away. */
  next(date: Date): string {
    while (this.#files.length >= this.#mostFiles) {
      const oldest = this.#files.shift();
      if (oldest !== undefined) rmSync(join(this.#folder, oldest.name), { force: true });
    }
    const number = (this.#files.at(-1)?.number ?? 0) + 1;
    const time = date.toISOString().replace(/\D/g, '').slice(0, 14);
    const name = `${this.#stem}_${String(number).padStart(5, '0')}_${time}${this.#extension}`;
    this.#files.push({ name, number });
    return join(this.#folder, name);
  }

  /** 0 for what is no file of the ring. */
  #numberOf(name: string): number {
    if (!name.startsWith(`${this.#stem}_`) || !name.endsWith(this.#extension)) return 0;
    const middle = name.slice(this.#stem.length, name.length - this.#extension.length);
    return Number(/^_(\d{5,9})_\d{14}$/.exec(middle)?.[1] ?? 0);
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${printable(folder)} cannot hold a ring of files: ${reason}.`, { cause: error });
  }
}
