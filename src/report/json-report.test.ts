import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleFlow, sampleSnapshot } from '../../test/sample-analysis.ts';
import { safeJson, writeJsonReport } from './json-report.ts';
import { reportOnCapture, reportOnFindings } from './report-source.ts';

const TOOL = { name: 'mediatap', version: '1.2.3' };
const SCHEMA = JSON.parse(readFileSync(new URL('report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(SCHEMA);

async function read(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

describe('the JSON report', () => {
  it('keeps its schema', async () => {
    const snapshot = sampleSnapshot();
    const report = JSON.parse(await read(writeJsonReport(reportOnCapture(sampleAnalysis(snapshot), snapshot, TOOL))));
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.schema).toBe('mediatap.report/1');
    expect(report.flows).toHaveLength(6);
  });

  it('writes times as RFC 3339 with nanoseconds, and null for what never was', async () => {
    const snapshot = sampleSnapshot();
    const report = JSON.parse(await read(writeJsonReport(reportOnCapture(sampleAnalysis(snapshot), snapshot, TOOL))));
    expect(report.flows[0].firstTime).toBe('2026-11-21T10:00:01.000000000Z');
    expect(report.flows[0].lastTime).toBe('2026-11-21T10:00:07.190000001Z');
    expect(report.flows[5].firstTime).toBeNull();
    expect(report.findings[0].evidence[0].time).toBe('2026-11-21T10:00:01.000000001Z');
    expect(report.activity.firstTime).toBe('2026-11-21T10:00:00.000000000Z');
    expect(report.multicast[0].members[0].lastReport).toBe('2026-11-21T10:00:03.000000000Z');
  });

  it('asks for many flows window by window and writes each once', async () => {
    const flows = Array.from({ length: 4500 }, (_, index) => sampleFlow(index + 1));
    const snapshot = sampleSnapshot({}, flows);
    const chunks: string[] = [];
    for await (const chunk of writeJsonReport(reportOnCapture(sampleAnalysis(snapshot, flows), snapshot, TOOL))) {
      chunks.push(chunk);
    }
    const report = JSON.parse(chunks.join(''));
    expect(report.flows.map((flow: { id: number }) => flow.id)).toEqual(flows.map((flow) => flow.id));
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(chunks.join('').length / 2);
  });

  it('is whole for a capture with nothing in it', async () => {
    const snapshot = sampleSnapshot({ captures: [], findings: [], multicast: [], policy: [], quality: [] }, []);
    const report = JSON.parse(
      await read(writeJsonReport(reportOnCapture(sampleAnalysis(snapshot, []), snapshot, TOOL))),
    );
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.flows).toEqual([]);
  });

  it('speaks of one finding and its flows when asked to', async () => {
    const snapshot = sampleSnapshot();
    const source = reportOnFindings(sampleAnalysis(snapshot), snapshot, TOOL, ['wrong-protocol']);
    const report = JSON.parse(await read(writeJsonReport(source)));
    expect(report.findings.map((finding: { id: string }) => finding.id)).toEqual(['wrong-protocol-77aa']);
    expect(report.flows.map((flow: { id: number }) => flow.id)).toEqual([2, 3]);
    expect(report.multicast).toEqual([]);
  });

  it('holds no character that a terminal obeys', () => {
    const text = safeJson({ name: 'a\u001b[31m\u009b31m\u202eb\u2066' });
    expect(text).toBe('{"name":"a\\u001b[31m\\u009b31m\\u202eb\\u2066"}');
    expect(JSON.parse(text)).toEqual({ name: 'a\u001b[31m\u009b31m\u202eb\u2066' });
  });
});

describe('one finding', () => {
  it('must be named so that only one can be meant', () => {
    const snapshot = sampleSnapshot();
    const analysis = sampleAnalysis(snapshot);
    expect(() => reportOnFindings(analysis, snapshot, TOOL, ['nothing'])).toThrow("no finding has the id 'nothing'");
    expect(() => reportOnFindings(analysis, snapshot, TOOL, [''])).toThrow('2 findings');
  });
});
