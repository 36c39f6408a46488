import { describe, expect, it } from 'vitest';
import { EVEN_STREAM } from '../../test/even-stream.ts';
import { sampleFlow, sampleSnapshot } from '../../test/sample-analysis.ts';
import type { MeasuredStreamRow } from '../analysis/measured-media.ts';
import { writePrometheus } from './prometheus.ts';

const STREAM: MeasuredStreamRow = {
  ...EVEN_STREAM,
  ...{
    direction: 'toResponder',
    ssrc: 0,
    payloadType: 96,
    codec: 'H264',
    clockRate: 90_000,
    packets: 100,
    bytes: 9000,
  },
  ...{ expected: 107, lost: 0, meanJitterMs: 1, maxJitterMs: 2, maxDeltaMs: 3, firstTime: 0, lastTime: 1e9 },
};

/** Every line is a comment or a sample with a finite value, as the text format has them. */
const LINE =
  /^(# (HELP|TYPE) mediatap_\w+ .+|mediatap_\w+(\{\w+="([^"\\\n]|\\["\\n])*"(,\w+="([^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e-?\d+)?)$/;

function linesOf(text: string): string[] {
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split('\n');
  for (const line of lines) expect(line).toMatch(LINE);
  return lines;
}

describe('writePrometheus', () => {
  it('tells packets, flows by protocol and verdict, and findings by code', () => {
    const snapshot = sampleSnapshot();
    const lines = linesOf(writePrometheus(snapshot, []));
    expect(lines).toContain(`mediatap_packets_total ${snapshot.totals.frames}`);
    expect(lines).toContain('mediatap_flows{protocol="RTSP",verdict="ok"} 2');
    const [finding] = snapshot.findings;
    const count = snapshot.findings.filter(
      ({ code, verdict }) => code === finding?.code && verdict === finding.verdict,
    );
    expect(lines).toContain(`mediatap_findings{code="${finding?.code}",verdict="${finding?.verdict}"} ${count.length}`);
  });

  it('tells drops only where the source counts them, and escapes what an interface is called', () => {
    const [capture] = sampleSnapshot().captures;
    if (capture === undefined) throw new Error('the sample has a capture');
    const interfaces = [
      { name: 'e"t\\h\n0', linkType: 'Ethernet', filter: null, dropped: 3 },
      { name: 'eth1', linkType: 'Ethernet', filter: null, dropped: null },
    ];
    const text = writePrometheus(sampleSnapshot({ captures: [{ ...capture, interfaces }] }), []);
    const dropped = linesOf(text).filter((line) => line.startsWith('mediatap_dropped'));
    expect(dropped).toEqual(['mediatap_dropped_packets_total{interface="e\\"t\\\\h\\n0"} 3']);
  });

  it('tells packets, loss and jitter of streams, within a bound', () => {
    const stream: MeasuredStreamRow = { ...STREAM, ssrc: 0xabc, lost: 7, meanJitterMs: 12.5 };
    const media = { connection: null, streams: [stream, { ...stream, ssrc: 0xdef, meanJitterMs: null }] };
    const lines = linesOf(writePrometheus(sampleSnapshot(), [{ ...sampleFlow(1), media }]));
    const jitter = lines.filter((line) => line.startsWith('mediatap_rtp_jitter_seconds'));
    expect(jitter).toHaveLength(1);
    expect(jitter[0]).toMatch(/ssrc="0x00000abc".* 0\.0125$/);
    expect(lines.filter((line) => line.startsWith('mediatap_rtp_lost_packets'))).toHaveLength(2);
    const many = Array.from({ length: 2000 }, (_, ssrc) => ({ ...stream, ssrc }));
    const bounded = linesOf(
      writePrometheus(sampleSnapshot(), [{ ...sampleFlow(1), media: { connection: null, streams: many } }]),
    );
    expect(bounded.length).toBeLessThan(2000);
  });
});
