/** Where the bytes of a capture come from: a plain file, or anything that hands them over in chunks. */

import { closeSync, fstatSync, readSync } from 'node:fs';
import { printable } from '../format/text.ts';
import { CaptureError } from './frame-batch.ts';

/** The path that means standard input. */
export const STANDARD_INPUT = '-';

export interface ByteInput {
  /** Bytes taken so far as they are stored, that is, compressed where they are. */
  readonly bytesRead: number;
  /** Stored bytes in all; null for what has no known end. */
  readonly bytesTotal: number | null;
  /** Why the bytes ended too early, when they did. */
  readonly damage: string | null;
  /** True where reading ended while more was still being written: what is cut at the end is no damage. */
  readonly isUnfinished?: boolean;
  /** Writes bytes into `target` from `offset` on and gives their number; 0 is the end. Fails with a `CaptureError`. */
  read(target: Uint8Array, offset: number): number | Promise<number>;
  /** Continues reading at an offset of the file; absent where one can only read on. */
  seek?(offset: number): void;
  close(): Promise<void>;
}

/** A regular file, read synchronously: a stream of the same chunks costs half as much again. */
export class FileInput implements ByteInput {
  bytesRead = 0;
  readonly damage = null;
  readonly bytesTotal: number;
  readonly inode: number;
  readonly #path: string;
  readonly #descriptor: number;
  #position = 0;
  #isClosed = false;

  /** Takes over the descriptor. */
  constructor(path: string, descriptor: number) {
    const { size, ino } = fstatSync(descriptor);
    this.#path = path;
    this.#descriptor = descriptor;
    this.bytesTotal = size;
    this.inode = ino;
  }

  read(target: Uint8Array, offset: number): number {
    if (this.#isClosed) return 0;
    try {
      const count = readSync(this.#descriptor, target, offset, target.length - offset, this.#position);
      this.#position += count;
      this.bytesRead = Math.max(this.bytesRead, this.#position);
      return count;
    } catch (error) {
      throw readFailure(this.#path, error);
    }
  }

  seek(offset: number): void {
    this.#position = offset;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // Standard input belongs to the process.
    if (this.#descriptor !== 0) closeSync(this.#descriptor);
  }
}

/** Where the chunks come from: the compressed file, or the pipe itself. */
type ChunkOrigin = Pick<ByteInput, 'bytesRead' | 'bytesTotal' | 'isUnfinished' | 'close'>;

/** Chunks of any size, as decompressors and pipes give them. */
export class ChunkInput implements ByteInput {
  damage: string | null = null;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #origin: ChunkOrigin;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>, origin: ChunkOrigin) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#origin = origin;
  }

  get bytesRead(): number {
    return this.#origin.bytesRead;
  }

  get bytesTotal(): number | null {
    return this.#origin.bytesTotal;
  }

  get isUnfinished(): boolean {
    return this.#origin.isUnfinished === true;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    while (this.#chunk.length === 0) {
      if (!(await this.#fetch())) return 0;
    }
    const count = Math.min(this.#chunk.length, target.length - offset);
    target.set(this.#chunk.subarray(0, count), offset);
    this.#chunk = this.#chunk.subarray(count);
    return count;
  }

  async close(): Promise<void> {
    // In this order, as the chunks may be waiting for what their origin will never give.
    await this.#origin.close();
    await this.#chunks.return?.();
  }

  async #fetch(): Promise<boolean> {
    try {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      return true;
    } catch (error) {
      // What a decompressor finds wrong is damage of the file; what the device says is not.
      if (error instanceof CaptureError) throw error;
      this.damage = messageOf(error);
      return false;
    }
  }
}

const CHUNK_BYTES = 64 << 10;

/** All that is left of `input`, after bytes that were taken from it to look at. */
export async function* readChunks(taken: Uint8Array, input: ByteInput): AsyncGenerator<Uint8Array> {
  yield taken;
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = await input.read(chunk, 0);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

const FAILURES: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a directory',
  EMFILE: 'cannot be opened: this process has too many files open',
};

/** One sentence about what the operating system said. */
export function readFailure(path: string, error: unknown): CaptureError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new CaptureError(`${nameOf(path)} ${FAILURES[code] ?? `cannot be read: ${messageOf(error)}`}.`);
}

/** How a message names a path. */
export function nameOf(path: string): string {
  if (path === STANDARD_INPUT) return 'Standard input';
  return path === '' ? "''" : printable(path);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
