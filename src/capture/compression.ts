/** The compressions that captures come in, told by content and undone in a stream of bounded chunks. */

import { createRequire } from 'node:module';
import { pipeline, Readable, type Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { readUint32, readUint32Le, startsWithAscii } from '../bytes/read.ts';
import { decompressLz4, LZ4_MAGIC } from './lz4.ts';
import { decompressZstd, makeNativeZstd, ZSTD_MAGIC } from './zstd.ts';

const CHUNK_BYTES = 256 << 10;

export interface Compression {
  readonly name: string;
  recognize(bytes: Uint8Array, start: number, end: number): boolean;
  /** Throws at damage, after what came before it. A chunk is borrowed until the next is asked for. */
  decompress(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

export const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    // Deflate is the only method there is.
    recognize: (bytes, start, end) => end - start >= 4 && readUint32(bytes, start) >>> 8 === 0x1f8b08,
    decompress: (chunks) => passThrough(chunks, createGunzip({ chunkSize: CHUNK_BYTES })),
  },
  {
    name: 'zstd',
    recognize: (bytes, start, end) => end - start >= 4 && readUint32Le(bytes, start) === ZSTD_MAGIC,
    decompress: (chunks) => {
      const native = makeNativeZstd(CHUNK_BYTES);
      return native === null ? decompressZstd(chunks) : passThrough(chunks, native);
    },
  },
  {
    name: 'lz4',
    recognize: (bytes, start, end) => end - start >= 4 && readUint32Le(bytes, start) === LZ4_MAGIC,
    decompress: decompressLz4,
  },
  {
    name: 'xz',
    recognize: (bytes, start, end) => startsWithAscii(bytes, start, end, '\xfd7zXZ\0'),
    decompress: decompressXz,
  },
];

/** Failures of either side reach whoever reads the result, and whoever stops reading ends both. */
function passThrough(chunks: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(chunks), transform, () => {});
}

async function* decompressXz(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // One instance of the module reads one file at a time and makes others wait for its end, so each file gets its own;
  // with it goes the memory of a file that was not read to its end.
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve('xz-decompress')];
  const { XzReadableStream } = require('xz-decompress') as typeof import('xz-decompress');
  yield* new XzReadableStream(ReadableStream.from(chunks)) as AsyncIterable<Uint8Array>;
}
