/** Zstandard frames (RFC 8878), by Node where it can, else by fzstd. */

import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { readUint8, readUint32Le } from '../bytes/read.ts';
import { passThrough } from './pass-through.ts';
import { PieceReader } from './piece-reader.ts';

export const ZSTD_MAGIC = 0xfd2fb528;

const SKIPPABLE_MAGIC = 0x184d2a50;
/** What the zstd tool allows too, unless it is told otherwise. */
const MAX_WINDOW_LOG = 27;
const MAX_BLOCK_BYTES = 128 << 10;
const BLOCK = { raw: 0, runLength: 1, compressed: 2 };

/** The last chunk of a frame may be short, others are of at most `chunkBytes` or 128 KiB, and windows are bounded. */
export async function* decompressZstd(
  chunks: AsyncIterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<Uint8Array> {
  const input = new PieceReader(chunks);
  try {
    while (!(await input.isAtEnd())) {
      const magic = await input.take(4);
      const value = readUint32Le(magic, 0);
      if (value === ZSTD_MAGIC) {
        const native = makeNative(chunkBytes);
        yield* native === null ? decodeFrame(readFrame(input, magic)) : passThrough(readFrame(input, magic), native);
      } else if ((value & ~0xf) === SKIPPABLE_MAGIC) await input.skip(readUint32Le(await input.take(4), 0));
      else throw new Error('no zstd frame begins where one should');
    }
  } finally {
    await input.close();
  }
}

type MakeTransform = (options: {
  chunkSize: number;
  readableHighWaterMark: number;
  params: Record<number, number>;
}) => Transform;

/** Node's own decompressor, several times faster, or null where Node (before 22.15) has none. It ends with a frame. */
function makeNative(chunkSize: number): Transform | null {
  // The types of Node 20 do not know it.
  const { createZstdDecompress, constants } = zlib as unknown as {
    createZstdDecompress?: MakeTransform;
    constants: { ZSTD_d_windowLogMax: number };
  };
  const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
  return createZstdDecompress?.({ chunkSize, readableHighWaterMark: chunkSize, params }) ?? null;
}

/** Exported for tests on a Node that has its own. */
export async function* decodeFrame(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const output: Uint8Array[] = [];
  const decompressor = new Decompress((chunk) => output.push(chunk));
  for await (const piece of pieces) {
    decompressor.push(piece);
    yield* output.splice(0);
  }
  decompressor.push(new Uint8Array(0), true);
  yield* output.splice(0);
}

/**
 * The pieces of one frame: header fields, then block by block. Its structure is walked here, so that its end is known, and
 * its window before it is allocated, and so that no piece stands for more than one block.
 */
export async function* readFrame(input: PieceReader, magic: Uint8Array): AsyncGenerator<Uint8Array> {
  yield magic;
  const descriptor = await input.take(1);
  yield descriptor;
  const flags = readUint8(descriptor, 0);
  const isSingleSegment = (flags & 0x20) !== 0;
  const hasChecksum = (flags & 0x04) !== 0;
  const sizeCode = flags >> 6;
  const windowField = await input.take(isSingleSegment ? 0 : 1);
  yield windowField;
  yield await input.take([0, 1, 2, 4][flags & 3] ?? 0);
  const sizeField = await input.take(sizeCode === 0 ? Number(isSingleSegment) : 1 << sizeCode);
  // Without a window of its own a frame is decoded in a buffer of its whole size.
  const window = isSingleSegment ? readUint(sizeField) : windowBytes(readUint8(windowField, 0));
  if (window > 2 ** MAX_WINDOW_LOG) throw new Error(`a zstd window of ${window} bytes is too large`);
  yield sizeField;

  for (let isLast = false; !isLast; ) {
    const header = await input.take(3);
    yield header;
    const word = readUint(header);
    isLast = (word & 1) === 1;
    const type = (word >> 1) & 3;
    const size = word >> 3;
    if (type > BLOCK.compressed || size > MAX_BLOCK_BYTES) throw new Error('a zstd block is invalid');
    yield await input.take(type === BLOCK.runLength ? 1 : size);
  }
  if (hasChecksum) yield await input.take(4);
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readUint(littleEndian: Uint8Array): number {
  return littleEndian.reduceRight((value, byte) => value * 256 + byte, 0);
}
