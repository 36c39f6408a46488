import { describe, expect, it } from 'vitest';
import { ControlRecord } from '../control-record.ts';
import type { PayloadContext } from '../dissector.ts';
import { mpegts } from './mpegts.ts';

function contextOf(bytes: Uint8Array, wireLength = bytes.length): PayloadContext {
  return {
    transport: 'udp',
    direction: 0,
    sourcePort: 1234,
    destinationPort: 1234,
    isMulticast: true,
    wireLength,
    at: { capture: 0, frame: 1, time: 0 },
  };
}

function cellsOf(count: number, cellBytes = 188): Uint8Array {
  const bytes = new Uint8Array(count * cellBytes);
  for (let cell = 0; cell < bytes.length; cell += cellBytes)
    bytes.set([0x47, 0x01, 0x00, 0x10], cell + cellBytes - 188);
  return bytes;
}

function recognize(bytes: Uint8Array, wireLength = bytes.length) {
  return mpegts.recognize(bytes, 0, bytes.length, contextOf(bytes, wireLength));
}

describe('mpegts', () => {
  it('knows cells of 188 bytes and of 192', () => {
    expect(recognize(cellsOf(7))).toBe('yes');
    expect(recognize(cellsOf(2))).toBe('yes');
    expect(recognize(cellsOf(5, 192))).toBe('yes');
  });

  it('believes the cells before the one that the snap length cut', () => {
    expect(recognize(cellsOf(7).subarray(0, 500), 1316)).toBe('yes');
  });

  it('needs three datagrams when each holds one cell', () => {
    const cell = cellsOf(1);
    const confirmation = mpegts.confirm?.();
    const answers = [1, 2, 3].map(() => confirmation?.accept(cell, 0, cell.length, contextOf(cell)));
    expect(answers).toEqual(['maybe', 'maybe', 'yes']);
  });

  it('says no to other lengths and to a missing sync byte', () => {
    expect(recognize(cellsOf(7).subarray(0, 1300))).toBe('no');
    const broken = cellsOf(7);
    broken[188 * 3] = 0;
    expect(recognize(broken)).toBe('no');
  });

  it('tells cells with an arrival time apart, and wants to see no more than one datagram', () => {
    const variants = [188, 192].map((cellBytes) => {
      const record = new ControlRecord();
      const bytes = cellsOf(5, cellBytes);
      const dissection = mpegts.open?.(record, contextOf(bytes));
      dissection?.data(bytes, 0, bytes.length, contextOf(bytes));
      expect(dissection?.isDone).toBe(true);
      return record.variant;
    });
    expect(variants).toEqual(['', 'M2TS, 192-byte cells']);
  });
});
