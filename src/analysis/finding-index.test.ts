import { describe, expect, it } from 'vitest';
import type { Finding } from '../verdict/finding.ts';
import { FindingIndex } from './finding-index.ts';

function finding(id: string, flows: readonly number[], related: readonly number[] = []): Finding {
  return { id, flows, related } as unknown as Finding;
}

const LAST_ID = 2 ** 32 - 1;
const FINDINGS = [
  finding('explained', [3], [LAST_ID, 1]),
  finding('outage', [9, 1, 2]),
  finding('aside', [1, LAST_ID]),
  finding('alone', [], [7]),
];

describe('what findings say of a flow', () => {
  const index = new FindingIndex(FINDINGS);
  const names = (findings: readonly Finding[]) => findings.map(({ id }) => id);

  it.each([
    [1, ['explained', 'outage', 'aside'], ['outage', 'aside']],
    [2, ['outage'], ['outage']],
    [3, ['explained'], ['explained']],
    [7, ['alone'], []],
    [9, ['outage'], ['outage']],
    [LAST_ID, ['explained', 'aside'], ['aside']],
    [0, [], []],
    [4, [], []],
  ])('keeps their order, and tells judging from explaining (flow %i)', (flow, about, judging) => {
    expect(names(index.about(flow))).toEqual(about);
    expect(names(index.judging(flow))).toEqual(judging);
    expect(index.firstJudging(flow)?.id).toBe(judging[0]);
  });

  it('is nothing where there are no findings', () => {
    expect(new FindingIndex([]).firstJudging(1)).toBeNull();
  });
});
