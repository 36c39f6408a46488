import { describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import { listFlows } from './list-flows.ts';

describe('listFlows', () => {
  it('gives what the expression selects, and says how much of it was left out', async () => {
    const complaints: string[] = [];
    const host = { complain: (line: string) => complaints.push(line) };
    const analysis = sampleAnalysis(sampleSnapshot());
    const rows = await listFlows(host, analysis, 'verdict:ok');
    expect(rows.map(({ verdict }) => verdict)).toContain('ok');
    expect(complaints).toEqual([]);
    const flows = async () => ({ rows, matched: 20_001, offset: 0, error: null });
    await listFlows(host, { ...analysis, flows }, '');
    expect(complaints).toEqual(['mediatap: only the first 2 of 20,001 flows were looked at']);
  });
});
