import { expect, it } from 'vitest';
import { flowCase } from '../../test/case-builder.ts';
import type { Finding } from '../verdict/finding.ts';
import { FindingIndex } from './finding-index.ts';
import { codesOf, type Judgement } from './judgement.ts';

it('tells the codes of the findings that judge a flow, gravest first and each once', () => {
  const finding = (code: Finding['code'], id: number) => ({ code, flows: [id], related: [] }) as unknown as Finding;
  const byFlow = new FindingIndex([finding('media-cut', 1), finding('rollover', 2), finding('media-cut', 1)]);
  const codes = (id: number) => codesOf({ byFlow } as Judgement, flowCase({ id }));
  expect([codes(1), codes(2), codes(3)]).toEqual([['media-cut'], ['rollover'], []]);
});
