import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FrameBatch } from '../../capture/frame-batch.ts';
import { openCaptures } from '../../capture/open-captures.ts';
import { FrameDisguise, type RewrittenFrame } from './frame-disguise.ts';
import { Pseudonyms } from './pseudonyms.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const KEY = Uint8Array.from({ length: 32 }, (_, i) => 13 * i + 3);
/** Ethernet with two VLAN tags: a frame may gain it when what was around its packet is left out. */
const LONGEST_LINK = 22;

const captures = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(FIXTURES, name)).map((file) => join(FIXTURES, name, file)))
  .filter((path) => /\/capture\.[a-z]+$/.test(path));

async function forEachBatch(path: string, take: (batch: FrameBatch) => void): Promise<void> {
  const frames = await openCaptures([path]);
  for (let batch = await frames.next(); batch !== null; batch = await frames.next()) take(batch);
  await frames.close();
}

function rewriteAll(batch: FrameBatch): RewrittenFrame[] {
  const disguise = new FrameDisguise(new Pseudonyms(KEY, []));
  return Array.from({ length: batch.count }, (_, i) => disguise.rewrite(batch, i));
}

function altered(batch: FrameBatch, changes: Partial<FrameBatch>): FrameBatch {
  return Object.assign(Object.create(Object.getPrototypeOf(batch)) as FrameBatch, batch, changes);
}

/** Turns bits here and there, always the same ones. */
function damage(batch: FrameBatch): FrameBatch {
  const bytes = batch.bytes.slice();
  let state = 12345;
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    if (state >>> 27 === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << (state & 7));
  }
  return altered(batch, { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) });
}

describe('a frame that is made anew', () => {
  it('is never longer than on the wire, and holds no header that it does not know', async () => {
    for (const path of captures) {
      await forEachBatch(path, (batch) => {
        for (const { bytes, wireLength } of rewriteAll(batch)) {
          expect(bytes.length).toBeLessThanOrEqual(wireLength);
          expect(/[ -~]{20,}/.test(Buffer.from(bytes).toString('latin1'))).toBe(false);
        }
      });
    }
  });

  it('survives frames that are damaged or cut at any byte', async () => {
    for (const path of captures.filter((_, i) => i % 4 === 0)) {
      await forEachBatch(path, (batch) => {
        for (const { bytes, wireLength } of rewriteAll(damage(batch)))
          expect(bytes.length).toBeLessThanOrEqual(wireLength);
        for (let cut = 0; cut < 100; cut += 7) {
          const capturedLengths = batch.capturedLengths.map((length) => Math.min(length, cut));
          for (const { bytes } of rewriteAll(altered(batch, { capturedLengths }))) {
            expect(bytes.length).toBeLessThanOrEqual(Math.max(cut, LONGEST_LINK));
          }
        }
      });
    }
  });
});
