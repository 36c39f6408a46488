import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectedFrame, collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { encodeNetmon } from '../../fixtures/encode/netmon.ts';
import { viewOf } from '../../src/bytes/read.ts';
import type { CaptureInfo } from './frame-batch.ts';
import { LINK_TYPE } from './link-type.ts';
import { openCaptures } from './open-captures.ts';

const TABLE_OFFSET_FIELD = 24;
const TABLE_LENGTH_FIELD = 28;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netmon-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const frames = [1, 2, 3].map((mark) => ({
  bytes: new Uint8Array(30).fill(mark),
  seconds: 1_121_614_760 + mark,
  nanoseconds: 502_000_000,
}));

async function read(
  bytes: Uint8Array,
): Promise<{ marks: (number | undefined)[]; read: CollectedFrame[]; info: CaptureInfo }> {
  const path = join(folder, 'made.cap');
  writeFileSync(path, bytes);
  const source = await openCaptures([path]);
  const all = await collectFrames(source);
  return { marks: all.map((frame) => frame.bytes[0]), read: all, info: source.captures[0] as CaptureInfo };
}

/** The bytes with another frame table behind them. */
function withTable(bytes: Uint8Array, offsets: readonly number[]): Uint8Array {
  const table = new Uint8Array(4 * offsets.length);
  offsets.forEach((offset, i) => {
    viewOf(table).setUint32(4 * i, offset, true);
  });
  const whole = Buffer.concat([bytes, table]);
  whole.writeUInt32LE(bytes.length, TABLE_OFFSET_FIELD);
  whole.writeUInt32LE(table.length, TABLE_LENGTH_FIELD);
  return whole;
}

describe('Network Monitor', () => {
  it('takes frames in the order of the table, from wherever they lie', async () => {
    const bytes = encodeNetmon(frames);
    const recordBytes = 16 + 30 + 15;
    const apart = Buffer.concat([
      bytes.subarray(0, 128 + 2 * recordBytes),
      new Uint8Array(700_000),
      bytes.subarray(128 + 2 * recordBytes),
    ]);
    const third = 128 + 2 * recordBytes + 700_000;
    expect((await read(withTable(apart, [third, 128, 128 + recordBytes]))).marks).toEqual([3, 1, 2]);
  });

  it('reads the frames of a file whose table was cut off', async () => {
    const bytes = encodeNetmon(frames);
    const { marks, info } = await read(bytes.subarray(0, bytes.length - 4));
    expect(marks).toEqual([1, 2, 3]);
    expect(info.warnings[0]?.text).toContain('The frame table lies beyond the end of the file');
  });

  it('stops at a table that leads back and forth through the file', async () => {
    const bytes = encodeNetmon(frames);
    const padded = Buffer.concat([bytes, new Uint8Array(600_000)]);
    const far = padded.length - 100;
    const { info } = await read(
      withTable(
        padded,
        Array.from({ length: 12_000 }, (_, i) => (i % 2 === 0 ? 128 : far)),
      ),
    );
    expect(info.warnings.at(-1)?.text).toContain('The frame table leads back and forth through the file');
  });

  it('stops at an entry beyond the end of the file', async () => {
    const { marks, info } = await read(withTable(encodeNetmon(frames), [128, 4_000_000_000, 128]));
    expect(marks).toEqual([1]);
    expect(info.truncatedAt).toBe(4_000_000_000);
  });

  it('takes the link type of each frame, leaves out what is no frame and numbers events as Wireshark does', async () => {
    const networks = [0xe000 + LINK_TYPE.linuxSll, 0xfffc, 0xffe0, 9];
    const bytes = Uint8Array.from(
      encodeNetmon(
        networks.map((_, i) => frames[i % 3] as (typeof frames)[0]),
        { minorVersion: 1 },
      ),
    );
    networks.forEach((network, i) => {
      viewOf(bytes).setUint16(128 + (i + 1) * 48 - 2, network, true);
    });
    const { read: all } = await read(bytes);
    expect(all.map(({ linkType, number }) => [linkType, number])).toEqual([
      [LINK_TYPE.linuxSll, 1],
      [LINK_TYPE.raw, 3],
    ]);
  });

  it('takes a time that is before the start of the capture', async () => {
    const bytes = Uint8Array.from(encodeNetmon(frames.slice(0, 1), { minorVersion: 0 }));
    // Ten times this, cut to 64 bits, is -5,000,000 units of 100 ns.
    viewOf(bytes).setBigUint64(128, (2n ** 64n - 5_000_000n) / 10n, true);
    const { read: all } = await read(bytes);
    expect(all[0]?.seconds).toBe(1_121_614_760);
    expect(all[0]?.nanoseconds).toBeGreaterThanOrEqual(499_999_000);
    expect(all[0]?.nanoseconds).toBeLessThanOrEqual(500_000_000);
  });
});
