import { describe, expect, it } from 'vitest';
import { captureCase, flowCase, seconds, tcpCase, tcpEvent } from '../../test/case-builder.ts';
import { checkAcknowledgementsLost } from './acknowledgements-lost.ts';
import type { FlowCase, TcpCase } from './flow-case.ts';

const run = { count: 5, firstFrame: 40, lastFrame: 90, firstTime: seconds(4), lastTime: seconds(12) };

function judged(tcp: Partial<TcpCase>, changes: Partial<FlowCase> = {}) {
  const flow = flowCase({ tcp: tcpCase(tcp), lastTimes: [seconds(12), seconds(12)], ...changes });
  return checkAcknowledgementsLost(flow, captureCase([flow]));
}

describe('data that is sent again although it was acknowledged', () => {
  it('shows that the acknowledgements are lost on the way to its sender', () => {
    const found = judged({ acknowledgedRuns: [null, run] });
    expect(found).toMatchObject({ code: 'tcp-cut-midstream', verdict: 'blocked', where: 'toward-responder' });
    expect(judged({ acknowledgedRuns: [run, null] })?.where).toBe('toward-initiator');
  });

  it('is loss when it is over soon', () => {
    expect(judged({ acknowledgedRuns: [null, { ...run, count: 2 }] })).toBeNull();
    expect(judged({ acknowledgedRuns: [null, { ...run, lastTime: seconds(6) }] })).toBeNull();
  });

  it('is the end of a connection when its sender has closed, or its receiver is silent', () => {
    expect(judged({ acknowledgedRuns: [null, run], flags: [0x12, 0x13] })).toBeNull();
    expect(judged({ acknowledgedRuns: [null, run] }, { lastTimes: [seconds(3), seconds(12)] })).toBeNull();
  });

  it('is shown where either end gives up and closes after it', () => {
    const later = [tcpEvent('fin', 20, { direction: 1 }), tcpEvent('rst', 21)];
    const changes = { outcome: 'reset', flags: [0x16, 0x13], events: later } as const;
    expect(judged({ acknowledgedRuns: [null, run], ...changes })?.verdict).toBe('blocked');
    expect(judged({ acknowledgedRuns: [null, run], ...changes, events: [tcpEvent('rst', 9)] })).toBeNull();
  });
});
