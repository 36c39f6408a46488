import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../fixtures/encode/pcap.ts';
import { COMPRESSIONS, chunkBytesFor } from './compression.ts';
import { PieceReader } from './piece-reader.ts';
import { decodeFrame, decompressZstd, readFrame } from './zstd.ts';

/** A capture of 40 frames, from which the compressed ones below were made by the tools of these formats. */
const CAPTURE = encodePcap(
  Array.from({ length: 40 }, (_, i) => ({
    bytes: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 8, 0, ...new Uint8Array(90).fill(i % 7)),
    seconds: 1_700_000_000 + i,
    nanoseconds: i * 1000,
  })),
  { snapLength: 65_535 },
);

const ZSTD =
  'KLUv/WTYEZUHANLJIR+g7d+qBVD47v//GBZVda+mx6/p8Wt6/JqeWCmTTCkFD4L1+9zzuuuYOe5um9W0z7KKYX5dbVnMVXUpyk7TS1KNIoegfh5mx7lN' +
  'Yxnml6UqiidJIwjzcVzDsEXxBFGHwQWhg4AZAO691tr/r7W6e3czB8QgBMC1X715ZDFEuZnTlPnZydI8A3qoENgrGXYDsHwz0gocgv9Tw//+xspIbXQ3' +
  'EnjB3SgyOhveDWNGO0PcC2JDseHM+GocM84Y5i4WGUuMp8Y145hhZhxXscTYahwzrhnGxhHjXIqtxjLjmGFtHDJOGN++2+xzZ6TivjgZrqSi+g==';
const LZ4 =
  'BCJNGGRAp7IBAACE1MOyoQIABAABAFD//wAAAQkAMPFTZQcAE2gEAO8AAQIDBAUGBwgJCgsIAAEAR18B8VNlAXgABh8BAQBGXwLxU2UCeAAGHwIBAEZf' +
  'A/FTZQN4AAYfAwEARl8E8VNlBHgABh8EAQBGXwXxU2UFeAAGHwUBAEZfBvFTZQZ4AAYfBgEARl8H8VNlB0gDYF8I8VNlCEgDYF8J8VNlCUgDYF8K8VNl' +
  'CkgDYF8L8VNlC0gDYF8M8VNlDEgDYF8N8VNlDUgDYF8O8VNlDkgDYF8P8VNlD0gDYF8Q8VNlEEgDYF8R8VNlEUgDYF8S8VNlEkgDYF8T8VNlE0gDYF8U' +
  '8VNlFEgDYF8V8VNlFUgDYF8W8VNlFkgDYF8X8VNlF0gDYF8Y8VNlGEgDYF8Z8VNlGUgDYF8a8VNlGkgDYF8b8VNlG0gDYF8c8VNlHEgDYF8d8VNlHUgD' +
  'YF8e8VNlHkgDYF8f8VNlH0gDYF8g8VNlIEgDYF8h8VNlIUgDYF8i8VNlIkgDYF8j8VNlI0gDYF8k8VNlJEgDYF8l8VNlJUgDYF8m8VNlJkgDYF8n8VNl' +
  'J0gDW1AEBAQEBAAAAABWVLz1';
const XZ =
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4BLXALpdAGow0ch9i/gJm62US4rzStCYEo8qUM9nBoHz8Mvm93pKy1PPC5tDVewH8Cy2Pnp3xF70+kZM56Ol' +
  '3UGa+BNOo+zopInDDBAophx4gSOkF2RygzwoVMhyh36ebjCZ8tmiKYGTymnG1KT0xH3bF1tTEYEZojXVmz1zoA5ockIQnQotYstjxQEPd6EB0xRfiuYJ' +
  'I5BO13wqPonTRaNNRArtezxoRv5hjLsJ3AeCdjZO5PNg8PE61pwF95YvlwAAAOPPZBkEwOrTAAHWAdglAAAiFzTnscRn+wIAAAAABFla';

const SAMPLES: Record<string, Uint8Array> = {
  gzip: gzipSync(CAPTURE),
  zstd: Buffer.from(ZSTD, 'base64'),
  lz4: Buffer.from(LZ4, 'base64'),
  xz: Buffer.from(XZ, 'base64'),
};

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function join(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Uint8Array[] = [];
  for await (const chunk of chunks) copies.push(Uint8Array.from(chunk));
  return Buffer.concat(copies);
}

function find(name: string) {
  const found = COMPRESSIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe.each(Object.entries(SAMPLES))('%s', (name, sample) => {
  const { recognize, decompress } = find(name);

  it.each([1, 7, 100_000])('is undone from chunks of %i bytes', async (size) => {
    expect(recognize(sample, 0, sample.length)).toBe(true);
    expect(await join(decompress(chunksOf(sample, size), 1024))).toEqual(Buffer.from(CAPTURE));
  });

  it('is undone where one compressed file follows the other', async () => {
    const twice = Buffer.concat([sample, sample]);
    expect(await join(decompress(chunksOf(twice, 100), 1024))).toEqual(Buffer.concat([CAPTURE, CAPTURE]));
  });

  it('is left off before its end without complaint', async () => {
    const chunks = decompress(chunksOf(sample, 100_000), 1024)[Symbol.asyncIterator]();
    await chunks.next();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await chunks.return?.()).toMatchObject({ done: true });
  });

  it('throws when it is cut short, and does not hang', async () => {
    for (const kept of [20, Math.floor(sample.length / 2), sample.length - 9])
      await expect(join(decompress(chunksOf(sample.subarray(0, kept), 64), 1024))).rejects.toThrow();
  });
});

describe('a bomb', () => {
  it('in gzip comes in chunks of the size that was asked for', async () => {
    const bomb = gzipSync(new Uint8Array(30_000_000));
    let longest = 0;
    for await (const chunk of find('gzip').decompress(chunksOf(bomb, 65_536), 4096))
      longest = Math.max(longest, chunk.length);
    expect(longest).toBe(4096);
  });

  it('in zstd comes in chunks of at most 256 KiB', async () => {
    // A frame of blocks that each stand for 128 KiB of one byte: a gigabyte in 32 KiB.
    const runs = Array.from({ length: 8192 }, () => [0x02, 0x00, 0x10, 0x41]).flat();
    const last = [0x03, 0x00, 0x10, 0x41];
    const bomb = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38, ...runs, ...last);
    let count = 0;
    for await (const chunk of find('zstd').decompress(chunksOf(bomb, 65_536), 256 << 10)) {
      expect(chunk.length).toBeLessThanOrEqual(256 << 10);
      if (++count === 20) break;
    }
    expect(count).toBe(20);
  });

  it('in zstd with a window of terabytes is refused', async () => {
    const huge = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff, ...new Uint8Array(64));
    await expect(join(find('zstd').decompress(chunksOf(huge, 64), 1024))).rejects.toThrow();
  });

  it('in lz4 that refers to what is not there is refused', async () => {
    // One block: one literal, then a match 200 bytes back.
    const block = [0x10, 0x41, 200, 0, 0x00];
    const bad = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0);
    await expect(join(find('lz4').decompress(chunksOf(bad, 64), 1024))).rejects.toThrow('damaged');
  });
});

describe('zstd', () => {
  it('is undone without the decompressor of Node', async () => {
    const input = new PieceReader(chunksOf(SAMPLES.zstd!, 50));
    const magic = await input.take(4);
    expect(await join(decodeFrame(readFrame(input, magic)))).toEqual(Buffer.from(CAPTURE));
    expect(await input.isAtEnd()).toBe(true);
  });

  it('is undone between frames that are made to be skipped', async () => {
    const skippable = Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
    const input = Buffer.concat([skippable, SAMPLES.zstd!, skippable]);
    expect(await join(decompressZstd(chunksOf(input, 5), 1024))).toEqual(Buffer.from(CAPTURE));
  });
});

describe('chunkBytesFor', () => {
  it('is small for small files, so that little is lost to damage', () => {
    expect(chunkBytesFor(500)).toBe(1024);
    expect(chunkBytesFor(1_000_000)).toBe(15_625);
    expect(chunkBytesFor(5_000_000_000)).toBe(256 << 10);
    expect(chunkBytesFor(null)).toBe(64 << 10);
  });
});
