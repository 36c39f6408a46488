import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, silentHost } from '../../test/run-on-host.ts';
import { disguiseOf } from './anonymize-options.ts';

let folder: string;
let ran: Ran;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-'));
  ran = { code: -1, out: '', errors: [] };
});

afterEach(() => rmSync(folder, { recursive: true }));

function keyFile(text: string): string {
  const path = join(folder, 'key');
  writeFileSync(path, text);
  return path;
}

function pseudonym(address: string, options: { readonly key?: string } = {}): string | undefined {
  return disguiseOf(silentHost(ran), { anonymize: true, keep: [], ...options })?.pseudonyms.addressText(address);
}

describe('the key behind pseudonyms', () => {
  it('is told when it is made, and gives the same ones again', () => {
    const first = pseudonym('10.1.2.3');
    const digits = /new key: ([0-9a-f]{64}) /.exec(ran.errors[0] ?? '')?.[1] ?? '';
    expect(pseudonym('10.1.2.3', { key: keyFile(`${digits}\n`) })).toBe(first);
    expect(ran.errors).toHaveLength(1);
    expect(pseudonym('10.1.2.3')).not.toBe(first);
  });

  it('is refused where it is no key', () => {
    for (const text of ['', 'abc', 'x'.repeat(64), '0'.repeat(66)]) {
      expect(() => pseudonym('10.1.2.3', { key: keyFile(text) })).toThrow('holds no key of 64 hexadecimal digits');
    }
    expect(() => pseudonym('10.1.2.3', { key: join(folder, 'none') })).toThrow('cannot read the key');
  });

  it('makes no sense without --anonymize, nor do networks to keep', () => {
    expect(() => disguiseOf(silentHost(ran), { key: 'key', keep: [] })).toThrow('--key needs --anonymize');
    const kept = { address: Uint8Array.of(10, 0, 0, 0), prefixLength: 8 };
    expect(() => disguiseOf(silentHost(ran), { keep: [kept] })).toThrow('--keep 10.0.0.0/8 needs --anonymize');
    expect(disguiseOf(silentHost(ran), { keep: [] })).toBeNull();
  });
});
