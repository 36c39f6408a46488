import { expect, it } from 'vitest';
import { sampleSnapshot } from '../../test/sample-analysis.ts';
import { changesSince } from './analysis-message.ts';

it('tells of a snapshot what is another than before, and nothing else', () => {
  const before = sampleSnapshot();
  const totals = { ...before.totals, frames: before.totals.frames + 1 };
  expect(changesSince(before, { ...before, totals, failure: 'damaged' })).toEqual({ totals, failure: 'damaged' });
  expect(changesSince({ ...before, failure: 'damaged' }, { ...before, failure: null })).toEqual({ failure: null });
  expect(changesSince(before, { ...before })).toEqual({});
  // Equal, but judged anew.
  expect(changesSince(before, { ...before, findings: [...before.findings] })).toEqual({ findings: before.findings });
});
