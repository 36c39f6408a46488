/** Takes exact numbers of bytes out of chunks of any size, for formats that are read field by field. */

export class PieceReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** True when no byte is left. */
  async isAtEnd(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return true;
      this.#chunk = next.value;
    }
    return false;
  }

  /** A view of a chunk, or a copy from several; throws when fewer bytes are left. The caller bounds `count`. */
  async take(count: number): Promise<Uint8Array> {
    if (this.#chunk.length >= count) return this.#cut(count);
    const joined = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (await this.isAtEnd()) throw new Error('unexpected end of file');
      const part = this.#cut(Math.min(this.#chunk.length, count - filled));
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  }

  /** Passes over `count` bytes without holding them; throws when fewer are left. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      if (await this.isAtEnd()) throw new Error('unexpected end of file');
      left -= this.#cut(Math.min(this.#chunk.length, left)).length;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #cut(count: number): Uint8Array {
    const part = this.#chunk.subarray(0, count);
    this.#chunk = this.#chunk.subarray(count);
    return part;
  }
}
