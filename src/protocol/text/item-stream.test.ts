import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ItemReader, ItemStream } from './item-stream.ts';

/** Items are a length byte and that many bytes; a length of 255 is an item of 1000 bytes that nobody wants. */
class LengthPrefixed implements ItemReader {
  readonly items: number[][] = [];
  readonly cut: number[] = [];
  readonly lost: number[] = [];
  readonly knowsLength: boolean;

  constructor(knowsLength = true) {
    this.knowsLength = knowsLength;
  }

  readItem(bytes: Uint8Array, start: number, end: number): number {
    const length = bytes[start] ?? 0;
    if (length === 255) return 1000;
    if (end - start < 1 + length) return this.knowsLength ? -1 - length : 0;
    this.items.push([...bytes.subarray(start + 1, start + 1 + length)]);
    return 1 + length;
  }

  cutItem(_bytes: Uint8Array, start: number, end: number): void {
    this.cut.push(end - start);
  }

  loseTrack(_bytes: Uint8Array, start: number, end: number): void {
    this.lost.push(end - start);
  }
}

function feedInPieces(stream: ItemStream, bytes: Uint8Array, sizes: readonly number[]): void {
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    // A copy at another offset, since the bytes are only borrowed for the call.
    const piece = new Uint8Array([9, 9, ...bytes.subarray(at, at + size)]);
    stream.feed(piece, 2, piece.length);
    piece.fill(0);
    at = Math.min(bytes.length, at + size);
  }
}

describe('ItemStream', () => {
  it('gives the same items however the stream is cut', () => {
    const bytesOfItems = fc.array(fc.array(fc.nat(254), { maxLength: 200 }), { maxLength: 40 });
    fc.assert(
      fc.property(bytesOfItems, fc.array(fc.integer({ min: 1, max: 3000 })), fc.boolean(), (items, sizes, knows) => {
        const reader = new LengthPrefixed(knows);
        feedInPieces(
          new ItemStream(reader, 4096),
          new Uint8Array(items.flatMap((item) => [item.length, ...item])),
          sizes,
        );
        expect(reader.items).toEqual(items);
        expect(reader.lost).toEqual([]);
      }),
    );
  });

  it('drops the rest of an item that reaches beyond what has arrived', () => {
    const reader = new LengthPrefixed();
    const stream = new ItemStream(reader, 64);
    feedInPieces(stream, new Uint8Array([1, 7, 255, ...new Array(999).fill(3), 1, 8]), [100, 100, 5]);
    expect(reader.items).toEqual([[7], [8]]);
  });

  it('keeps its place over a gap within skipped bytes or within an item of known length', () => {
    const reader = new LengthPrefixed();
    const stream = new ItemStream(reader, 64);
    feedInPieces(stream, new Uint8Array([255, 0, 0]), []);
    stream.gap(997);
    feedInPieces(stream, new Uint8Array([1, 5, 9, 1]), []);
    stream.gap(3);
    feedInPieces(stream, new Uint8Array([2, 2, 2, 2, 2, 1, 6]), []);
    expect(reader).toMatchObject({ items: [[5], [6]], cut: [2], lost: [] });
  });

  it('loses its place over any other gap', () => {
    for (const knowsLength of [true, false]) {
      const reader = new LengthPrefixed(knowsLength);
      const stream = new ItemStream(reader, 64);
      feedInPieces(stream, new Uint8Array([1, 5, 9, 1]), []);
      stream.gap(9);
      feedInPieces(stream, new Uint8Array([1, 6]), []);
      stream.gap(1);
      expect(reader).toMatchObject({ items: [[5], [6]], cut: [], lost: [2, 0] });
    }
  });

  it('refuses an item that is longer than its limit, in one piece or many', () => {
    const long = new Uint8Array([100, ...new Array(30).fill(0)]);
    for (const [sizes, lost] of [
      [[31], 31],
      [[10, 10, 11], 16],
    ] as const) {
      const unknown = new LengthPrefixed(false);
      feedInPieces(new ItemStream(unknown, 16), long, sizes);
      expect(unknown.lost).toEqual([lost]);
    }
    const known = new LengthPrefixed();
    feedInPieces(new ItemStream(known, 16), long, [1]);
    expect(known.lost).toEqual([1]);
  });
});
