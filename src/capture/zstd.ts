/** Zstandard frames (RFC 8878), by Node where it can, else by fzstd. */

import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { readUint8, readUint24, readUint32Le } from '../bytes/read.ts';
import { PieceReader } from './piece-reader.ts';

export const ZSTD_MAGIC = 0xfd2fb528;

const SKIPPABLE_MAGIC = 0x184d2a50;
/** What the zstd tool allows too, unless it is told otherwise. */
const MAX_WINDOW_LOG = 27;
const MAX_BLOCK_BYTES = 128 << 10;
const BLOCK = { raw: 0, runLength: 1, compressed: 2 };

type MakeTransform = (options: {
  chunkSize: number;
  readableHighWaterMark: number;
  params: Record<number, number>;
}) => Transform;

/** Node's own decompressor, several times faster, or null where Node (before 22.15) has none. */
export function makeNativeZstd(chunkSize: number): Transform | null {
  // The types of Node 20 do not know it.
  const { createZstdDecompress, constants } = zlib as unknown as {
    createZstdDecompress?: MakeTransform;
    constants: { ZSTD_d_windowLogMax: number };
  };
  const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
  return createZstdDecompress?.({ chunkSize, readableHighWaterMark: chunkSize, params }) ?? null;
}

/** Chunks are of at most 128 KiB, and the window is bounded, whatever the input says. */
export async function* decompressZstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = new PieceReader(chunks);
  try {
    while (!(await input.isAtEnd())) {
      const magic = await input.take(4);
      const value = readUint32Le(magic, 0);
      if (value === ZSTD_MAGIC) yield* decompressFrame(input, magic);
      else if ((value & ~0xf) === SKIPPABLE_MAGIC) await input.skip(readUint32Le(await input.take(4), 0));
      else throw new Error('no zstd frame begins where one should');
    }
  } finally {
    await input.close();
  }
}

/** The frame's structure is walked here, so that the window is known before it is allocated and no push yields much. */
async function* decompressFrame(input: PieceReader, magic: Uint8Array): AsyncGenerator<Uint8Array> {
  const output: Uint8Array[] = [];
  const decompressor = new Decompress((chunk) => output.push(chunk));
  decompressor.push(magic.slice());
  const descriptor = readUint8(await pass(input, decompressor, 1), 0);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const sizeCode = descriptor >> 6;
  let window = isSingleSegment ? 0 : windowBytes(readUint8(await pass(input, decompressor, 1), 0));
  await pass(input, decompressor, [0, 1, 2, 4][descriptor & 3] ?? 0);
  const sizeField = await pass(input, decompressor, sizeCode === 0 ? Number(isSingleSegment) : 1 << sizeCode);
  // Without a window of its own a frame is decoded in a buffer of its whole size.
  if (isSingleSegment) window = readUint(sizeField);
  if (window > 2 ** MAX_WINDOW_LOG) throw new Error(`a zstd window of ${window} bytes is too large`);

  for (let isLast = false; !isLast; ) {
    const header = await pass(input, decompressor, 3);
    const word = readUint24(header.toReversed(), 0);
    isLast = (word & 1) === 1;
    const type = (word >> 1) & 3;
    const size = word >> 3;
    if (type > BLOCK.compressed || size > MAX_BLOCK_BYTES) throw new Error('a zstd block is invalid');
    await pass(input, decompressor, type === BLOCK.runLength ? 1 : size);
    yield* output.splice(0);
  }
  decompressor.push(hasChecksum ? (await input.take(4)).slice() : new Uint8Array(0), true);
  yield* output.splice(0);
}

/** Hands the next `count` bytes to the decompressor, and gives them. */
async function pass(input: PieceReader, decompressor: Decompress, count: number): Promise<Uint8Array> {
  // The decompressor keeps what it cannot use yet.
  const bytes = (await input.take(count)).slice();
  if (count > 0) decompressor.push(bytes);
  return bytes;
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readUint(littleEndian: Uint8Array): number {
  return littleEndian.reduceRight((value, byte) => value * 256 + byte, 0);
}
