import { describe, expect, it } from 'vitest';
import { at, CLIENT, flowCase, icmpCase, mediaCase, SERVER, tcpCase, tcpEvent } from '../../test/case-builder.ts';
import { sampleStream } from '../../test/live-analysis.ts';
import { sampleFlow } from '../../test/sample-analysis.ts';
import { ControlRecord } from '../protocol/control-record.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { ladderOf } from './ladder.ts';

const RTP = { transport: 'udp', protocol: 'rtp', label: 'RTP', tcp: null };
const NEVER = Number.NEGATIVE_INFINITY;

function drawn(flow: FlowCase, others: readonly FlowCase[] = [], row = sampleFlow(1)): string[] {
  const told = [flow, ...others].map((each) => ({ flow: each, row }));
  const marks = { toResponder: '>', toInitiator: '<', 'from-elsewhere': '?' };
  return ladderOf(flow, told).steps.map(({ direction, name, detail }) =>
    `${marks[direction]} ${name} ${detail}`.trimEnd(),
  );
}

function withMessages(count: number): ControlRecord {
  const record = new ControlRecord();
  for (let index = 0; index < count; index++) record.message(at(index), 0, `OPTIONS ${index}`);
  return record;
}

describe('the ladder', () => {
  it('points the arrows of media by its own ends, whoever opened the media flow', () => {
    const control = flowCase({ tcp: tcpCase({ events: [tcpEvent('syn', 0, { ttl: 64 })] }) });
    const media = flowCase({
      ...RTP,
      initiator: { address: SERVER, port: 6970 },
      responder: { address: CLIENT, port: 5004 },
      packets: [7, 0],
      firstTime: 1e9,
      firstFrames: [11, 0],
      lastFrames: [19, 0],
      lastTimes: [5e9, NEVER],
    });
    expect(drawn(control, [media])).toEqual(['> SYN TTL 64', '< first RTP port 6970 to 5004', '< last RTP 7 packets']);
  });

  it('says when the media began behind the packet that opened its path', () => {
    const media = flowCase({
      ...RTP,
      packets: [1, 100],
      firstFrames: [1, 4],
      lastFrames: [1, 90],
      lastTimes: [0, 9e9],
    });
    const streams = [sampleStream({ direction: 'toInitiator', packets: 100, firstTime: 2e9 })];
    expect(drawn(media, [], sampleFlow(1, { media: { streams, connection: null } }))).toEqual([
      '> RTP 1 packet, port 40000 to 554',
      '< first RTP port 554 to 40000',
      '< last RTP 100 packets',
    ]);
  });

  it('shows that nothing came where media had to, behind the answer that said so', () => {
    const record = new ControlRecord();
    record.message(at(1), 1, '200 OK');
    const control = flowCase({ record });
    expect(drawn(control, [mediaCase(control)])).toEqual([
      '< 200 OK',
      '< no RTP port 50200 to 40100: had to come from here on',
    ]);
    expect(drawn(control, [mediaCase(control, { announcement: { mayBeSilent: true } })])).toEqual(['< 200 OK']);
    expect(drawn(control, [mediaCase(control, { packets: [0, 1], firstFrames: [0, 13] })])).not.toContain('no RTP');
  });

  it('does not tell of first and last packets where messages do', () => {
    const control = flowCase({ ...RTP, protocol: 'sip', label: 'SIP', record: withMessages(1) });
    expect(drawn(control)).toEqual(['> OPTIONS 0']);
  });

  it('says from whom an error came, and to whom it went', () => {
    const flow = flowCase({ icmp: [icmpCase(3, 13, '10.10.1.1')] });
    expect(drawn(flow)).toEqual(['? ICMP 3/13 from 10.10.1.1']);
    expect(ladderOf(flow, [{ flow, row: sampleFlow(1) }]).steps[0]).toMatchObject({ from: '10.10.1.1', to: CLIENT });
  });

  it('leaves out of the middle what is too much, and keeps the end', () => {
    const flow = flowCase({ tcp: tcpCase({ events: Array.from({ length: 700 }, (_, at) => tcpEvent('syn', at)) }) });
    const { steps, dropped } = ladderOf(flow, [{ flow, row: sampleFlow(1) }]);
    expect(dropped).toBe(200);
    expect(steps).toHaveLength(500);
    expect(steps.at(-1)?.time).toBe(699e9);
  });
});
