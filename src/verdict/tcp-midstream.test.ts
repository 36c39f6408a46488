import { describe, expect, it } from 'vitest';
import {
  at,
  captureCase,
  controlCase,
  flowCase,
  hostInfo,
  SERVER,
  seconds,
  tcpCase,
  tcpEvent,
} from '../../test/case-builder.ts';
import type { FlowCase } from './flow-case.ts';
import { checkTcpCutMidstream, checkTcpResetMidstream } from './tcp-midstream.ts';

const OWN_TTL = { hosts: [hostInfo(SERVER, { tcpTtl: 63 })] };

function reset(second: number, ttl: number, changes: Partial<FlowCase> = {}): FlowCase {
  const events = [tcpEvent('syn', 0), tcpEvent('syn-ack', 0.01), tcpEvent('rst', second, { ttl })];
  return flowCase({
    lastTimes: [seconds(second - 1), seconds(second)],
    tcp: tcpCase({ outcome: 'reset', events }),
    ...changes,
  });
}

describe('a reset of an established connection', () => {
  it('is blocked when something on the path sent it', () => {
    expect(checkTcpResetMidstream(reset(10, 64), captureCase([], OWN_TTL))?.verdict).toBe('blocked');
  });

  it('is refused when the host sent it', () => {
    expect(checkTcpResetMidstream(reset(10, 63), captureCase([], OWN_TTL))?.verdict).toBe('refused');
  });

  it('cannot be judged where a close before it may be missing, unless a device ended what was in use', () => {
    const missing = (second: number, ttl: number, lastHeard = second - 1) => {
      const whole = reset(second, ttl, { lastTimes: [seconds(lastHeard), seconds(second)] });
      return { ...whole, tcp: tcpCase({ ...whole.tcp, isEndMissing: [true, false] }) };
    };
    const judge = (flow: FlowCase) => checkTcpResetMidstream(flow, captureCase([], OWN_TTL));
    expect(judge(missing(10, 63))?.verdict).toBe('undetermined');
    expect(judge(missing(10, 63))?.tell().why).toContain('missing in the capture');
    expect(judge(missing(10, 64))?.verdict).toBe('blocked');
    expect(judge(missing(40, 64, 20))?.verdict).toBe('undetermined');
    const lacking = (second: number) => {
      const control = controlCase(10, { ...reset(10, 63) });
      control.record.cutAt = at(second);
      return judge(control)?.verdict;
    };
    expect([lacking(8), lacking(2)]).toEqual(['undetermined', 'refused']);
  });

  it('cannot be judged where the capture holds the last moments of the connection alone, unless a device ended it', () => {
    const tail = (second: number, ttl = 63) =>
      flowCase({
        lastTimes: [seconds(second - 1), seconds(second)],
        tcp: tcpCase({ outcome: 'reset', flags: [0x10, 0x14], events: [tcpEvent('rst', second, { ttl })] }),
      });
    expect(checkTcpResetMidstream(tail(3), captureCase([], OWN_TTL))?.verdict).toBe('undetermined');
    expect(checkTcpResetMidstream(tail(9), captureCase([], OWN_TTL))?.verdict).toBe('refused');
    expect(checkTcpResetMidstream(tail(3, 64), captureCase([], OWN_TTL))?.verdict).toBe('blocked');
  });

  it('is no finding when both ends went on after it', () => {
    const flow = reset(10, 64, { lastTimes: [seconds(15), seconds(15)] });
    expect(checkTcpResetMidstream(flow, captureCase([], OWN_TTL))).toBeNull();
    const oneSided = { ...flow, packets: [0, 10], lastTimes: [Number.NEGATIVE_INFINITY, seconds(15)] } as const;
    expect(checkTcpResetMidstream(oneSided, captureCase([], OWN_TTL))).toBeNull();
  });

  it('is no finding when it answered an earlier SYN of the same ports', () => {
    const events = [
      tcpEvent('syn', 0),
      tcpEvent('rst', 0.1, { ttl: 64 }),
      tcpEvent('syn', 0.5),
      tcpEvent('syn-ack', 0.6),
    ];
    const flow = flowCase({ tcp: tcpCase({ outcome: 'reset', events }) });
    expect(checkTcpResetMidstream(flow, captureCase([], OWN_TTL))).toBeNull();
  });

  it('is a close after FIN, after TEARDOWN, and by a client that leaves', () => {
    const capture = captureCase([], OWN_TTL);
    const fin = reset(10, 63);
    const events = [...(fin.tcp?.events ?? []), tcpEvent('fin', 9)];
    expect(checkTcpResetMidstream({ ...fin, tcp: tcpCase({ outcome: 'reset', events }) }, capture)).toBeNull();
    const closed = controlCase(10);
    closed.record.closedAt = at(9);
    expect(checkTcpResetMidstream(reset(10, 63, { record: closed.record }), capture)).toBeNull();
    const left = tcpCase({ outcome: 'reset', events: [tcpEvent('syn-ack', 0), tcpEvent('rst', 10, { direction: 0 })] });
    expect(checkTcpResetMidstream(flowCase({ tcp: left }), capture)).toBeNull();
  });
});

const run = (count: number, first: number, last: number) => ({
  count,
  firstFrame: first * 10,
  lastFrame: last * 10,
  firstTime: seconds(first),
  lastTime: seconds(last),
});

/** A connection whose last packet of the silent side came at 5 s; the other side repeats from then on. */
function cut(direction: 0 | 1, repeated: ReturnType<typeof run>, changes: Partial<FlowCase> = {}): FlowCase {
  const runs = direction === 0 ? ([repeated, null] as const) : ([null, repeated] as const);
  const lastTimes =
    direction === 0 ? ([repeated.lastTime, seconds(5)] as const) : ([seconds(5), repeated.lastTime] as const);
  return flowCase({ lastTimes, tcp: tcpCase({ runs }), ...changes });
}

describe('data that nobody acknowledges any more', () => {
  it('is blocked toward the server', () => {
    const flow = cut(0, run(5, 6, 12));
    expect(checkTcpCutMidstream(flow, captureCase([flow]))).toMatchObject({
      verdict: 'blocked',
      where: 'toward-responder',
    });
  });

  it('is blocked toward a client that was playing until then', () => {
    const flow = cut(1, run(5, 6, 18), { packets: [40, 60] });
    expect(checkTcpCutMidstream(flow, captureCase([flow]))?.verdict).toBe('blocked');
  });

  it('is not called a block toward an idle client of which nothing else is heard', () => {
    const flow = cut(1, run(5, 6, 12));
    expect(checkTcpCutMidstream(flow, captureCase([flow]))?.verdict).toBe('undetermined');
    const alive = flowCase({ responder: { address: '10.10.9.9', port: 80 }, lastTimes: [seconds(30), seconds(30)] });
    expect(checkTcpCutMidstream(flow, captureCase([flow, alive]))?.verdict).toBe('blocked');
  });

  it('is ordinary loss when it is short, and no cut when the connection never opened', () => {
    const short = cut(0, run(3, 6, 7));
    expect(checkTcpCutMidstream(short, captureCase([short]))).toBeNull();
    const scanned = cut(1, run(5, 6, 18), { tcp: tcpCase({ outcome: 'half-open', runs: [null, run(5, 6, 18)] }) });
    expect(checkTcpCutMidstream(scanned, captureCase([scanned]))).toBeNull();
  });

  it('is no cut when the silent side had reset the connection, or spoke meanwhile', () => {
    const gone = cut(0, run(5, 6, 12), { tcp: tcpCase({ runs: [run(5, 6, 12), null], flags: [0x12, 0x16] }) });
    expect(checkTcpCutMidstream(gone, captureCase([gone]))).toBeNull();
    const talking = { ...cut(0, run(5, 6, 12)), lastTimes: [seconds(12), seconds(8)] as const };
    expect(checkTcpCutMidstream(talking, captureCase([talking]))).toBeNull();
  });
});
