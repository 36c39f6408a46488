/** Frames as they are read here against those of other readers. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CollectedFrame, collectFrames } from '../../fixtures/encode/collect-frames.ts';
import { openBytes } from '../../fixtures/encode/open-bytes.ts';
import { encodePcap } from '../../fixtures/encode/pcap.ts';
import { openCaptures } from './open-captures.ts';

const CAPTURES = fileURLToPath(new URL('../../../shared/captures', import.meta.url));
const hasCaptures = existsSync(CAPTURES);
const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** What tshark 4.0 reads differently, and why this is meant. */
const KNOWN_DIFFERENCES: Record<string, string> = {
  'broken/fuzz.pcap': 'tshark guesses another flavour of pcap for a damaged file; tcpdump reads the same frame as here',
  'broken/fuzz-2021-10-13.pcap': 'a fraction that runs over the second is carried, tshark shows it as it is',
  'broken/timestamp_invalid_micro.pcap': 'the same',
  'broken/timestamp_invalid_nano.pcap': 'the same',
};

interface ParsedPacket {
  header: {
    timestampSeconds: number;
    timestampMicroseconds: number;
    capturedLength: number;
    originalLength: number;
  };
  data: Buffer;
}

/** npm's pcap-parser, which reads classic pcap in microseconds alone; it has no types. */
async function parsePcap(content: Uint8Array): Promise<ParsedPacket[]> {
  const { parse } = createRequire(import.meta.url)('pcap-parser');
  const packets: ParsedPacket[] = [];
  await new Promise((resolve, reject) => {
    parse(Readable.from([Buffer.from(content)]))
      .on('packet', (packet: ParsedPacket) => packets.push(packet))
      .on('end', resolve)
      .on('error', reject);
  });
  return packets;
}

function expectSameAsParser(read: readonly CollectedFrame[], parsed: readonly ParsedPacket[]): void {
  expect(read.map((frame) => [frame.seconds, frame.nanoseconds, frame.bytes.length, frame.wireLength])).toEqual(
    parsed.map(({ header }) => [
      header.timestampSeconds,
      header.timestampMicroseconds * 1000,
      header.capturedLength,
      header.originalLength,
    ]),
  );
  expect(read.every((frame, i) => parsed[i]?.data.equals(frame.bytes))).toBe(true);
}

function isMicrosecondPcap(name: string): boolean {
  const magic = readFileSync(join(CAPTURES, name)).subarray(0, 4).toString('hex');
  return magic === 'a1b2c3d4' || magic === 'd4c3b2a1';
}

/** Empty where there are none: tests that are skipped are listed all the same. */
function listCaptures(folder: string): string[] {
  if (!hasCaptures) return [];
  return readdirSync(join(CAPTURES, folder)).map((name) => `${folder}/${name}`);
}

interface Row {
  readonly number: number;
  /** Empty where the format has none. */
  readonly time: string;
  readonly wireLength: number;
  readonly capturedLength: number;
}

/** Without the records that are no packets: custom and journal blocks of pcapng, which have neither time nor protocol. */
function readWithTshark(path: string): Row[] {
  const fields = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.protocols'];
  const args = ['-n', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const { stdout } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const rows = stdout.split('\n').filter((line) => line !== '');
  return rows.flatMap((row) => {
    const [number, time = '', wireLength, capturedLength, protocols] = row.split('\t');
    if (time === '' && protocols === 'data') return [];
    return [{ number: Number(number), time, wireLength: Number(wireLength), capturedLength: Number(capturedLength) }];
  });
}

function toRow(frame: CollectedFrame, hasTime: boolean): Row {
  const time = hasTime ? `${frame.seconds}.${String(frame.nanoseconds).padStart(9, '0')}` : '';
  return { number: frame.number, time, wireLength: frame.wireLength, capturedLength: frame.bytes.length };
}

describe('pcap-parser', () => {
  it.each(['little', 'big'] as const)('reads the same frames of a pcap in %s endian', async (order) => {
    const frames = Array.from({ length: 500 }, (_, i) => ({
      bytes: new Uint8Array((i * 37) % 1500).fill(i % 256),
      seconds: 1_700_000_000 + i,
      nanoseconds: (i * 1_999_000) % 1_000_000_000,
      wireLength: 1500,
    }));
    const content = encodePcap(frames, { order });
    expectSameAsParser(await collectFrames(await openBytes(content)), await parsePcap(content));
  });
});

describe.skipIf(!hasCaptures)('on captures from the field', () => {
  const all = ['blocked', 'broken', 'formats', 'protocols'].flatMap(listCaptures);

  it('pcap-parser reads the same frames of every undamaged classic pcap', async () => {
    const classic = all.filter((name) => !name.startsWith('broken/') && isMicrosecondPcap(name));
    expect(classic.length).toBeGreaterThan(50);
    for (const name of classic) {
      const path = join(CAPTURES, name);
      const parsed = await parsePcap(readFileSync(path));
      expectSameAsParser(await collectFrames(await openCaptures([path])), parsed);
    }
  });

  it.each(all)('%s has as many frames as capinfos counted', async (name) => {
    const expected = JSON.parse(readFileSync(join(CAPTURES, 'expected', `${name}.json`), 'utf8'));
    const source = await openCaptures([join(CAPTURES, name)]);
    const frames = await collectFrames(source);
    // Capinfos counts nothing in a file that is damaged somewhere.
    if (name in KNOWN_DIFFERENCES) expect(frames.length).toBeGreaterThan(0);
    else expect(frames).toHaveLength(Number(expected.packets_capinfos));
    expect(source.captures[0]?.truncatedAt === null).toBe(expected.tshark_message === '');
  });
});

describe.skipIf(!hasCaptures || !hasTshark)('tshark', () => {
  const others = ['broken', 'formats'].flatMap(listCaptures).filter((name) => !isMicrosecondPcap(name));

  it.each(others.filter((name) => !(name in KNOWN_DIFFERENCES)))('reads the same frames of %s', async (name) => {
    const path = join(CAPTURES, name);
    const frames = await collectFrames(await openCaptures([path]));
    const rows = readWithTshark(path);
    expect(frames.map((frame, i) => toRow(frame, rows[i]?.time !== ''))).toEqual(rows);
  });
});
