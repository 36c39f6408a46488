import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crcOf } from './section-reader.ts';
import { TransportStream } from './transport-stream.ts';

const VIDEO = 0x101;
const AUDIO = 0x102;
const MS = 1e6;

interface Cell {
  pid: number;
  counter: number;
  /** In ticks of 27 MHz. */
  pcr?: number;
  isDiscontinuous?: boolean;
  hasPayload?: boolean;
  payload?: readonly number[];
  hasStart?: boolean;
}

function cellOf({
  pid,
  counter,
  pcr,
  isDiscontinuous = false,
  hasPayload = true,
  payload,
  hasStart = false,
}: Cell): number[] {
  const cell = [0x47, (hasStart ? 0x40 : 0) | (pid >> 8), pid & 0xff, (hasPayload ? 0x10 : 0) | (counter & 15)];
  if (pcr !== undefined || isDiscontinuous || !hasPayload) {
    cell[3] = (cell[3] ?? 0) | 0x20;
    const length = hasPayload ? 7 : 183;
    const base = Math.floor((pcr ?? 0) / 300);
    const extension = (pcr ?? 0) % 300;
    cell.push(length, (isDiscontinuous ? 0x80 : 0) | (pcr === undefined ? 0 : 0x10));
    const high = Math.floor(base / 2);
    cell.push(high >>> 24, (high >>> 16) & 255, (high >>> 8) & 255, high & 255);
    cell.push(((base & 1) << 7) | 0x7e | (extension >> 8), extension & 255);
  }
  cell.push(...(payload ?? []));
  while (cell.length < 188) cell.push(0xff);
  return cell;
}

function feed(stream: TransportStream, cells: readonly Cell[], timeNs = 0): TransportStream {
  const bytes = Uint8Array.from(cells.flatMap(cellOf));
  stream.datagram(bytes, 0, bytes.length, bytes.length, timeNs);
  return stream;
}

function counted(counters: readonly number[], pid = VIDEO): Cell[] {
  return counters.map((counter) => ({ pid, counter }));
}

describe('continuity', () => {
  it('holds across the wrap of the counter, for each PID by itself', () => {
    const stream = feed(new TransportStream(), [
      ...counted([14, 15, 0, 1]),
      ...counted([3, 4], AUDIO),
      ...counted([2]),
    ]);
    expect(stream.pids).toMatchObject({ continuityErrors: 0, lostCells: 0 });
    expect(stream.pids.counts()).toMatchObject([
      { pid: VIDEO, cells: 5 },
      { pid: AUDIO, cells: 2 },
    ]);
  });

  it('tells how many cells are missing, and of which PID', () => {
    const stream = feed(new TransportStream(), [...counted([0, 1, 4, 5, 1]), ...counted([0, 1], AUDIO)]);
    expect(stream.pids).toMatchObject({ continuityErrors: 2, lostCells: 13 });
    expect(stream.pids.counts()[1]).toMatchObject({ pid: AUDIO, continuityErrors: 0 });
  });

  it('lets a cell be sent twice, but not three times', () => {
    expect(feed(new TransportStream(), counted([0, 1, 1, 2])).pids.continuityErrors).toBe(0);
    expect(feed(new TransportStream(), counted([0, 1, 1, 1, 2])).pids.continuityErrors).toBe(1);
  });

  it('passes over cells without a payload, null cells, and what is announced to begin anew', () => {
    const cells = [
      ...counted([5]),
      { pid: VIDEO, counter: 5, hasPayload: false },
      { pid: VIDEO, counter: 11, isDiscontinuous: true },
      ...counted([12]),
      ...counted([3, 9], 0x1fff),
    ];
    const stream = feed(new TransportStream(), cells);
    expect(stream).toMatchObject({ cells: 6, nullCells: 2 });
    expect(stream.pids.continuityErrors).toBe(0);
  });

  it('counts what is damaged, and does not believe it', () => {
    const bytes = Uint8Array.from([...cellOf({ pid: VIDEO, counter: 0 }), ...cellOf({ pid: VIDEO, counter: 9 })]);
    bytes[188 + 1] = 0x81;
    const stream = new TransportStream();
    stream.datagram(bytes, 0, bytes.length, bytes.length, 0);
    bytes[0] = 0;
    stream.datagram(bytes, 0, 188, 188, 0);
    expect(stream).toMatchObject({ transportErrors: 1, syncErrors: 1 });
    expect(stream.pids.continuityErrors).toBe(0);
  });
});

/** Ten cells every 10 ms with a clock reference in the first, which arrives `late(i)` ms after its time; some are lost. */
function play(count: number, late: (i: number) => number, cells = (_: number) => 10, isLost = (_: number) => false) {
  const stream = new TransportStream();
  let counter = 0;
  for (let i = 0; i < count; i++) {
    const video = Array.from({ length: cells(i) }, () => ({ pid: VIDEO, counter: counter++ }));
    const [first, ...others] = video;
    if (first === undefined || isLost(i)) continue;
    feed(stream, [{ ...first, pcr: i * 270_000 }, ...others], (i * 10 + late(i)) * MS);
  }
  return stream;
}

describe('the clock of a programme', () => {
  it('gives the rate of the stream, and its evenness', () => {
    const { clock } = play(400, () => 0);
    expect(clock?.bitsPerSecond).toBeCloseTo(10 * 188 * 8 * 100, 3);
    expect(clock).toMatchObject({ isConstantRate: true, references: 400, discontinuities: 0 });
    expect(clock?.maxIntervalMs).toBeCloseTo(10, 6);
    expect(clock?.maxDeviationMs).toBeCloseTo(0, 6);
  });

  it('tells how far arrival strays', () => {
    const { clock } = play(400, (i) => (i === 200 ? 6 : 0));
    expect(clock?.maxDeviationMs).toBeCloseTo(6, 6);
    expect(clock?.maxJitterMs).toBeGreaterThan(0.3);
    expect(clock?.maxJitterMs).toBeLessThan(1);
  });

  it('knows a varying rate', () => {
    expect(
      play(
        400,
        () => 0,
        (i) => 5 + (i % 9),
      ).clock?.isConstantRate,
    ).toBe(false);
  });

  it('takes no loss for a varying rate', () => {
    const { clock, pids } = play(
      400,
      () => 0,
      undefined,
      (i) => i % 50 === 49,
    );
    expect(pids).toMatchObject({ continuityErrors: 7, lostCells: 70 });
    expect(clock?.isConstantRate).toBe(true);
    expect(clock?.bitsPerSecond).toBeCloseTo(10 * 188 * 8 * 100, 3);
  });

  it('knows when it was set anew, and goes on across its wrap', () => {
    const stream = new TransportStream();
    const wrap = 2 ** 33 * 300;
    for (const [i, pcr] of [wrap - 540_000, wrap - 270_000, 0, 270_000, 90e6, 90e6 + 270_000].entries()) {
      feed(stream, [{ pid: VIDEO, counter: i, pcr }], i * 10 * MS);
    }
    expect(stream.clock).toMatchObject({ discontinuities: 1, references: 6 });
    expect(stream.clock?.maxDeviationMs).toBeCloseTo(0, 6);
  });
});

describe('the delivery index', () => {
  it('is what a receiver must buffer, and what it misses in a second', () => {
    const isLate = (i: number) => i > 300 && i % 20 === 0;
    const { delivery } = play(500, (i) => (isLate(i) ? 9 : 0));
    // RFC 4445: even a perfect stream needs the one datagram that is on its way into the buffer.
    expect(delivery?.maxDelayFactorMs).toBeCloseTo(19, 0);
    expect(delivery?.meanDelayFactorMs).toBeGreaterThan(10);
    expect(delivery?.maxLossRate).toBe(0);
    const isLost = (i: number) => i === 420;
    expect(play(500, () => 0, undefined, isLost).delivery?.maxLossRate).toBe(10);
  });

  it('is none for a stream of varying rate, or of which the capture holds parts', () => {
    expect(
      play(
        400,
        () => 0,
        (i) => 5 + (i % 9),
      ).delivery,
    ).toBeNull();
    const cut = play(400, () => 0);
    const bytes = Uint8Array.from(cellOf({ pid: VIDEO, counter: 0 }));
    cut.datagram(bytes, 0, 100, 188, 4100 * MS);
    expect(cut.delivery).toBeNull();
  });
});

/** A whole section of a table, in as many cells as it takes. */
function tableCells(pid: number, tableId: number, extension: number, body: readonly number[]): Cell[] {
  const length = 5 + body.length + 4;
  const section = [tableId, 0xb0 | (length >> 8), length & 255, extension >> 8, extension & 255, 0xc1, 0, 0, ...body];
  const crc = crcOf(Uint8Array.from(section), 0, section.length);
  const bytes = [0, ...section, crc >>> 24, (crc >>> 16) & 255, (crc >>> 8) & 255, crc & 255];
  const cells: Cell[] = [];
  for (let at = 0; at < bytes.length; at += 184) {
    cells.push({ pid, counter: cells.length, hasStart: at === 0, payload: bytes.slice(at, at + 184) });
  }
  return cells;
}

function text(value: string): number[] {
  return [value.length, ...Buffer.from(value, 'latin1')];
}

function serviceOf(number: number, provider: string, name: string): number[] {
  const descriptor = [1, ...text(provider), ...text(name)];
  const length = descriptor.length + 2;
  return [0, number, 0xfc, 0x80, length, 0x48, descriptor.length, ...descriptor];
}

const PAT = tableCells(0, 0, 1, [0, 0, 0xe0, 0x10, 0, 1, 0xe1, 0, 0, 2, 0xe1, 0x50]);
const PMT = tableCells(0x100, 2, 1, [0xe1, 1, 0xf0, 0, 0x1b, 0xe1, 1, 0xf0, 0, 0x06, 0xe1, 2, 0xf0, 3, 0x6a, 1, 0]);
const SDT = tableCells(0x11, 0x42, 1, [0, 1, 0xff, ...serviceOf(1, 'Lab', 'News'), ...serviceOf(2, '', 'Sport')]);

describe('tables', () => {
  it('name the programmes and what is in them, in whatever order they come', () => {
    const { tables } = feed(new TransportStream(), [...SDT, ...PAT, ...PMT]);
    expect([...tables.programmes.values()]).toEqual([
      {
        number: 1,
        pmtPid: 0x100,
        pcrPid: VIDEO,
        streams: [
          { pid: VIDEO, type: 'H264' },
          { pid: AUDIO, type: 'AC-3' },
        ],
      },
      { number: 2, pmtPid: 0x150, pcrPid: null, streams: [] },
    ]);
    expect([...tables.services]).toEqual([
      [1, { provider: 'Lab', name: 'News' }],
      [2, { provider: '', name: 'Sport' }],
    ]);
  });

  it('may go over several cells, and are dropped when one of them is missing', () => {
    const long = Array.from({ length: 12 }, (_, i) => serviceOf(i + 1, 'A long provider', `Programme ${i}`)).flat();
    const cells = tableCells(0x11, 0x42, 1, [0, 1, 0xff, ...long]);
    expect(cells.length).toBeGreaterThan(2);
    expect(feed(new TransportStream(), cells).tables.services.size).toBe(12);
    expect(feed(new TransportStream(), cells.toSpliced(1, 1)).tables.services.size).toBe(0);
  });

  it('may hold anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1316 }), fc.constantFrom(0, 0x11, 0x100), (body, pid) => {
        const stream = feed(new TransportStream(), [...PAT, ...PMT]);
        const sections = tableCells(pid, pid === 0 ? 0 : pid === 0x11 ? 0x42 : 2, 1, [...body.subarray(0, 900)]);
        feed(stream, sections);
        for (let at = 0; at + 188 <= body.length; at += 188) body.set([0x47, 0x40 | (pid >> 8), pid], at);
        stream.datagram(body, 0, body.length, body.length, 0);
      }),
    );
  });
});
