/** LZ4 frames (lz4_Frame_format.md 1.6.x), decoded block by block. No kept library for JavaScript does it in a stream. */

import { readUint8, readUint16Le, readUint32Le } from '../bytes/read.ts';
import { PieceReader } from './piece-reader.ts';

export const LZ4_MAGIC = 0x184d2204;

/** Frames to be passed over have this magic, with any last hexadecimal digit. */
const SKIPPABLE_MAGIC = 0x184d2a50;
/** How far back a match may reach, also into the block before. */
const HISTORY_BYTES = 65536;
const UNCOMPRESSED = 0x8000_0000;
const MIN_MATCH = 4;
const EXTENDED = 15;

/** Chunks are borrowed until the next one is asked for, and at most 4 MiB long. Checksums are not verified. */
export async function* decompressLz4(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = new PieceReader(chunks);
  try {
    while (!(await input.isAtEnd())) {
      const magic = readUint32Le(await input.take(4), 0);
      if (magic === LZ4_MAGIC) yield* decompressFrame(input);
      else if ((magic & ~0xf) === SKIPPABLE_MAGIC) await input.skip(readUint32Le(await input.take(4), 0));
      else throw new Error('no LZ4 frame begins where one should');
    }
  } finally {
    await input.close();
  }
}

async function* decompressFrame(input: PieceReader): AsyncGenerator<Uint8Array> {
  const descriptor = await input.take(2);
  const flags = readUint8(descriptor, 0);
  const sizeCode = (readUint8(descriptor, 1) >> 4) & 7;
  if (flags >> 6 !== 1 || sizeCode < 4) throw new Error('the header of an LZ4 frame is invalid');
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasContentSize = (flags & 0x08) !== 0;
  const hasContentChecksum = (flags & 0x04) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  await input.skip((hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1);

  const blockBytes = 1 << (8 + 2 * sizeCode);
  const output = new Uint8Array(HISTORY_BYTES + blockBytes);
  let history = 0;
  for (;;) {
    const word = readUint32Le(await input.take(4), 0);
    if (word === 0) break;
    const size = word % UNCOMPRESSED;
    if (size > blockBytes) throw new Error(`an LZ4 block of ${size} bytes is too long`);
    const block = await input.take(size);
    let end: number;
    if (word >= UNCOMPRESSED) {
      output.set(block, history);
      end = history + size;
    } else {
      end = decodeBlock(block, output, history);
    }
    if (hasBlockChecksum) await input.skip(4);
    yield output.subarray(history, end);
    const kept = Math.min(end, HISTORY_BYTES);
    output.copyWithin(0, end - kept, end);
    history = kept;
  }
  if (hasContentChecksum) await input.skip(4);
}

/** Decodes one block into `target` from `start`, where what lies before may be referred to; gives the end. */
function decodeBlock(block: Uint8Array, target: Uint8Array, start: number): number {
  let from = 0;
  let to = start;
  while (from < block.length) {
    const token = readUint8(block, from++);
    let literals = token >> 4;
    if (literals === EXTENDED) {
      for (let more = 255; more === 255; literals += more) more = readUint8(block, from++);
    }
    if (from + literals > block.length || to + literals > target.length) throw new Error('an LZ4 block is damaged');
    target.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // The last sequence is literals alone.
    if (from === block.length) break;

    const distance = readUint16Le(block, from);
    from += 2;
    let length = (token & 0xf) + MIN_MATCH;
    if ((token & 0xf) === EXTENDED) {
      for (let more = 255; more === 255; length += more) more = readUint8(block, from++);
    }
    if (distance === 0 || distance > to || to + length > target.length) throw new Error('an LZ4 block is damaged');
    copyMatch(target, to, distance, length);
    to += length;
  }
  return to;
}

function copyMatch(target: Uint8Array, to: number, distance: number, length: number): void {
  if (length <= distance) {
    target.copyWithin(to, to - distance, to - distance + length);
    return;
  }
  // The match runs into its own output, which repeats it.
  for (let i = 0; i < length; i++) target[to + i] = readUint8(target, to + i - distance);
}
