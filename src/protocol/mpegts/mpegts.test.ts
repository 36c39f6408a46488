import fc from 'fast-check';
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

/** A cell of `pid` that holds one whole section. */
function tableCell(pid: number, tableId: number, body: number[]): Uint8Array {
  const cell = new Uint8Array(188).fill(0xff);
  const length = 5 + body.length + 4;
  cell.set([
    0x47,
    0x40 | (pid >> 8),
    pid & 0xff,
    0x10,
    0,
    tableId,
    0xb0,
    length,
    0,
    1,
    0xc1,
    0,
    0,
    ...body,
    0,
    0,
    0,
    0,
  ]);
  return cell;
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

  it('tells codecs and programme from the tables', () => {
    const service = [...Buffer.from('News')];
    const datagram = Buffer.concat([
      tableCell(0, 0x00, [0, 1, 0xe1, 0x00]),
      tableCell(0x100, 0x02, [0xe1, 1, 0xf0, 0, 0x1b, 0xe1, 1, 0xf0, 0, 0x0f, 0xe1, 2, 0xf0, 0]),
      tableCell(0x11, 0x42, [0, 1, 0xff, 0, 1, 0xfc, 0x80, 9, 0x48, 7, 1, 0, service.length, ...service]),
    ]);
    const record = new ControlRecord();
    const dissection = mpegts.open?.(record, contextOf(datagram));
    dissection?.data(datagram, 0, datagram.length, contextOf(datagram));
    expect(Object.fromEntries(record.facts)).toEqual({ codec: 'H264, AAC', programme: 'News' });
    expect(dissection?.isDone).toBe(true);
  });

  it('survives tables of any content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 184, maxLength: 184 }), fc.constantFrom(0, 0x11), (body, pid) => {
        const cell = Buffer.concat([Buffer.from([0x47, 0x40, pid, 0x10]), body]);
        mpegts.open?.(new ControlRecord(), contextOf(cell)).data(cell, 0, cell.length, contextOf(cell));
      }),
    );
  });
});
