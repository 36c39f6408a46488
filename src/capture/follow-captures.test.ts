import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePcap } from '../../fixtures/encode/pcap.ts';
import type { FrameSource } from './frame-batch.ts';
import { openCaptures } from './open-captures.ts';

const HEADER_BYTES = 24;

let folder: string;
let source: FrameSource;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follow-'));
});

afterEach(async () => {
  await source.close();
  rmSync(folder, { recursive: true });
});

function capture(...times: number[]): Uint8Array {
  return encodePcap(times.map((seconds) => ({ bytes: Uint8Array.of(1), seconds, nanoseconds: 0 })));
}

function records(...times: number[]): Uint8Array {
  return capture(...times).subarray(HEADER_BYTES);
}

async function nextTimes(): Promise<number[]> {
  const batch = await source.next();
  return batch === null ? [] : Array.from(batch.seconds.subarray(0, batch.count));
}

describe('openCaptures, following', () => {
  it('goes on as more is written, also in the middle of a record', async () => {
    const path = join(folder, 'growing.pcap');
    writeFileSync(path, capture(1));
    source = await openCaptures([path], { follow: true });
    expect(await nextTimes()).toEqual([1]);
    const more = records(2, 3);
    appendFileSync(path, more.subarray(0, 25));
    expect(await nextTimes()).toEqual([2]);
    appendFileSync(path, more.subarray(25));
    expect(await nextTimes()).toEqual([3]);
  });

  it('ends when it is closed while it waits', async () => {
    const path = join(folder, 'silent.pcap');
    writeFileSync(path, capture(1));
    source = await openCaptures([path], { follow: true });
    await nextTimes();
    const waiting = source.next();
    await source.close();
    expect(await waiting).toBeNull();
  });

  it('gives what is in the file when it is stopped, and takes a record that is not yet whole for no damage', async () => {
    const path = join(folder, 'growing.pcap');
    writeFileSync(path, capture(1));
    source = await openCaptures([path], { follow: true });
    await nextTimes();
    const waiting = nextTimes();
    appendFileSync(path, records(2, 3).subarray(0, 25));
    source.stop?.();
    expect(await waiting).toEqual([2]);
    expect(await nextTimes()).toEqual([]);
    expect(source.captures[0]).toMatchObject({ frames: 2, truncatedAt: null, warnings: [] });
  });

  it('ends when it is stopped while it waits for the header of the next file', async () => {
    const path = join(folder, 'live.pcap');
    writeFileSync(path, capture(1));
    source = await openCaptures([path], { follow: true });
    await nextTimes();
    renameSync(path, join(folder, 'live.pcap.old'));
    writeFileSync(path, '');
    const waiting = source.next();
    while (source.captures.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    source.stop?.();
    expect(await waiting).toBeNull();
  });

  it('goes on in the next file of a ring buffer, and leaves captures alone that run beside it', async () => {
    const path = join(folder, 'ring_00001_20260101120000.pcap');
    writeFileSync(path, capture(10));
    source = await openCaptures([path], { follow: true });
    expect(await nextTimes()).toEqual([10]);
    writeFileSync(join(folder, 'ring_00009_20260101115900.pcap'), capture(9, 50));
    writeFileSync(join(folder, 'other_00002.pcap'), capture(20));
    writeFileSync(join(folder, 'ring_00002_20260101120100.pcap'), capture(30));
    expect(await nextTimes()).toEqual([30]);
    expect(source.captures.map(({ frames }) => frames)).toEqual([1, 1]);
  });

  it('goes on in the file that takes the place of one that was renamed', async () => {
    const path = join(folder, 'live.pcap');
    writeFileSync(path, capture(1));
    source = await openCaptures([path], { follow: true });
    await nextTimes();
    renameSync(path, join(folder, 'live.pcap.old'));
    writeFileSync(path, capture(2));
    expect(await nextTimes()).toEqual([2]);
    expect(source.captures).toHaveLength(2);
  });

  it('begins anew where the file was emptied', async () => {
    const path = join(folder, 'live.pcap');
    writeFileSync(path, capture(1, 2, 3));
    source = await openCaptures([path], { follow: true });
    await nextTimes();
    writeFileSync(path, capture(4));
    expect(await nextTimes()).toEqual([4]);
  });

  it('waits on where the folder is away, and still ends in good order', async () => {
    const path = join(folder, 'away', 'live.pcap');
    mkdirSync(join(folder, 'away'));
    writeFileSync(path, capture(1));
    source = await openCaptures([path], { follow: true });
    await nextTimes();
    rmSync(join(folder, 'away'), { recursive: true });
    const waiting = source.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    source.stop?.();
    expect(await waiting).toBeNull();
  });

  it('waits for the first bytes of a file that was just created', async () => {
    const path = join(folder, 'new.pcap');
    writeFileSync(path, '');
    source = await openCaptures([path], { follow: true });
    const waiting = nextTimes();
    appendFileSync(path, capture(1));
    expect(await waiting).toEqual([1]);
  });

  it('reads the earlier files of a directory first', async () => {
    writeFileSync(join(folder, 'a1.pcap'), capture(5));
    writeFileSync(join(folder, 'a2.pcap'), capture(6));
    source = await openCaptures([folder], { follow: true });
    expect(await nextTimes()).toEqual([5]);
    expect(await nextTimes()).toEqual([6]);
    appendFileSync(join(folder, 'a2.pcap'), records(7));
    expect(await nextTimes()).toEqual([7]);
  });
});
