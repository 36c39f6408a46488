import { describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import type { PolicyRow, PolicyState } from '../analysis/snapshot.ts';
import { readBaseline, sinceBaseline } from './baseline.ts';
import { writeReport } from './formats.ts';
import { type ReportSource, reportOnCapture } from './report-source.ts';

const TOOL = { name: 'mediatap', version: '1.2.3' };

async function write(source: ReportSource, format: 'json' | 'text'): Promise<string> {
  let text = '';
  for await (const chunk of writeReport(source, format, 10_000)) text += chunk;
  return text;
}

function source(): ReportSource {
  const snapshot = sampleSnapshot();
  return reportOnCapture(sampleAnalysis(snapshot), snapshot, TOOL);
}

describe('since a baseline', () => {
  it('nothing is new where nothing has changed', async () => {
    const baseline = readBaseline(await write(source(), 'json'));
    const later = sinceBaseline(source(), baseline);
    expect(later.snapshot.findings).toEqual([]);
    expect(later.change).toEqual({ newIds: [], worse: [], gone: [], same: 2, rules: [] });
    expect(await write(later, 'text')).toContain(
      'VERDICT: Nothing is new or worse since the baseline: 2 findings as before, 0 gone.',
    );
  });

  it('a finding is new, worse or gone by its id', async () => {
    const [first, second] = sampleSnapshot().findings;
    const baseline = [
      { id: second?.id ?? '', verdict: 'undetermined' as const, title: 'less grave' },
      { id: 'tcp-refused-1', verdict: 'refused' as const, title: 'the door was shut' },
    ];
    const later = sinceBaseline(source(), { findings: baseline, rules: new Map() });
    expect(later.change).toEqual({
      newIds: [first?.id],
      worse: [{ id: second?.id, before: 'undetermined' }],
      gone: [baseline[1]],
      same: 0,
      rules: [],
    });
    const text = (await write(later, 'text')).replace(/\s+/g, ' ');
    expect(text).toContain('Since the baseline 1 new and 1 worse, 0 findings as before, 1 gone');
    expect(text).toContain('Gone, was refused: the door was shut (tcp-refused-1)');
    expect(JSON.parse(await write(later, 'json'))).toMatchObject({ baseline: { newIds: [first?.id], same: 0 } });
  });

  it('neither flows nor permits are shown for what is as it was', async () => {
    const baseline = readBaseline(await write(source(), 'json'));
    const text = await write(sinceBaseline(source(), baseline), 'text');
    expect(text).not.toContain('FLOWS');
    expect(text).not.toContain('permit TCP');
    const findings = baseline.findings.slice(1);
    const worse = await write(sinceBaseline(source(), { ...baseline, findings }), 'text');
    expect(worse).toContain('permit TCP');
  });

  it('rules of the site are told that something else is seen of', async () => {
    const site = { protocol: 'RTSP', ports: 'TCP 554', text: 'inside to wms', source: 'a document' };
    const rule = (name: string, state: PolicyState): PolicyRow => ({
      rule: name,
      state,
      flowCount: 1,
      flows: [1],
      site,
    });
    const withRules = (...policy: PolicyRow[]): ReportSource => {
      const made = source();
      return { ...made, snapshot: { ...made.snapshot, policy } };
    };
    const before = withRules(rule('wms/rtsp', 'blocked'), rule('wms/http', 'working'));
    expect((await write(before, 'text')).replace(/ +/g, ' ')).toContain(' wms/rtsp blocked 1 TCP 554 inside to wms\n');
    const after = withRules(rule('wms/rtsp', 'working'), rule('wms/http', 'working'), rule('wms/new', 'working'));
    const later = sinceBaseline(after, readBaseline(await write(before, 'json')));
    expect(later.change?.rules).toEqual([{ rule: 'wms/rtsp', before: 'blocked', now: 'working' }]);
    expect(await write(later, 'text')).toContain('POLICY\n  - wms/rtsp: was blocked, is allowed and working\n');
  });

  it('no finding is worse that became less grave', () => {
    const [first] = sampleSnapshot().findings;
    const baseline = [{ id: first?.id ?? '', verdict: 'blocked' as const, title: '' }];
    const later = sinceBaseline(source(), { findings: baseline, rules: new Map() });
    expect(later.snapshot.findings.map(({ id }) => id)).not.toContain(first?.id);
  });
});

describe('a baseline', () => {
  it.each([
    ['', 'no JSON'],
    ['[]', 'no report'],
    ['null', 'no report'],
    ['{"schema":"other/1","findings":[]}', 'no report'],
    ['{"schema":"mediatap.report/1"}', 'no findings'],
    ['{"schema":"mediatap.report/1","findings":[null]}', 'no id, verdict or title'],
    ['{"schema":"mediatap.report/1","findings":[{"id":"a","verdict":"fine","title":"b"}]}', 'no id, verdict or title'],
  ])('is not %s', (text, reason) => {
    expect(() => readBaseline(text)).toThrow(reason);
  });

  it('has titles that are safe to print', () => {
    const findings = [{ id: 'a', verdict: 'blocked', title: 'x\u001b[2J' }];
    const [finding] = readBaseline(JSON.stringify({ schema: 'mediatap.report/1', findings })).findings;
    expect(finding?.title).toBe('x\\x1b[2J');
  });
});
