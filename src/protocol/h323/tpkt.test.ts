import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, tpkt } from '../../../test/h323-messages.ts';
import { readTpktLength, TpktStream } from './tpkt.ts';

const startsWithSeven = (bytes: Uint8Array, start: number, end: number): boolean => end <= start || bytes[start] === 7;

function cut(pieces: readonly (Uint8Array | 'gap')[]): number[][] {
  const stream = new TpktStream(startsWithSeven);
  const packets: number[][] = [];
  for (const piece of pieces) {
    if (piece === 'gap') stream.gap();
    else stream.data(piece, 0, piece.length, (bytes, from, to) => packets.push([...bytes.subarray(from, to)]));
  }
  return packets;
}

describe('TPKT', () => {
  it('knows its header by version, reserved byte and a length that counts itself', () => {
    expect(readTpktLength(bytesOf('0300 0008'), 0)).toBe(8);
    expect(readTpktLength(bytesOf('0300 0003'), 0)).toBe(0);
    expect(readTpktLength(bytesOf('0301 0008'), 0)).toBe(0);
    expect(readTpktLength(bytesOf('0200 0008'), 0)).toBe(0);
  });

  it('gives the same packets however the stream is cut, the header alone included', () => {
    const stream = Uint8Array.from([
      ...tpkt(bytesOf('07 01 02'), bytesOf('07')),
      ...bytesOf('03000004'),
      ...tpkt(bytesOf('07 03')),
    ]);
    const whole = [[7, 1, 2], [7], [7, 3]];
    expect(cut([stream])).toEqual(whole);
    expect(cut([stream.subarray(0, 4), stream.subarray(4)])).toEqual(whole);
    expect(cut([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('goes on at the next packet after a loss and after bytes that are none', () => {
    const first = tpkt(bytesOf('07 01 02 03 04 05'));
    const second = tpkt(bytesOf('07 06'));
    expect(cut([first.subarray(0, 6), 'gap', first.subarray(8), second])).toEqual([[7, 6]]);
    expect(cut([bytesOf('ffff 0300 0007 990300'), second])).toEqual([[7, 6]]);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (pieces) => {
        for (const packet of cut(pieces)) expect(packet[0]).toBe(7);
      }),
    );
  });
});
