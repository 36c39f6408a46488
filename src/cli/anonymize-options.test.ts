import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disguiseOf } from './anonymize-options.ts';
import type { CliHost } from './host.ts';

let folder: string;
let complaints: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-'));
  complaints = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

const host: CliHost = {
  version: '1.2.3',
  openTerminal: () => false,
  chooseStart: async () => null,
  startAnalysis: () => Promise.reject(new Error('not asked for')),
  runTui: () => Promise.resolve(),
  write: () => Promise.resolve(),
  complain: (line) => complaints.push(line),
};

function keyFile(text: string): string {
  const path = join(folder, 'key');
  writeFileSync(path, text);
  return path;
}

function pseudonym(address: string, options: { readonly key?: string } = {}): string | undefined {
  return disguiseOf(host, { anonymize: true, keep: [], ...options })?.pseudonyms.addressText(address);
}

describe('the key behind pseudonyms', () => {
  it('is told when it is made, and gives the same ones again', () => {
    const first = pseudonym('10.1.2.3');
    const digits = /new key: ([0-9a-f]{64}) /.exec(complaints[0] ?? '')?.[1] ?? '';
    expect(pseudonym('10.1.2.3', { key: keyFile(`${digits}\n`) })).toBe(first);
    expect(complaints).toHaveLength(1);
    expect(pseudonym('10.1.2.3')).not.toBe(first);
  });

  it('is refused where it is no key', () => {
    for (const text of ['', 'abc', 'x'.repeat(64), '0'.repeat(66)]) {
      expect(() => pseudonym('10.1.2.3', { key: keyFile(text) })).toThrow('holds no key of 64 hexadecimal digits');
    }
    expect(() => pseudonym('10.1.2.3', { key: join(folder, 'none') })).toThrow('cannot read the key');
  });

  it('makes no sense without --anonymize, nor do networks to keep', () => {
    expect(() => disguiseOf(host, { key: 'key', keep: [] })).toThrow('--key needs --anonymize');
    const kept = { address: Uint8Array.of(10, 0, 0, 0), prefixLength: 8 };
    expect(() => disguiseOf(host, { keep: [kept] })).toThrow('--keep 10.0.0.0/8 needs --anonymize');
    expect(disguiseOf(host, { keep: [] })).toBeNull();
  });
});
