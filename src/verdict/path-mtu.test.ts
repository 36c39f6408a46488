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

  it('are lost, for their size or not, where the receiver speaks long after and acknowledges nothing of them', () => {
    for (const acknowledgedBytes of [[700, 50_000] as const, [700, null] as const]) {
      expect(loses(1448, { acknowledgedBytes })).toBe('blocked');
      expect(loses(1448, { acknowledgedBytes }, { lastTimes: [seconds(4), seconds(11)] })).toBe('undetermined');
    }
  });

  it('are lost before the receiver gives up and closes', () => {
    const fin = (second: number) => ({
      flags: [0x13, 0x12] as const,
      events: [
        ...[2, 3, 5, 11].map((at) => tcpEvent('retransmission', at, { length: 1448 })),
        tcpEvent('fin', second, { direction: 0 }),
      ],
    });
    expect(loses(1448, fin(9))).toBe('blocked');
    expect(loses(1448, fin(3))).toBeUndefined();
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
