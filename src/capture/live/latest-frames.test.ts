import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf } from '../../../fixtures/frames/batch.ts';
import { openCaptures } from '../open-captures.ts';
import { LatestFrames } from './latest-frames.ts';

const ETH7 = { name: 'eth7', linkType: 1, snapLength: 0, filter: null, dropped: null };
const FRAME_BYTES = 1000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latest-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Frame `n` is full of the byte `n`. */
function fill(latest: LatestFrames, first: number, last: number): void {
  for (let number = first; number <= last; number++) {
    const batch = batchOf([new Uint8Array(FRAME_BYTES).fill(number)]);
    batch.numbers[0] = number;
    latest.add(batch);
  }
}

async function readBack(latest: LatestFrames): Promise<{ bytes: Uint8Array; wireLength: number }[]> {
  const path = join(folder, 'latest.pcapng');
  latest.writeTo(path);
  const source = await openCaptures([path]);
  const frames = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let i = 0; i < batch.count; i++) {
      const start = batch.starts[i] ?? 0;
      const bytes = batch.bytes.slice(start, start + (batch.capturedLengths[i] ?? 0));
      frames.push({ bytes, wireLength: batch.wireLengths[i] ?? 0 });
    }
  }
  await source.close();
  return frames;
}

describe('LatestFrames', () => {
  it('holds none at first', () => {
    expect(new LatestFrames(1).firstFrame).toBeNull();
  });

  it('lets the oldest go within its bound, and knows the number of the first that it holds', async () => {
    const latest = new LatestFrames(2);
    latest.addInterface(ETH7);
    const count = 5000;
    fill(latest, 1, count);
    const frames = await readBack(latest);
    expect(frames.length * FRAME_BYTES).toBeLessThanOrEqual(2 << 20);
    expect(frames.length).toBeGreaterThan(1000);
    expect(latest.firstFrame).toBe(count - frames.length + 1);
    const bytes = frames.map((frame) => frame.bytes[0]);
    expect(bytes).toEqual(frames.map((_, i) => (count - frames.length + 1 + i) & 255));
  });

  it('holds small frames whole, and the beginning of large ones with their true length', async () => {
    const latest = new LatestFrames(1);
    latest.addInterface(ETH7);
    latest.add(batchOf([new Uint8Array(1000).fill(1), new Uint8Array(1001).fill(2), new Uint8Array(0)]));
    const frames = await readBack(latest);
    expect(frames.map(({ bytes, wireLength }) => [bytes.length, wireLength])).toEqual([
      [1000, 1000],
      [256, 1001],
      [0, 0],
    ]);
  });
});
