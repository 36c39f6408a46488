import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { openCaptures } from './open-captures.ts';
import { PcapngWriter } from './pcapng-writer.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'writer-'));
  path = join(folder, 'written.pcapng');
});

afterEach(() => rmSync(folder, { recursive: true }));

const frame = { interfaceIndex: 0, bytes: Uint8Array.of(1, 2, 3, 4, 5), wireLength: 1500 };

describe('PcapngWriter', () => {
  it('writes what is read again: interfaces, times, lengths, comments and drops', async () => {
    const writer = new PcapngWriter(path, { application: 'a test', comments: ['one', 'two ✓'] });
    writer.addInterface({ name: 'eth0', linkType: 1, snapLength: 96, filter: 'udp' });
    const any = writer.addInterface({ name: null, linkType: 276, snapLength: 0 });
    writer.writeFrame({ ...frame, seconds: 1_700_000_000, nanoseconds: 123_456_789, comments: ['why', 'because'] });
    writer.writeFrame({ ...frame, interfaceIndex: any, seconds: 1_700_000_001, nanoseconds: 1 });
    writer.writeStatistics(0, 42, 1_700_000_002, 0);
    writer.close();

    const source = await openCaptures([path]);
    const read = await collectFrames(source);
    expect(read).toMatchObject([
      { seconds: 1_700_000_000, nanoseconds: 123_456_789, wireLength: 1500, bytes: frame.bytes, linkType: 1 },
      { seconds: 1_700_000_001, nanoseconds: 1, interface: 1, linkType: 276 },
    ]);
    expect(source.captures[0]).toMatchObject({
      comments: [
        { frame: 0, text: 'one' },
        { frame: 0, text: 'two ✓' },
        { frame: 1, text: 'why' },
        { frame: 1, text: 'because' },
      ],
      interfaces: [
        { name: 'eth0', linkType: 1, snapLength: 96, filter: 'udp', dropped: 42 },
        { name: null, linkType: 276, snapLength: 0, filter: null, dropped: null },
      ],
      truncatedAt: null,
      warnings: [],
    });
  });

  it('keeps every nanosecond from 1970 on for five centuries', async () => {
    const times = fc.sample(fc.tuple(fc.nat(0xffff_ffff), fc.nat(999_999_999)), 200);
    times.push([0, 0], [0xffff, 999_999_999], [0x10000, 0], [16_000_000_000, 999_999_999]);
    const writer = new PcapngWriter(path, {});
    writer.addInterface({ name: 'eth0', linkType: 1, snapLength: 0 });
    for (const [seconds, nanoseconds] of times) writer.writeFrame({ ...frame, seconds, nanoseconds });
    writer.close();
    const read = await collectFrames(await openCaptures([path]));
    expect(read.map(({ seconds, nanoseconds }) => [seconds, nanoseconds])).toEqual(times);
  });

  it('writes frames that are longer than its buffer, and comments that are too long for an option', async () => {
    const writer = new PcapngWriter(path, { comments: ['ä'.repeat(70_000)] });
    writer.addInterface({ name: 'eth0', linkType: 1, snapLength: 0 });
    const long = new Uint8Array(262_144).fill(8);
    for (let i = 0; i < 3; i++) writer.writeFrame({ ...frame, bytes: long, seconds: i, nanoseconds: 0 });
    writer.close();
    const source = await openCaptures([path]);
    expect((await collectFrames(source)).map(({ bytes }) => bytes.length)).toEqual([262_144, 262_144, 262_144]);
    expect(source.captures[0]?.truncatedAt).toBeNull();
  });

  it('has all in the file after a flush', () => {
    const writer = new PcapngWriter(path, {});
    expect(statSync(path).size).toBe(0);
    writer.flush();
    expect(statSync(path).size).toBe(28);
    writer.close();
  });

  it('says which file cannot be written', () => {
    expect(() => new PcapngWriter(join(folder, 'missing', 'x.pcapng'), {})).toThrow(/x\.pcapng cannot be written: /);
  });
});
