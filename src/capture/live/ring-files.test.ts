import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RingFiles } from './ring-files.ts';

const DATE = new Date(Date.UTC(2026, 10, 22, 0, 15, 30));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ring-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function begin(ring: RingFiles): string {
  const path = ring.next(DATE);
  writeFileSync(path, '');
  return basename(path);
}

describe('RingFiles', () => {
  it('numbers its files and leaves the latest', () => {
    const ring = new RingFiles(join(folder, 'room.pcapng'), 2);
    expect(begin(ring)).toBe('room_00001_20261122001530.pcapng');
    begin(ring);
    expect(begin(ring)).toBe('room_00003_20261122001530.pcapng');
    expect(readdirSync(folder).sort()).toEqual([
      'room_00002_20261122001530.pcapng',
      'room_00003_20261122001530.pcapng',
    ]);
  });

  it('goes on where an earlier run ended, and takes its files away in their turn', () => {
    const path = join(folder, 'room.pcapng');
    const earlier = new RingFiles(path, 3);
    for (let i = 0; i < 3; i++) begin(earlier);
    const later = new RingFiles(path, 2);
    expect(begin(later)).toBe('room_00004_20261122001530.pcapng');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('touches no file that is not its own', () => {
    const others = [
      'room.pcapng',
      'room_1_2.pcapng',
      'room_00001_20261122001530.pcap',
      'room2_00001_20261122001530.pcapng',
    ];
    for (const name of others) writeFileSync(join(folder, name), '');
    const ring = new RingFiles(join(folder, 'room.pcapng'), 1);
    for (let i = 0; i < 3; i++) begin(ring);
    for (const name of others) expect(existsSync(join(folder, name))).toBe(true);
  });

  it('leaves all where no count limits them, and needs no extension', () => {
    const ring = new RingFiles(join(folder, 'room'), null);
    for (let i = 0; i < 5; i++) begin(ring);
    expect(readdirSync(folder)).toHaveLength(5);
  });

  it('fails where an old file cannot be taken away, or the folder is not there', () => {
    const ring = new RingFiles(join(folder, 'room.pcapng'), 1);
    mkdirSync(ring.next(DATE));
    expect(() => ring.next(DATE)).toThrow();
    expect(() => new RingFiles(join(folder, 'nowhere', 'room.pcapng'), 1)).toThrow(/ENOENT/);
  });
});
