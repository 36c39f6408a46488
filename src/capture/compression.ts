/** The compressions that captures come in, told by content and undone in a stream of bounded chunks. */

import { createRequire } from 'node:module';
import { ReadableStream } from 'node:stream/web';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import { readUint32, readUint32Le, startsWithAscii } from '../bytes/read.ts';
import { decompressLz4, LZ4_MAGIC } from './lz4.ts';
import { passThrough } from './pass-through.ts';
import { decompressZstd, ZSTD_MAGIC } from './zstd.ts';

export interface Compression {
  readonly name: string;
  recognize(bytes: Uint8Array, start: number, end: number): boolean;
  /**
   * Throws at damage, after most of what came before it. A chunk is borrowed until the next is asked for. `chunkBytes`
   * is a wish: a decompressor loses the chunk in which it finds damage.
   */
  decompress(chunks: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncIterable<Uint8Array>;
}

const XZ_MAGIC = '\xfd7zXZ\0';

export const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    // Deflate is the only method there is.
    recognize: (bytes, start, end) => end - start >= 4 && readUint32(bytes, start) >>> 8 === 0x1f8b08,
    decompress: (chunks, chunkSize) =>
      passThrough(chunks, createGunzip({ chunkSize, readableHighWaterMark: chunkSize } as ZlibOptions)),
  },
  {
    name: 'zstd',
    recognize: (bytes, start, end) => end - start >= 4 && readUint32Le(bytes, start) === ZSTD_MAGIC,
    decompress: decompressZstd,
  },
  {
    name: 'lz4',
    recognize: (bytes, start, end) => end - start >= 4 && readUint32Le(bytes, start) === LZ4_MAGIC,
    decompress: decompressLz4,
  },
  {
    name: 'xz',
    recognize: (bytes, start, end) => startsWithAscii(bytes, start, end, XZ_MAGIC),
    decompress: decompressXz,
  },
];

const MIN_CHUNK_BYTES = 1 << 10;
const MAX_CHUNK_BYTES = 256 << 10;
const UNKNOWN_SIZE_CHUNK_BYTES = 64 << 10;

/** Large chunks are faster; a small file must not lose much to damage. `storedBytes` is null where it is not known. */
export function chunkBytesFor(storedBytes: number | null): number {
  if (storedBytes === null) return UNKNOWN_SIZE_CHUNK_BYTES;
  return Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, Math.floor(storedBytes / 64)));
}

async function* decompressXz(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // One instance of the module reads one file at a time and makes others wait for its end, so each file gets its own;
  // with it goes the memory of a file that was not read to its end.
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve('xz-decompress')];
  const { XzReadableStream } = require('xz-decompress') as typeof import('xz-decompress');
  const reader = new XzReadableStream(ReadableStream.from(chunks)).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value as Uint8Array;
  } catch (error) {
    throw new Error(XZ_ERRORS[/code (\d+)/.exec(String(error))?.[1] ?? ''] ?? String(error));
  } finally {
    // The library fails at being cancelled when it has unpacked all and not all was taken; there is nothing to free then.
    await reader.cancel().catch(() => {});
  }
}

/** By the number that the library gives, which is that of xz-embedded. */
const XZ_ERRORS: Record<string, string> = {
  3: 'not enough memory',
  4: 'it needs more memory than allowed',
  6: 'it uses options that are not supported',
  7: 'the data is corrupt',
  8: 'unexpected end of file',
};
