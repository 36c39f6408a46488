import { describe, expect, it } from 'vitest';
import { HOSTILE, sampleAnalysis, sampleFlow, sampleSnapshot } from '../../test/sample-analysis.ts';
import type { FlowRow } from '../analysis/snapshot.ts';
import type { Finding } from '../verdict/finding.ts';
import { Disguise } from './anonymous/disguise.ts';
import { type ReportFormat, writeReport } from './formats.ts';
import { type ReportSource, reportOnCapture } from './report-source.ts';

const TOOL = { name: 'mediatap', version: '1.2.3' };
const TICKET_LENGTH = 4000;

function finding(): Finding {
  return sampleSnapshot().findings[0] as Finding;
}

function report(format: ReportFormat, snapshot = sampleSnapshot(), flows?: readonly FlowRow[]): Promise<string> {
  return write(reportOnCapture(sampleAnalysis(snapshot, flows), snapshot, TOOL), format);
}

async function write(source: ReportSource, format: ReportFormat): Promise<string> {
  let text = '';
  for await (const chunk of writeReport(source, format, TICKET_LENGTH)) text += chunk;
  return text;
}

describe('the text report', () => {
  it('says the verdict first, then proof, what to do, and what it was made from', async () => {
    const text = await report('text');
    const order = [
      'VERDICT: 1 blocked, 1 unexpected, 1 undetermined of 6 flows',
      'FINDINGS',
      '1. BLOCKED: RTSP',
      'Where: between the capture point and 10.10.2.20',
      'How sure: confirmed by frame',
      'FLOWS\n',
      'EVIDENCE',
      '10:00:12.300000  SYN, 8th time',
      'WHAT WAS NOT SEEN',
      'CAPTURE QUALITY',
      'WHAT IS ASKED FOR',
      'permit TCP from 10.10.1.10 to 10.10.2.20 port 554 (wms9-rtsp: TCP 554',
      'HOW TO CHECK IT',
      'ip.addr == 10.10.1.10 &&',
      'SHA-256: aaaa',
      'Begins: 2026-11-21 10:00:01 UTC',
      'Made by: mediatap 1.2.3',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('tells what was not seen of flows that no finding speaks of', async () => {
    const unclear = { verdict: 'undetermined', facts: { missing: 'the other direction' } } as const;
    const text = await report('text', sampleSnapshot(), [
      sampleFlow(1, unclear),
      sampleFlow(2),
      sampleFlow(3, unclear),
    ]);
    expect(text).toMatch(/WHAT WAS NOT SEEN\n(?: {2}- Finding.*\n)+ {2}- Flows 1, 3: the other direction\n/);
  });

  it('fits a ticket whatever there is, and counts what it left out', async () => {
    const base = sampleSnapshot();
    const [finding] = base.findings;
    const many: Finding[] = Array.from({ length: 200 }, (_, index) => ({
      ...(finding as Finding),
      id: `tcp-unanswered-${index}`,
      title: `${index} ${'long '.repeat(100)}`,
      explanation: 'x'.repeat(1000),
      displayFilter: 'y'.repeat(3000),
    }));
    const text = await report('text', sampleSnapshot({ findings: many }));
    expect(text.length).toBeLessThanOrEqual(TICKET_LENGTH);
    expect(text).toMatch(/\d+ more findings left out here/);
    expect(text).toContain('Made by: mediatap 1.2.3');
  });

  it('names every finding, though only some of them have place for all that is known', async () => {
    const many = Array.from({ length: 14 }, (_, i) => ({
      ...finding(),
      id: `tcp-unanswered-${i}`,
      title: `RTSP to camera ${i} is blocked`,
    }));
    const text = await report('text', sampleSnapshot({ findings: many }));
    for (const { title } of many) expect(text).toContain(title);
    expect(text).toContain('- 14. RTSP to camera 13 is blocked');
    expect(text).toContain(finding().explanation.slice(-20));
  });

  it('shows a filter that is too long for its place as that of the best example', async () => {
    const displayFilter = `ip.addr == 10.10.1.10 && (${'tcp.port == 1 || '.repeat(300)}tcp.port == 2)`;
    const text = await report('text', sampleSnapshot({ findings: [{ ...finding(), displayFilter }] }));
    expect(text).toMatch(/Finding 1, display filter of its first flow: \S+/);
    expect(text).not.toContain('tcp.port == 1 ||');
  });

  it('does not place what was refused on the way to whoever refused it', async () => {
    const refused = { ...finding(), verdict: 'refused' as const, where: 'toward-responder' as const };
    expect(await report('text', sampleSnapshot({ findings: [refused] }))).toContain('Where: at 10.10.2.20\n');
  });

  it('calls the sides what the site calls them, but not where it is made anonymous', async () => {
    const snapshot = sampleSnapshot();
    const sideOf = (address: string) => (address === '10.10.2.20' ? 'wms in dmz' : 'inside');
    const source = { ...reportOnCapture(sampleAnalysis(snapshot), snapshot, TOOL), sideOf };
    const text = await write(source, 'text');
    expect(text).toContain('Where: between the capture point and 10.10.2.20 (wms in dmz)');
    expect(text).toContain('For whoever runs the firewall between inside and wms in dmz:');
    expect(await write(new Disguise(new Uint8Array(32), []).source(source), 'text')).not.toContain('dmz');
  });

  it('shows of many flows alike what else there is', async () => {
    const [first] = finding().evidence;
    const sent = Array.from({ length: 30 }, (_, i) => ({ ...first!, frame: i + 1, fact: 'SYN sent' }));
    const evidence = [...sent, { ...first!, frame: 99, fact: 'SYN sent again' }];
    const text = await report('text', sampleSnapshot({ findings: [{ ...finding(), evidence }] }));
    expect(text).toMatch(/ 99 .*SYN sent again/);
    expect(text).toMatch(/by frames 1, 2, 3, 4, 5, 99 and 25 more/);
  });

  it('never calls a capture without findings fine, and says how much was judged', async () => {
    const flows = [sampleFlow(1), sampleFlow(2, { verdict: 'undetermined' })];
    const text = await report('text', sampleSnapshot({ findings: [], quality: [] }, flows), flows);
    expect(text).toContain('No flow is seen blocked, refused or unexpected, of 2 flows: 1 ok, 1 undetermined');
    expect(text.toLowerCase()).not.toContain('healthy');
  });

  it('does not call blocked flows none where it speaks of a note alone', async () => {
    const note = { ...finding(), verdict: 'background' as const, title: 'The player gave up RTSP' };
    expect(await report('text', sampleSnapshot({ findings: [note] }))).toMatch(/^VERDICT: The player gave up RTSP\.\n/);
    expect(await report('text', sampleSnapshot({ findings: [] }))).toMatch(/^VERDICT: 1 blocked, .* of 6 flows\.\n/);
  });

  it('says that there is nothing to judge in an empty capture', async () => {
    const empty = sampleSnapshot({ findings: [] }, []);
    expect(await report('text', { ...empty, totals: { ...empty.totals, frames: 0 } })).toContain('no frames to judge');
  });

  it('tells why reading stopped', async () => {
    expect(await report('text', sampleSnapshot({ phase: 'failed', failure: 'the pipe broke' }))).toContain(
      'Reading stopped early: the pipe broke',
    );
  });
});

describe('text from packets', () => {
  it('is no markup in Markdown', async () => {
    const text = await report('markdown');
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('[a](');
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const cellCounts = rows.map((line) => line.replaceAll('\\|', '').split('|').length);
    expect(new Set(cellCounts)).toEqual(new Set([9, 6]));
    expect(text).toContain('\\<script\\>alert(1)\\</script\\> \\| \\`x\\`');
  });

  it('is no link and calls nobody in Markdown, and can be copied as it was', async () => {
    const said = 'see (http://evil.example/a), @all, www.evil.example and #12; http://evil.example/|`x` user@host.';
    const text = await report('markdown', sampleSnapshot({ findings: [{ ...finding(), title: said }] }));
    expect(text).toContain(
      'see (`http://evil.example/a`), `@all`, `www.evil.example` and `#12`; http:&#8203;//evil.example/\\|\\`x\\` `user@host`.',
    );
  });

  it('is no link, face or entity in Jira', async () => {
    const said = 'http://evil.example &lt;b&gt; :D :Port C:\\x';
    const text = await report('jira', sampleSnapshot({ findings: [{ ...finding(), title: said }] }));
    expect(text).toContain('http:&#47;&#47;evil.example &amp;lt;b&amp;gt; \\:D :Port C:&#92;x');
  });

  it('is no markup in Jira', async () => {
    const text = await report('jira');
    expect(text).not.toMatch(/(?<!\\)\{(?!noformat)/);
    expect(text).not.toMatch(/(?<!\\)\[/);
    expect(text).toContain('\\{html\\} \\[a\\]\\(javascript:b\\) \\*c\\*');
  });

  it('is no markup in HTML, which holds no script and loads nothing', async () => {
    const text = await report('html');
    expect(text).not.toContain('<script');
    expect(text).not.toMatch(/\b(?:src|href)=/);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain("default-src 'none'");
    expect(text).toContain('<svg');
  });

  it('is no markup in JUnit', async () => {
    const text = await report('junit');
    expect(text).toContain('tests="2" failures="2"');
    expect(text).not.toContain('<script');
    expect(text).toContain('lab/rtsp &amp; &lt;co&gt;.pcap');
  });

  it('is no formula in CSV', async () => {
    const base = sampleSnapshot();
    const hostile = {
      title: '=cmd|"/c"',
      nextStep: `@${HOSTILE}`,
      explanation: 'rtsp://x/;=cmd|a!A0',
      rule: '\uff1d1',
    };
    const text = await report('csv', { ...base, findings: [{ ...finding(), ...hostile }] });
    expect(text).toContain(`,rtsp://x/;'=cmd|a!A0,`);
    expect(text).toContain(`,'\uff1d1,`);
    expect(text).toContain(`,"'=cmd|""/c""",`);
    expect(text).toContain(`"'@<script>`);
    expect(text.split('\r\n')).toHaveLength(3);
  });

  it('reaches no terminal raw from names that the file chose', async () => {
    const [capture] = sampleSnapshot().captures;
    const file = 'a\u001b]0;title\u0007b.pcap';
    const warnings = [{ offset: 0, text: 'comment \u001b[2J' }];
    const text = await report('text', sampleSnapshot({ captures: [{ ...capture!, file, warnings }] }));
    expect([...text].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
  });
});

describe('pipelines', () => {
  it('see an undetermined finding as skipped, and a capture without findings as one case', async () => {
    const [finding] = sampleSnapshot().findings;
    const undetermined = sampleSnapshot({ findings: [{ ...(finding as Finding), verdict: 'undetermined' }] });
    expect(await report('junit', undetermined)).toContain('failures="0" errors="0" skipped="1"');
    expect(await report('junit', sampleSnapshot({ findings: [] }))).toContain('tests="1" failures="0"');
  });
});

describe('drawings', () => {
  it('show the packets of a flow once, however many findings are about it', async () => {
    const other = { ...finding(), id: 'not-in-policy-1', title: 'the same flow again' };
    const text = await report('html', sampleSnapshot({ findings: [finding(), other] }));
    expect(text.match(/<figcaption>Flow 1, RTSP/g)).toHaveLength(1);
  });

  it('leave out flows that never had a packet', async () => {
    const flows = [sampleFlow(1, { firstTime: null, lastTime: null, firstFrame: null })];
    const text = await report('html', sampleSnapshot({}, flows), flows);
    expect(text).not.toContain('Flows over time');
    expect(text).toContain('Flow 1, RTSP');
  });
});
