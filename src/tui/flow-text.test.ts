import { expect, it } from 'vitest';
import { findingSpan, verdictSpan } from './flow-text.ts';
import { createTheme } from './theme.ts';

const { marks } = createTheme('dark', 'none', true);

it('a finding that gives no flow a verdict is a note', () => {
  expect(findingSpan({ verdict: 'background' }, marks).text).toBe('· note');
  expect(findingSpan({ verdict: 'blocked' }, marks)).toEqual(verdictSpan('blocked', marks));
  expect(verdictSpan('background', marks).text).toBe('· background');
});
