import { expect, it } from 'vitest';
import { isProblem, nameFinding, VERDICTS } from './finding.ts';

it('a finding that finds no fault is a note', () => {
  expect(VERDICTS.filter(isProblem)).toEqual(['blocked', 'refused', 'unexpected', 'undetermined']);
  expect(VERDICTS.map(nameFinding)).toEqual(['blocked', 'refused', 'unexpected', 'undetermined', 'note', 'note']);
});
