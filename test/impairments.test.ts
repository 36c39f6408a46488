/**
 * Streams that a network has done harm to, as `tc netem` does it: loss, jitter, disorder and copies, before the capture point
 * and behind it. What was done must be found again within its statistical bounds, and the right side be named.
 */

import { describe, expect, it } from 'vitest';
import { batchOf } from '../fixtures/frames/batch.ts';
import { ethernet } from '../fixtures/frames/ethernet.ts';
import { concat, type Header, number } from '../fixtures/frames/header.ts';
import { ipv4 } from '../fixtures/frames/ip.ts';
import { udp } from '../fixtures/frames/transport.ts';
import { SlotCase } from '../src/analysis/flow-cases.ts';
import type { MeasuredStreamRow } from '../src/analysis/measured-media.ts';
import { mediaRow } from '../src/analysis/media-rows.ts';
import { Pipeline } from '../src/analysis/pipeline.ts';
import { BATCH_FRAMES } from '../src/capture/frame-batch.ts';

const SENDER = '10.0.0.1';
const RECEIVER = '10.0.0.2';
const SSRC = 0x5eed;
const PACKETS = 10_000;
const SPACING_MS = 20;
const UNITS_PER_MS = 8;
/** Half the way that a clean packet takes in milliseconds. */
const HOP_MS = 5;
const REPORT_EVERY = 250;

/** What one part of the way does to packets. */
interface Impairment {
  readonly loss?: number;
  /** Uniform, so much to either side. */
  readonly jitterMs?: number;
  readonly copies?: number;
  /** Share of packets that are held back by one and a half spacings. */
  readonly held?: number;
}

interface Arrival {
  readonly sequence: number;
  readonly timeMs: number;
}

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pass(arrivals: readonly Arrival[], impairment: Impairment, random: () => number): Arrival[] {
  const { loss = 0, jitterMs = 0, copies = 0, held = 0 } = impairment;
  return arrivals
    .filter(() => random() >= loss)
    .flatMap(({ sequence, timeMs }) => {
      const delayMs = HOP_MS + jitterMs * (1 + 2 * random() - 1) + (random() < held ? 1.5 * SPACING_MS : 0);
      const arrival = { sequence, timeMs: timeMs + delayMs };
      // Later than any copy that a span makes.
      return random() < copies ? [arrival, { sequence, timeMs: arrival.timeMs + 12 }] : [arrival];
    })
    .toSorted((one, other) => one.timeMs - other.timeMs);
}

function datagram(source: string, destination: string, port: number, id: number, body: Uint8Array): Header {
  return ethernet({}, ipv4({ source, destination, id }, udp({ sourcePort: port, destinationPort: port }, body)));
}

function voice({ sequence }: Arrival): Header {
  const timestamp = sequence * SPACING_MS * UNITS_PER_MS;
  const header = [number(0x8008, 2), number(sequence & 0xffff, 2), number(timestamp, 4), number(SSRC, 4)];
  return datagram(SENDER, RECEIVER, 5004, sequence & 0xffff, concat(...header, new Uint8Array(160)));
}

/** RFC 3550 section 6.4.2, as the receiver keeps it. */
function reports(arrivals: readonly Arrival[]): { readonly timeMs: number; readonly header: Header }[] {
  const seen = new Set<number>();
  let highest = 0;
  let jitter = 0;
  let transitMs = Number.NaN;
  const told: { timeMs: number; header: Header }[] = [];
  for (const [i, { sequence, timeMs }] of arrivals.entries()) {
    const nowMs = timeMs - sequence * SPACING_MS;
    if (!Number.isNaN(transitMs)) jitter += (Math.abs(nowMs - transitMs) * UNITS_PER_MS - jitter) / 16;
    transitMs = nowMs;
    seen.add(sequence);
    highest = Math.max(highest, sequence);
    if (i % REPORT_EVERY !== 0 && i !== arrivals.length - 1) continue;
    const lost = highest + 1 - seen.size;
    const numbers = [lost & 0xffffff, highest, Math.round(jitter), 0, 0];
    const block = concat(number(SSRC, 4), ...numbers.map((value) => number(value, 4)));
    const body = concat(number(0x81c90007, 4), number(7, 4), block);
    told.push({ timeMs: timeMs + HOP_MS, header: datagram(RECEIVER, SENDER, 5005, i & 0xffff, body) });
  }
  return told;
}

/** The stream as it is measured between two parts of its way. */
function measure(before: Impairment, behind: Impairment, seed = 1): MeasuredStreamRow {
  const random = randomOf(seed);
  const sent = Array.from({ length: PACKETS }, (_, sequence) => ({ sequence, timeMs: 1000 + sequence * SPACING_MS }));
  const here = pass(sent, before, random);
  const frames = [
    ...here.map((arrival) => ({ timeMs: arrival.timeMs, header: voice(arrival) })),
    ...reports(pass(here, behind, random)),
  ].toSorted((one, other) => one.timeMs - other.timeMs);
  const pipeline = new Pipeline();
  for (let first = 0; first < frames.length; first += BATCH_FRAMES) {
    const part = frames.slice(first, first + BATCH_FRAMES);
    const times = part.map(({ timeMs }) => timeMs / 1000);
    pipeline.process(
      batchOf(
        part.map(({ header }) => header),
        { times },
      ),
    );
  }
  pipeline.finish();
  for (let slot = 0; slot < pipeline.flows.slots; slot++) {
    const stream = mediaRow(pipeline, new SlotCase(pipeline, slot))?.streams[0];
    if (stream !== undefined) return stream;
  }
  throw new Error('no stream');
}

/** Five standard deviations of a count that follows a binomial distribution: wrong once in two million. */
function expectCount(count: number | null, share: number): void {
  const bound = 5 * Math.sqrt(PACKETS * share * (1 - share));
  expect(count).toBeGreaterThan(PACKETS * share - bound);
  expect(count).toBeLessThan(PACKETS * share + bound);
}

function placeOf(stream: MeasuredStreamRow): string | null | undefined {
  return stream.receivers[0]?.lossPlace;
}

describe('a stream that the network has harmed', () => {
  it('has no fault where nothing was done to it', () => {
    const stream = measure({}, {});
    expect(stream).toMatchObject({ packets: PACKETS, lost: 0, reordered: 0, duplicates: 0 });
    expect(stream.maxJitterMs).toBeCloseTo(0, 3);
    expect(placeOf(stream)).toBeNull();
  });

  it.each([1, 2, 3])('gives a loss of 1 %% back, and says before or behind the capture point (%i)', (seed) => {
    const before = measure({ loss: 0.01 }, {}, seed);
    expectCount(before.lost, 0.01);
    expect(placeOf(before)).toBe('before');
    const behind = measure({}, { loss: 0.01 }, seed);
    expect(behind.lost).toBe(0);
    expectCount(behind.receivers[0]?.lost ?? null, 0.01);
    expect(placeOf(behind)).toBe('after');
    const both = measure({ loss: 0.01 }, { loss: 0.01 }, seed);
    expectCount(both.lost, 0.01);
    expectCount(both.receivers[0]?.lost ?? null, 1 - 0.99 * 0.99);
    expect(placeOf(both)).toBe('both');
  });

  it('gives a jitter of 20 ms back, on the side where it arises', () => {
    // Two uniform delays of 10 ms to either side differ by 6.7 ms in the mean; nothing is overtaken.
    const before = measure({ jitterMs: 9.9 }, {});
    expect(before.meanJitterMs).toBeCloseTo((2 * 9.9) / 3, 0);
    expect(before).toMatchObject({ reordered: 0, lost: 0 });
    const behind = measure({}, { jitterMs: 9.9 });
    expect(behind.maxJitterMs).toBeCloseTo(0, 3);
    expect(behind.receivers[0]?.jitterMs).toBeGreaterThan(4);
    // At 20 ms they overtake each other: late packets are no loss.
    const wild = measure({ jitterMs: 20 }, {});
    expect(wild.lost).toBe(0);
    expect(wild.reordered).toBeGreaterThan(PACKETS / 20);
    expect(wild.meanJitterMs).toBeGreaterThan(8);
  });

  it('gives disorder and copies back, and takes neither for loss', () => {
    const held = measure({ held: 0.05 }, {});
    expectCount(held.reordered, 0.05 * 0.95);
    expect(held).toMatchObject({ lost: 0, duplicates: 0 });
    const copied = measure({ copies: 0.01 }, {});
    expectCount(copied.duplicates, 0.01);
    expect(copied).toMatchObject({ lost: 0, reordered: 0 });
  });

  it('tells all of it at once from one another', () => {
    const stream = measure({ loss: 0.01, copies: 0.01, held: 0.05 }, { loss: 0.02 });
    expectCount(stream.lost, 0.01);
    expectCount(stream.duplicates, 0.01);
    expectCount(stream.reordered, 0.05 * 0.95);
    expect(placeOf(stream)).toBe('both');
  });
});
