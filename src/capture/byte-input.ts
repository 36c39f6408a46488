/** Where the bytes of a capture come from: a plain file, or anything that hands them over in chunks. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface ByteInput {
  /** Bytes taken so far as they are stored, that is, compressed where they are. */
  readonly bytesRead: number;
  /** Stored bytes in all; null for what has no known end. */
  readonly bytesTotal: number | null;
  /** Writes bytes into `target` from `offset` on and gives their number; 0 is the end. */
  read(target: Uint8Array, offset: number): number | Promise<number>;
  close(): Promise<void>;
}

/** A regular file, read synchronously: a stream of the same chunks costs half as much again. */
export class FileInput implements ByteInput {
  bytesRead = 0;
  readonly bytesTotal: number;
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    this.bytesTotal = fstatSync(this.#descriptor).size;
  }

  read(target: Uint8Array, offset: number): number {
    const count = readSync(this.#descriptor, target, offset, target.length - offset, this.bytesRead);
    this.bytesRead += count;
    return count;
  }

  async close(): Promise<void> {
    closeSync(this.#descriptor);
  }
}

/** Chunks of any size, as decompressors and pipes give them; `progress` tells how far their own source is. */
export class ChunkInput implements ByteInput {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #stored: Pick<ByteInput, 'bytesRead' | 'bytesTotal' | 'close'>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>, stored: Pick<ByteInput, 'bytesRead' | 'bytesTotal' | 'close'>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#stored = stored;
  }

  get bytesRead(): number {
    return this.#stored.bytesRead;
  }

  get bytesTotal(): number | null {
    return this.#stored.bytesTotal;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      this.#chunk = next.value;
    }
    const count = Math.min(this.#chunk.length, target.length - offset);
    target.set(this.#chunk.subarray(0, count), offset);
    this.#chunk = this.#chunk.subarray(count);
    return count;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
    await this.#stored.close();
  }
}
