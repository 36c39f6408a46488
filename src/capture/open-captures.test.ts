import { execFileSync } from 'node:child_process';
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CapturedFrame } from '../../fixtures/encode/captured-frame.ts';
import { collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { encodePcap } from '../../fixtures/encode/pcap.ts';
import { encodePcapng } from '../../fixtures/encode/pcapng.ts';
import { CaptureError, type FrameSource } from './frame-batch.ts';
import { openCaptures } from './open-captures.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'captures-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Frames whose first byte tells the capture and whose times are these seconds. */
function framesAt(mark: number, ...times: number[]): CapturedFrame[] {
  return times.map((seconds) => ({ bytes: Uint8Array.of(mark, 0, 0), seconds, nanoseconds: 0 }));
}

async function marksAndTimes(source: FrameSource): Promise<[number, number, number][]> {
  return (await collectFrames(source)).map((frame) => [frame.bytes[0] ?? -1, frame.seconds, frame.capture]);
}

describe('openCaptures, of one file', () => {
  it('gives the batches of a plain file without a promise', async () => {
    const source = await openCaptures([put('one.pcap', encodePcap(framesAt(1, 10, 11)))]);
    expect(source.next()).toMatchObject({ count: 2 });
    expect(source.next()).toBeNull();
    await source.close();
  });

  it('gives many batches of a long file, with every frame in its place', async () => {
    const frames = Array.from({ length: 10_000 }, (_, i) => ({
      bytes: new Uint8Array(60).fill(i % 251),
      seconds: i,
      nanoseconds: 0,
    }));
    const read = await collectFrames(await openCaptures([put('long.pcap', encodePcap(frames))]));
    expect(read).toHaveLength(10_000);
    expect(read.every((frame, i) => frame.number === i + 1 && frame.bytes.every((byte) => byte === i % 251))).toBe(
      true,
    );
  });

  it('tells how far it has read', async () => {
    const content = encodePcap(framesAt(1, 10));
    const source = await openCaptures([put('one.pcap', content)]);
    await collectFrames(source);
    expect(source.progress()).toEqual({ bytesRead: content.length, bytesTotal: content.length });
  });

  it.each([
    ['empty.pcap', '', 'is empty'],
    ['notes.pcap', 'Dear colleague,\nhere is the capture.\n', 'is a text file'],
    ['picture.pcap', '\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0', 'is a JPEG image'],
    ['packed.zip', 'PK\u0003\u0004\u0014\0\0\0\u0008\0', 'is a zip archive'],
    ['random', '\0\u0001\u0002\u0003\u00f0\u00f1', 'is in no format that is known here'],
  ])('refuses %s with one sentence', async (name, content, reason) => {
    const path = put(name, Buffer.from(content, 'latin1'));
    const error = await openCaptures([path]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CaptureError);
    expect(String(error)).toContain(`${path} ${reason}`);
    expect(String(error)).toMatch(/\.$/);
  });

  it('refuses what is compressed twice, and what is no capture inside', async () => {
    const twice = put('twice.gz', gzipSync(gzipSync(encodePcap([]))));
    await expect(openCaptures([twice])).rejects.toThrow('unpacked with gzip, is gzip data once more');
    const text = put('text.gz', gzipSync('hello'));
    await expect(openCaptures([text])).rejects.toThrow('unpacked with gzip, is a text file');
  });

  it('refuses a file that does not exist, in a name that cannot harm the terminal', async () => {
    await expect(openCaptures([join(folder, 'no\u0007thing')])).rejects.toThrow('no\\x07thing does not exist.');
  });

  it('reads what can be unpacked of a damaged gzip file', async () => {
    const frames = Array.from({ length: 2000 }, (_, i) => ({
      bytes: Uint8Array.from({ length: 90 }, (_value, k) => Math.floor(Math.sin(i * 90 + k) * 1e6) % 256),
      seconds: i,
      nanoseconds: 0,
    }));
    const packed = gzipSync(encodePcap(frames));
    const cut = await openCaptures([put('cut.pcap.gz', packed.subarray(0, packed.length * 0.8))]);
    const read = await collectFrames(cut);
    expect(read.length).toBeGreaterThan(1500);
    expect(read.length).toBeLessThan(2000);
    expect(cut.captures[0]?.truncatedAt).toBe(24 + read.length * 106);
    expect(cut.captures[0]?.warnings[0]?.text).toContain('The compressed data is damaged or cut short');
    const wrongChecksum = Uint8Array.from(packed);
    wrongChecksum[packed.length - 6] = ~(packed.at(-6) ?? 0);
    const readDespite = await collectFrames(await openCaptures([put('sum.pcap.gz', wrongChecksum)]));
    expect(readDespite.length).toBeGreaterThan(1950);
  });
});

describe('openCaptures, of several files', () => {
  it('reads a rotated set in order of time, whatever the order of its names', async () => {
    put('b.pcap', encodePcap(framesAt(1, 10, 11)));
    put('a.pcap', encodePcap(framesAt(2, 12, 13)));
    put('c.pcap', encodePcap(framesAt(3, 5)));
    const source = await openCaptures([folder]);
    expect((await marksAndTimes(source)).map(([mark, time]) => [mark, time])).toEqual([
      [3, 5],
      [1, 10],
      [1, 11],
      [2, 12],
      [2, 13],
    ]);
  });

  it('merges captures that overlap, frame by frame, and every frame knows its capture', async () => {
    const one = put('one.pcap', encodePcap(framesAt(1, 10, 12, 14, 30)));
    const two = put('two.pcapng', encodePcapng(framesAt(2, 11, 13, 15)));
    const late = put('late.pcap.gz', gzipSync(encodePcap(framesAt(3, 20, 40))));
    const source = await openCaptures([one, two, late]);
    expect(await marksAndTimes(source)).toEqual([
      [1, 10, 0],
      [2, 11, 1],
      [1, 12, 0],
      [2, 13, 1],
      [1, 14, 0],
      [2, 15, 1],
      [3, 20, 2],
      [1, 30, 0],
      [3, 40, 2],
    ]);
    expect(source.captures.map(({ file, frames }) => [file, frames])).toEqual([
      [one, 4],
      [two, 3],
      [late, 2],
    ]);
  });

  it('merges long captures without losing or changing a frame', async () => {
    const make = (mark: number, step: number) =>
      Array.from({ length: 9000 }, (_, i) => ({
        bytes: new Uint8Array(40 + ((i * step) % 1000)).fill(mark),
        seconds: 1000 + i * step,
        nanoseconds: mark,
      }));
    const paths = [put('a.pcap', encodePcap(make(1, 2))), put('b.pcap', encodePcap(make(2, 3)))];
    const read = await collectFrames(await openCaptures(paths));
    expect(read).toHaveLength(18_000);
    expect(read.every((frame, i) => i === 0 || (read[i - 1]?.seconds ?? 0) <= frame.seconds)).toBe(true);
    for (const mark of [1, 2]) {
      const own = read.filter((frame) => frame.capture === mark - 1);
      expect(own.every((frame, i) => frame.number === i + 1 && frame.bytes.length === 40 + ((i * (mark + 1)) % 1000)));
      expect(own.every((frame) => frame.bytes.every((byte) => byte === mark))).toBe(true);
    }
  });

  it('keeps the order within a capture whose times run backwards', async () => {
    const one = put('one.pcap', encodePcap(framesAt(1, 10, 5, 20)));
    const two = put('two.pcap', encodePcap(framesAt(2, 7, 30)));
    const read = await marksAndTimes(await openCaptures([one, two]));
    expect(read.filter(([mark]) => mark === 1).map(([, time]) => time)).toEqual([10, 5, 20]);
    expect(read).toHaveLength(5);
  });

  it('reads the captures of a directory and warns of what is none', async () => {
    put('good.pcap', encodePcap(framesAt(1, 10)));
    put('readme.txt', 'about these captures');
    mkdirSync(join(folder, 'deeper'));
    const source = await openCaptures([folder]);
    expect(await collectFrames(source)).toHaveLength(1);
    expect(source.captures.map(({ file, frames }) => [file, frames])).toEqual([
      [join(folder, 'good.pcap'), 1],
      [join(folder, 'readme.txt'), 0],
    ]);
    expect(source.captures[1]?.warnings[0]?.text).toContain('is a text file');
  });

  it.skipIf(process.getuid?.() === 0)('reads the others when one file of a directory may not be read', async () => {
    put('good.pcap', encodePcap(framesAt(1, 10)));
    chmodSync(put('secret.pcap', encodePcap([])), 0);
    const source = await openCaptures([folder]);
    expect(await collectFrames(source)).toHaveLength(1);
    expect(source.captures[1]?.warnings[0]?.text).toContain('may not be read by this user');
  });

  it('expands patterns by itself, numbers by value', async () => {
    for (const i of [1, 2, 10]) put(`trace${i}.pcap`, encodePcap(framesAt(i, 100 + i)));
    put('other.pcap', encodePcap(framesAt(99, 1)));
    const source = await openCaptures([join(folder, 'tr?ce*.pcap')]);
    expect(await marksAndTimes(source)).toEqual([
      [1, 101, 0],
      [2, 102, 1],
      [10, 110, 2],
    ]);
    expect((await openCaptures([join(folder, '[!t]*')])).captures).toHaveLength(1);
    await expect(openCaptures([join(folder, '*.cap')])).rejects.toThrow('matches no file');
  });

  it('reads a file once, however often and in whatever way it is named', async () => {
    const path = put('trace1.pcap', encodePcap(framesAt(1, 10)));
    symlinkSync('trace1.pcap', join(folder, 'latest.pcap'));
    for (const paths of [[folder], [path, folder], [join(folder, '*.pcap'), path], [`${folder}/./trace1.pcap`, path]]) {
      const source = await openCaptures(paths);
      expect(await marksAndTimes(source)).toEqual([[1, 10, 0]]);
    }
    // What is named has to be there although a folder holds it too.
    const text = put('text.txt', 'text');
    await expect(openCaptures([folder, text])).rejects.toThrow('is a text file');
  });

  it('passes over what a pattern cannot lead through', async () => {
    mkdirSync(join(folder, 'monday'));
    put('monday/trace.pcap', encodePcap(framesAt(1, 10)));
    symlinkSync('monday/trace.pcap', join(folder, 'latest'));
    const source = await openCaptures([join(folder, '*', '*.pcap')]);
    expect(source.captures.map(({ file }) => file)).toEqual([join(folder, 'monday/trace.pcap')]);
    await source.close();
  });

  it('refuses when a named file is no capture, and when none of those that were found is', async () => {
    const good = put('good.pcap', encodePcap(framesAt(1, 10)));
    const text = put('text.txt', 'text');
    await expect(openCaptures([good, text])).rejects.toThrow('is a text file');
    rmSync(good);
    await expect(openCaptures([folder])).rejects.toThrow('is a text file');
    put('more.txt', 'text');
    await expect(openCaptures([folder])).rejects.toThrow('None of 2 files is a capture.');
    await expect(openCaptures([])).rejects.toThrow('No capture was named.');
  });

  it('says so when too many captures overlap', async () => {
    for (let i = 0; i < 260; i++) put(`${i}.pcap`, encodePcap(framesAt(1, 10, 100)));
    const source = await openCaptures([folder]);
    await expect(collectFrames(source)).rejects.toThrow('More than 256 captures overlap in time');
    await source.close();
  });
});

describe('openCaptures, of a pipe', () => {
  it('gives the first frames before the writer has ended', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const writer = createWriteStream(path);
    writer.write(encodePcap(framesAt(1, 10)));
    const source = await openCaptures([path]);
    expect(await source.next()).toMatchObject({ count: 1 });
    writer.end(encodePcap(framesAt(2, 11, 12)).subarray(24));
    expect((await marksAndTimes(source)).map(([, time]) => time)).toEqual([11, 12]);
    expect(source.progress().bytesTotal).toBeNull();
  });

  it('is closed while it waits for a compressed pipe', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const writer = createWriteStream(path);
    writer.write(gzipSync(encodePcap(framesAt(1, 10)), { finishFlush: constants.Z_SYNC_FLUSH }));
    const source = await openCaptures([path]);
    expect(await source.next()).toMatchObject({ count: 1 });
    const waiting = source.next();
    await source.close();
    expect(await waiting).toBeNull();
    writer.destroy();
  });
});
