import { describe, expect, it } from 'vitest';
import { sampleAnalysis, sampleSnapshot } from '../../test/sample-analysis.ts';
import { type FlowListFormat, writeFlowList } from './flow-list.ts';
import { reportOnCapture } from './report-source.ts';

async function list(format: FlowListFormat, where = ''): Promise<string> {
  const snapshot = sampleSnapshot();
  const source = reportOnCapture(sampleAnalysis(snapshot), snapshot, { name: 'mediatap', version: '1' }, where);
  let text = '';
  for await (const chunk of writeFlowList(source, format)) text += chunk;
  return text;
}

describe('the list of flows', () => {
  it('is a table with a line for each', async () => {
    expect(await list('table', 'id:1,2')).toBe(
      [
        'Flow  Verdict     Protocol  Initiator           Responder          To / from  Outcome     Codes',
        '1     blocked     RTSP      10.10.1.10:38336    10.10.2.20:554     8 / 0      unanswered  tcp-unanswered',
        '2     unexpected  SSH       [fd00:1::10]:40000  [fd00:2::20]:1935  12 / 8     closed      wrong-protocol',
        '',
      ].join('\n'),
    );
  });

  it('is only its head where nothing matches', async () => {
    expect(await list('table', 'rtmp')).toBe(
      'Flow  Verdict  Protocol  Initiator  Responder  To / from  Outcome  Codes\n',
    );
    expect(await list('jsonl', 'rtmp')).toBe('');
    expect((await list('csv', 'rtmp')).split('\r\n')).toHaveLength(2);
  });

  it('is a JSON object on each line', async () => {
    const lines = (await list('jsonl')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('has as many cells on each line of CSV as its head', async () => {
    const [head, ...lines] = (await list('csv')).trimEnd().split('\r\n');
    for (const line of lines) expect(line.split(',')).toHaveLength(head?.split(',').length ?? 0);
    expect(lines[5]).toContain(',,,');
  });
});
