import { describe, expect, it } from 'vitest';
import {
  at,
  attempt,
  CLIENT,
  captureCase,
  flowCase,
  hostInfo,
  icmpCase,
  SERVER,
  seconds,
  tcpCase,
  tcpEvent,
} from '../../test/case-builder.ts';
import { checkTcpUnanswered } from './tcp-unanswered.ts';

describe('a SYN without an answer', () => {
  it('is blocked when it is repeated on its timer and answers would show', () => {
    const flow = attempt([0, 1, 3, 7]);
    expect(checkTcpUnanswered(flow, captureCase([flow]))).toMatchObject({
      verdict: 'blocked',
      certainty: 'confirmed',
      where: 'toward-responder',
    });
  });

  it('is blocked by the repetition alone where the way back is hidden, and less surely', () => {
    const flow = attempt([0, 3], { isInitiatorReached: false });
    expect(checkTcpUnanswered(flow, captureCase([flow]))).toMatchObject({ verdict: 'blocked', certainty: 'inferred' });
  });

  it('cannot be judged when it came once', () => {
    const flow = attempt([0]);
    expect(checkTcpUnanswered(flow, captureCase([flow]))?.verdict).toBe('undetermined');
  });

  it('cannot be judged when a new one comes sooner than any timer after something else was sent', () => {
    const judge = (changes: Partial<Parameters<typeof flowCase>[0]>) => {
      const flow = attempt([0, 0.5], changes);
      return checkTcpUnanswered(flow, captureCase([flow]))?.verdict;
    };
    expect(judge({})).toBe('blocked');
    expect(judge({ packets: [3, 0] })).toBe('undetermined');
    expect(judge({ isInitiatorReached: false })).toBe('undetermined');
  });

  it('cannot be judged when the second one is a copy within milliseconds', () => {
    const flow = attempt([0, 0.01], { isInitiatorReached: false });
    expect(checkTcpUnanswered(flow, captureCase([flow]))?.verdict).toBe('undetermined');
  });

  it('cannot be judged when the capture ends with its only repetition', () => {
    const flow = attempt([0, 1]);
    expect(checkTcpUnanswered(flow, captureCase([flow], { endSecond: 1.1 }))?.verdict).toBe('undetermined');
  });

  it('is no block when nobody on its own link answers for the host', () => {
    const flow = attempt([0, 1, 3]);
    const hosts = [hostInfo(SERVER, { soughtAt: at(0), sought: 4 })];
    const draft = checkTcpUnanswered(flow, captureCase([flow], { hosts }));
    expect(draft).toMatchObject({ verdict: 'undetermined', cause: 'host' });
    expect(draft?.tell().why).toContain('switched off');
  });

  it('says so when another client reached the same port', () => {
    const flow = attempt([0, 1, 3]);
    const other = flowCase({ initiator: { address: '10.10.1.11', port: 41_000 }, tcp: tcpCase({ outcome: 'closed' }) });
    expect(checkTcpUnanswered(flow, captureCase([flow, other]))?.tell().why).toContain('Another connection');
  });

  it('is left to the ICMP error that answered it, and to connections that opened', () => {
    const prohibited = attempt([0, 1], { icmp: [icmpCase(3, 13, '10.10.1.1')] });
    const capture = captureCase([]);
    expect(checkTcpUnanswered(prohibited, capture)).toBeNull();
    expect(checkTcpUnanswered(flowCase(), capture)).toBeNull();
    expect(checkTcpUnanswered(attempt([0, 1], { isStreaming: false }), capture)).toBeNull();
  });
});

describe('an answer that the initiator does not get', () => {
  const halfOpen = (syns: readonly number[]) =>
    flowCase({
      tcp: tcpCase({
        outcome: 'half-open',
        syns: syns.length,
        lastSynTime: seconds(syns.at(-1) ?? 0),
        events: [...syns.map((second) => tcpEvent('syn', second)), tcpEvent('syn-ack', 0.02)],
      }),
    });

  it('is blocked behind this point when the SYN is repeated after it', () => {
    const flow = halfOpen([0, 1, 3]);
    const draft = checkTcpUnanswered(flow, captureCase([flow]));
    expect(draft).toMatchObject({ verdict: 'blocked', where: 'toward-initiator' });
    expect(draft?.tell().why).toContain(CLIENT);
  });

  it('is nothing when the SYN is not repeated, or crossed its answer', () => {
    expect(checkTcpUnanswered(halfOpen([0]), captureCase([]))).toBeNull();
    expect(checkTcpUnanswered(halfOpen([0, 0.1]), captureCase([]))).toBeNull();
  });
});
