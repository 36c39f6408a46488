import { describe, expect, it } from 'vitest';
import { at, captureCase, flowCase, icmpCase, seconds, tcpCase, tcpEvent } from '../../test/case-builder.ts';
import type { FlowCase, TcpCase } from './flow-case.ts';
import { checkPathMtu } from './path-mtu.ts';

const RUN = { count: 4, firstFrame: 21, lastFrame: 111, firstTime: seconds(2), lastTime: seconds(11) };

/** The server repeats a segment of this size, and the client goes on to speak. */
function loses(length: number, tcp: Partial<TcpCase> = {}, flow: Partial<FlowCase> = {}): string | undefined {
  const events = [2, 3, 5, 11].map((second) => tcpEvent('retransmission', second, { length }));
  const changed = tcpCase({ events, runs: [null, RUN], acknowledgedBytes: [700, 900], ...tcp });
  const lost = flowCase({ tcp: changed, lastTimes: [seconds(10), seconds(11)], ...flow });
  return checkPathMtu(lost, captureCase([lost]))?.verdict;
}

describe('segments that are lost for their size', () => {
  it('are told without an ICMP error, where small ones pass both ways', () => {
    expect(loses(1448)).toBe('blocked');
  });

  it('cannot be judged where a segment of the size may have passed before', () => {
    expect(loses(1448, { acknowledgedBytes: [700, 50_000] })).toBe('undetermined');
    expect(loses(1448, { acknowledgedBytes: [700, null] })).toBe('undetermined');
  });

  it('are no matter of size where small ones are lost too, or nothing ever passed', () => {
    expect(loses(400)).toBeUndefined();
    expect(loses(1448, { acknowledgedBytes: [700, 0] })).toBeUndefined();
    expect(loses(1448, { runs: [RUN, RUN] })).toBeUndefined();
  });

  it('are no matter of size where the receiver is gone', () => {
    expect(loses(1448, {}, { lastTimes: [seconds(2), seconds(11)] })).toBeUndefined();
    expect(loses(1448, { flags: [0x13, 0x12] })).toBeUndefined();
    expect(loses(1448, {}, { icmp: [icmpCase(3, 10, '10.10.1.1', at(3))] })).toBeUndefined();
  });
});
