import { describe, expect, it } from 'vitest';
import { ChunkInput } from '../byte-input.ts';
import { CaptureLog } from '../capture-log.ts';
import { openCapture } from '../open-capture.ts';
import { ArrivalStream } from './arrival-stream.ts';

const ETHERNET = 1;

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

interface ReadFrame {
  readonly bytes: number[];
  readonly wireLength: number;
  readonly time: number;
}

async function read(stream: Uint8Array): Promise<ReadFrame[]> {
  const input = new ChunkInput(oneChunk(stream), { bytesRead: 0, bytesTotal: null, close: async () => {} });
  const reader = await openCapture(input, new CaptureLog('eth7'), 0);
  const frames: ReadFrame[] = [];
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
    for (let i = 0; i < batch.count; i++) {
      const start = batch.starts[i] ?? 0;
      frames.push({
        bytes: [...batch.bytes.subarray(start, start + (batch.capturedLengths[i] ?? 0))],
        wireLength: batch.wireLengths[i] ?? 0,
        time: (batch.seconds[i] ?? 0) * 1000 + (batch.nanoseconds[i] ?? 0) / 1e6,
      });
    }
  }
  return frames;
}

function collector(): { readonly parts: Uint8Array[]; readonly write: (bytes: Uint8Array) => void } {
  const parts: Uint8Array[] = [];
  return { parts, write: (bytes) => parts.push(bytes.slice()) };
}

describe('ArrivalStream', () => {
  it('is a capture of what arrived, with the times of arrival', async () => {
    const { parts, write } = collector();
    const stream = new ArrivalStream(write, ETHERNET, 4);
    const before = Date.now();
    stream.add(Uint8Array.of(1, 2, 3, 9, 9, 9), 3);
    stream.add(Uint8Array.of(1, 2, 3, 4, 5, 6), 6);
    expect(stream.isEmpty).toBe(false);
    stream.flush();
    const [first, second] = await read(Buffer.concat(parts));
    expect(first).toMatchObject({ bytes: [1, 2, 3], wireLength: 3 });
    expect(second).toMatchObject({ bytes: [1, 2, 3, 4], wireLength: 6 });
    expect(Math.abs((first?.time ?? 0) - before)).toBeLessThan(60_000);
    expect(second?.time).toBeGreaterThanOrEqual(first?.time ?? 0);
  });

  it('tells what it is before any frame, and gives what it gathered when there is no more room', async () => {
    const { parts, write } = collector();
    const stream = new ArrivalStream(write, ETHERNET, 65_535);
    expect(parts).toHaveLength(1);
    const frame = new Uint8Array(65_535);
    for (let i = 0; i < 9; i++) stream.add(frame, frame.length);
    expect(parts.length).toBeGreaterThan(2);
    stream.flush();
    expect(await read(Buffer.concat(parts))).toHaveLength(9);
  });
});
