import { describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import type { FlowListFormat } from './flow-list.ts';
import { reportOnCapture } from './report-source.ts';
import { writeStreamList } from './stream-list.ts';

async function list(format: FlowListFormat, where = ''): Promise<string> {
  const snapshot = sampleSnapshot();
  const source = reportOnCapture(sampleAnalysis(snapshot), snapshot, { name: 'mediatap', version: '1' }, where);
  let text = '';
  for await (const chunk of writeStreamList(source, format)) text += chunk;
  return text;
}

describe('the list of media streams', () => {
  it('is a table with a line for each stream, from its sender to its receiver', async () => {
    const [head, line, end] = (await list('table')).split('\n');
    expect(head).toMatch(/^Flow {2}Start \(UTC\) +Seconds +From +To +SSRC +Codec/);
    expect(line).toMatch(
      /^5 +10:00:02\.000000 +5\.0 +10\.10\.2\.20:554 +10\.10\.1\.10:38340 +0x00001234 +H264 +90000 +97 +192 kbit\/s +3 \(3\.0%\)/,
    );
    expect(end).toBe('');
  });

  it('is only its head where no flow carries a stream', async () => {
    expect(await list('table', 'proto:ssh')).toMatch(/^Flow .*\n$/);
    expect(await list('jsonl', 'proto:ssh')).toBe('');
  });

  it('is a JSON object on each line, with the names of the report', async () => {
    const stream = JSON.parse(await list('jsonl'));
    expect(stream).toMatchObject({ flow: 5, sender: { port: 554 }, lost: 3, maxDeltaMs: 40, receivers: [] });
    expect(stream.firstTime).toBe('2026-11-21T10:00:02.000000000Z');
  });

  it('has as many cells on each line of CSV as its head', async () => {
    const [head, ...lines] = (await list('csv')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.split(',')).toHaveLength(head?.split(',').length ?? 0);
  });
});
