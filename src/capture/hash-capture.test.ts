import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CaptureError } from './frame-batch.ts';
import { hashCapture } from './hash-capture.ts';

it('hashes a file as it is stored, and nothing that can be read only once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hash-'));
  writeFileSync(join(folder, 'abc'), 'abc');
  // FIPS 180-2, appendix B.1.
  expect(await hashCapture(join(folder, 'abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(await hashCapture('-')).toBeNull();
  await expect(hashCapture(join(folder, 'missing'))).rejects.toThrow(CaptureError);
  rmSync(folder, { recursive: true });
});
