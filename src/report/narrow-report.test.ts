import { describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import { writeReport } from './formats.ts';
import { narrowReport } from './narrow-report.ts';
import { type ReportSource, reportOnCapture } from './report-source.ts';

const TOOL = { name: 'mediatap', version: '1.2.3' };

function narrow(where: string): Promise<ReportSource> {
  const snapshot = sampleSnapshot();
  const analysis = sampleAnalysis(snapshot);
  const whole = reportOnCapture(analysis, snapshot, TOOL);
  return narrowReport(whole, reportOnCapture(analysis, snapshot, TOOL, where), where);
}

describe('a report on some flows', () => {
  it('holds these and the findings that judge them, and counts no others', async () => {
    const { snapshot, flows, gravestFlows } = await narrow('blocked');
    const ids = [];
    for await (const page of flows()) ids.push(...page.map(({ id }) => id));
    expect(ids).toEqual([1]);
    expect(snapshot.findings.map(({ code }) => code)).toEqual(['tcp-unanswered']);
    expect(snapshot.totals).toMatchObject({ flows: 1, byVerdict: { blocked: 1, ok: 0 } });
    expect(snapshot.totals.byProtocol).toMatchObject([{ protocol: 'RTSP', flows: 1, byVerdict: { blocked: 1 } }]);
    expect(await gravestFlows(10)).toMatchObject({ matched: 1, rows: [{ id: 1 }] });
  });

  it('gives the gravest first, and no more than are asked for', async () => {
    const { gravestFlows } = await narrow('!background');
    const { rows, matched } = await gravestFlows(2);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['blocked', 'unexpected']);
    expect(matched).toBeGreaterThan(2);
  });

  it('says what it speaks of', async () => {
    let text = '';
    for await (const chunk of writeReport(await narrow('host:10.10.1.10'), 'text', 10_000)) text += chunk;
    expect(text).toContain('Only flows that match: host:10.10.1.10');
  });
});
