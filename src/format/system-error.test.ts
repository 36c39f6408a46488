import { openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whyNotRead, whyNotWritten } from './system-error.ts';

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

it('why a file could not be opened is told without codes of the system', () => {
  const nowhere = join(tmpdir(), 'nowhere', 'file');
  expect(whyNotRead(errorOf(() => readFileSync(nowhere)))).toBe('it does not exist');
  expect(whyNotWritten(errorOf(() => openSync(nowhere, 'w')))).toBe('there is no such directory');
  expect(whyNotWritten(errorOf(() => openSync(tmpdir(), 'w')))).toBe('it is a directory');
  expect(whyNotRead(new Error('something else'))).toBe('something else');
});
