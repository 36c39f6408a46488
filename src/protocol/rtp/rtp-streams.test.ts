import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeSeries } from '../../flow/time-series.ts';
import { RtpStreams } from './rtp-streams.ts';
import type { RtpStreamRow } from './stream-row.ts';

interface Packet {
  timeMs: number;
  sequence: number;
  timestamp: number;
  payloadType?: number;
  marker?: boolean;
  ssrc?: number;
}

function bytesOf(packet: Packet): Uint8Array {
  const bytes = new Uint8Array(172);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, (packet.payloadType ?? 8) | (packet.marker === true ? 0x80 : 0));
  view.setUint16(2, packet.sequence & 0xffff);
  view.setUint32(4, packet.timestamp >>> 0);
  view.setUint32(8, packet.ssrc ?? 0xabcd);
  return bytes;
}

const series = new TimeSeries(64, 1000);

function makeStreams(): RtpStreams {
  return new RtpStreams(series);
}

function feed(streams: RtpStreams, packets: readonly Packet[], flow = 0): RtpStreams {
  for (const packet of packets) {
    const bytes = bytesOf(packet);
    streams.packet(flow, 0, bytes, 0, bytes.length, bytes.length, packet.timeMs * 1e6);
  }
  return streams;
}

function measure(packets: readonly Packet[]): RtpStreamRow {
  const [row] = feed(makeStreams(), packets).streamsOf(0);
  if (row === undefined) throw new Error('no stream');
  return row;
}

/** Twenty milliseconds of G.711 in each, `sequences` in order of arrival. */
function voice(sequences: readonly number[]): Packet[] {
  return sequences.map((sequence, i) => ({ timeMs: 20 * i, sequence, timestamp: 160 * sequence }));
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

describe('sequence numbers', () => {
  it('tell of no loss in a whole stream, across the wrap', () => {
    expect(measure(voice(range(65_500, 200)))).toMatchObject({ packets: 200, expected: 200, lost: 0, reordered: 0 });
  });

  it('tell how many packets were lost, and how many in a row', () => {
    const row = measure(voice(range(0, 100).filter((n) => n !== 10 && (n < 50 || n > 56))));
    expect(row).toMatchObject({ packets: 92, expected: 100, lost: 8, lossEvents: 2, longestLoss: 7 });
  });

  it('say when packets were lost, and take back what only came late', () => {
    const row = measure(
      voice(
        range(0, 100)
          .map((n) => (n === 6 ? 8 : n === 8 ? 6 : n))
          .filter((n) => n < 30 || n > 34),
      ),
    );
    const { packets, lost, bytes } = series.read(row.series);
    expect(packets.reduce((sum, count) => sum + count)).toBe(95);
    expect(bytes[0]).toBe(7 * 172);
    expect(lost).toEqual([0, 0, 0, 0, 5, ...new Array(11).fill(0)]);
  });

  it('tell late packets and copies from lost ones', () => {
    const row = measure(voice([0, 1, 3, 4, 2, 5, 5, 6, 1, 7]));
    expect(row).toMatchObject({ packets: 10, expected: 8, lost: 0, reordered: 1, duplicates: 2 });
  });

  it('count a packet that comes before the first one', () => {
    expect(measure(voice([5, 4, 6]))).toMatchObject({ expected: 3, lost: 0, reordered: 1 });
  });

  it('start anew where the sender does, and not where the capture has a hole', () => {
    const restarted = [
      ...voice(range(0, 50)),
      ...voice(range(30_000, 50)).map((p) => ({ ...p, timeMs: p.timeMs + 1000 })),
    ];
    expect(measure(restarted)).toMatchObject({ expected: 100, lost: 0, restarts: 1 });
    const late = voice(range(5000, 50)).map((packet) => ({ ...packet, timeMs: packet.timeMs + 100_000 }));
    expect(measure([...voice(range(0, 50)), ...late])).toMatchObject({ expected: 5050, lost: 4950, restarts: 0 });
  });

  it('give the same counts as a plain list of numbers', () => {
    const arrival = fc.array(fc.integer({ min: -20, max: 3 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(arrival, fc.nat(65_535), (jumps, first) => {
        let highest = first + 100_000;
        const arrived = [highest];
        for (const jump of jumps) {
          const next = highest + jump;
          arrived.push(next);
          highest = Math.max(highest, next);
        }
        const distinct = new Set(arrived);
        const row = measure(voice(arrived));
        expect(row.duplicates).toBe(arrived.length - distinct.size);
        expect(row.lost).toBe(highest - Math.min(...arrived) + 1 - distinct.size);
      }),
    );
  });
});

describe('timing', () => {
  it('finds no jitter in an even stream', () => {
    expect(measure(voice(range(0, 50)))).toMatchObject({
      clockRate: 8000,
      clockSource: 'payload type',
      maxJitterMs: 0,
      maxDeltaMs: 20,
      minDeltaMs: 20,
      meanDeltaMs: 20,
      maxSkewMs: 0,
    });
  });

  it('measures jitter as RFC 3550 does', () => {
    const packets = voice(range(0, 4)).map((packet, i) => ({ ...packet, timeMs: packet.timeMs + (i % 2) * 16 }));
    // Differences of 16 ms each: 1, then (15 * 1 + 16) / 16, and so on.
    const jitters = [1, 31 / 16, (15 * (31 / 16) + 16) / 16];
    const row = measure(packets);
    expect(row.maxJitterMs).toBeCloseTo(jitters[2] ?? 0, 9);
    expect(row.meanJitterMs).toBeCloseTo(jitters.reduce((sum, jitter) => sum + jitter, 0) / 3, 9);
    expect(row.maxDeltaMs).toBe(36);
  });

  it('keeps packets with a marker and comfort noise out of maxima', () => {
    const packets = voice(range(0, 10));
    const late = (index: number, change: Partial<Packet>) =>
      packets.map((packet, i) =>
        i < index ? packet : { ...packet, timeMs: packet.timeMs + 100, ...(i === index ? change : {}) },
      );
    expect(measure(late(5, {})).maxDeltaMs).toBe(120);
    expect(measure(late(5, { marker: true })).maxDeltaMs).toBe(20);
    expect(measure(late(5, { payloadType: 13 })).maxDeltaMs).toBe(20);
  });

  it('uses the announced clock, and leaves telephone events out of it', () => {
    const streams = makeStreams();
    const format = { payloadType: 96, encoding: 'opus', clockRate: 48_000, parameters: '' };
    streams.describe(0, [format, { ...format, payloadType: 101, encoding: 'telephone-event', clockRate: 8000 }]);
    const packets = range(0, 20).map((n) => ({ timeMs: 20 * n, sequence: n, timestamp: 960 * n, payloadType: 96 }));
    const pressed = packets.map((packet, i) =>
      i === 5 || i === 6 ? { ...packet, payloadType: 101, timestamp: 4800 } : packet,
    );
    feed(streams, pressed);
    expect(streams.streamsOf(0)[0]).toMatchObject({
      clockRate: 48_000,
      clockSource: 'announced',
      payloadTypeChanges: 2,
    });
    expect(streams.streamsOf(0)[0]?.maxJitterMs).toBeLessThan(3);
  });

  it('estimates a clock that nobody named, without measuring jitter by it', () => {
    const row = measure(
      range(0, 100).map((n) => ({ timeMs: 20 * n, sequence: n, timestamp: 1800 * n, payloadType: 96 })),
    );
    expect(row).toMatchObject({ clockRate: 90_000, clockSource: 'estimated', maxJitterMs: null, maxDeltaMs: 20 });
  });

  it('tells how fast the clock of the sender runs', () => {
    const packets = voice(range(0, 1000)).map((packet) => ({ ...packet, timeMs: packet.timeMs * 1.0001 }));
    expect(measure(packets).clockDriftPpm).toBeCloseTo(-100, 0);
  });
});

describe('RtpStreams', () => {
  it('keeps sources, directions and flows apart', () => {
    const streams = makeStreams();
    feed(streams, voice(range(0, 5)), 7);
    feed(
      streams,
      voice(range(0, 3)).map((packet) => ({ ...packet, ssrc: 2, timeMs: packet.timeMs + 500 })),
      7,
    );
    const bytes = bytesOf({ timeMs: 0, sequence: 1, timestamp: 1 });
    streams.packet(7, 1, bytes, 0, bytes.length, bytes.length, 0);
    expect(streams.streamsOf(7).map((row) => [row.direction, row.ssrc, row.packets])).toEqual([
      [0, 0xabcd, 5],
      [1, 0xabcd, 1],
      [0, 2, 3],
    ]);
    expect(streams.streamsOf(8)).toEqual([]);
  });

  it('leaves RTCP and other packets alone', () => {
    const streams = makeStreams();
    for (const head of [
      [0x80, 200],
      [0x81, 201],
      [0x00, 1],
      [0x47, 0],
    ]) {
      const bytes = new Uint8Array(40);
      bytes.set(head);
      streams.packet(0, 0, bytes, 0, bytes.length, bytes.length, 0);
    }
    expect(streams.count).toBe(0);
  });

  it('bounds the sources of a flow and counts what finds no place', () => {
    const streams = feed(
      makeStreams(),
      range(0, 100).map((n) => ({ timeMs: n, sequence: n, timestamp: n, ssrc: n + 1 })),
    );
    expect(streams.count).toBe(48);
    expect(streams.dropped).toBe(52);
  });

  it('measures a sender that is restarted each hour for weeks, the latest of its streams kept', () => {
    const hourMs = 3_600_000;
    const restarts = range(0, 500).map((n) => ({ timeMs: n * hourMs, sequence: n, timestamp: n, ssrc: n + 1 }));
    const streams = feed(makeStreams(), restarts);
    expect([streams.count, streams.dropped]).toEqual([48, 0]);
    expect(streams.streamsOf(0).map(({ ssrc }) => ssrc)).toEqual(range(453, 48));
  });

  it('forgets a flow and takes its place again', () => {
    const streams = feed(makeStreams(), voice(range(0, 5)), 3);
    streams.forget(3);
    expect(streams.streamsOf(3)).toEqual([]);
    expect(streams.count).toBe(0);
    feed(streams, voice(range(0, 2)), 3);
    expect(streams.streamsOf(3)[0]?.packets).toBe(2);
  });

  it('grows to many flows', () => {
    const streams = makeStreams();
    for (let flow = 0; flow < 3000; flow += 7) feed(streams, voice([flow]), flow);
    expect(streams.streamsOf(2996)[0]).toMatchObject({ packets: 1 });
    expect(streams.count).toBe(429);
  });
});

/** A packet of dynamic type 96 with this payload. */
function dynamicPacket(sequence: number, payload: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(12 + payload.length);
  new DataView(bytes.buffer).setUint32(0, 0x80600000 + sequence);
  bytes.set(payload, 12);
  return bytes;
}

function carried(payloads: readonly (readonly number[])[], encoding = ''): RtpStreamRow {
  const streams = makeStreams();
  if (encoding !== '') streams.describe(0, [{ payloadType: 96, encoding, clockRate: 90_000, parameters: '' }]);
  for (const [i, payload] of payloads.entries()) {
    const bytes = dynamicPacket(i, payload);
    streams.packet(0, 0, bytes, 0, bytes.length, bytes.length, i * 1e6);
  }
  const [row] = streams.streamsOf(0);
  if (row === undefined) throw new Error('no stream');
  return row;
}

function cell(counter: number): number[] {
  return [0x47, 1, 0, 0x10 | counter, ...new Array(184).fill(0)];
}

describe('what a stream carries', () => {
  it('is a transport stream by its cells, one of which is enough where it is announced', () => {
    expect(carried([[...cell(0), ...cell(1)], cell(3)]).transport).toMatchObject({ cells: 3, pids: { lostCells: 1 } });
    expect(carried([cell(0), cell(1)]).transport).toBeNull();
    expect(carried([cell(0), cell(1)], 'MP2T').transport).toMatchObject({ cells: 2 });
  });

  it('counts no cell twice that came twice', () => {
    const streams = makeStreams();
    for (const sequence of [0, 1, 1, 2]) {
      const bytes = dynamicPacket(sequence, [...cell(2 * sequence), ...cell(2 * sequence + 1)]);
      streams.packet(0, 0, bytes, 0, bytes.length, bytes.length, 0);
    }
    expect(streams.streamsOf(0)[0]?.transport).toMatchObject({ cells: 6, pids: { continuityErrors: 0 } });
  });

  it('is video where it is announced, or where its parameter sets prove it', () => {
    const parameters = [...Buffer.from('6742c01eda0280bfe5c044000003000400000300c83c58ba80', 'hex')];
    const together = [0x18, 0, parameters.length, ...parameters, 0, 4, 0x68, 0xce, 0x3c, 0x80];
    expect(
      carried([
        [0x41, 1],
        [0x65, 1],
      ]).video,
    ).toBeNull();
    expect(
      carried(
        [
          [0x41, 1],
          [0x65, 1],
        ],
        'H264',
      ).video,
    ).toMatchObject({ codec: 'H264', keyFrames: 1 });
    expect(carried([[0x41, 1], together]).video).toMatchObject({ parameters: { width: 640, height: 360 } });
    expect(carried([[0x41, 1], parameters]).video).toBeNull();
    expect(carried([[1, 2, 3]], 'VP8').video).toMatchObject({ codec: 'other', frames: 1 });
  });
});

describe('pauses and twins', () => {
  it('counts the silence of a voice, and takes no loss for it', () => {
    const spurt = (from: number, timestamp: number, marker: boolean) =>
      range(0, 5).map((i) => ({
        timeMs: timestamp / 8 + 20 * i,
        sequence: from + i,
        timestamp: timestamp + 160 * i,
        marker: marker && i === 0,
      }));
    const row = measure([...spurt(0, 0, true), ...spurt(5, 16_000, true), ...spurt(10, 32_000, false)]);
    expect(row).toMatchObject({ silences: 1, silenceMs: (16_000 - 4 * 160) / 8 });
    expect(measure(voice(range(0, 100).filter((n) => n < 20 || n > 60)))).toMatchObject({ silences: 0 });
  });

  it('finds the same packets in another flow, and takes no shared SSRC for it', () => {
    const streams = makeStreams();
    const packets = voice(range(0, 100));
    feed(streams, packets, 1);
    feed(streams, packets.slice(0, 98), 2);
    feed(streams, voice(range(30_000, 100)), 3);
    expect([1, 2, 3].map((flow) => streams.twinOf(flow, 0, 0xabcd))).toEqual([2, 1, null]);
    streams.forget(2);
    expect(streams.twinOf(1, 0, 0xabcd)).toBeNull();
  });
});
