import { expect, it } from 'vitest';
import { at, captureCase, controlCase, seconds, tcpCase, tcpEvent } from '../../test/case-builder.ts';
import type { FlowCase } from './flow-case.ts';
import { checkStreamStopped } from './stream-stopped.ts';

/** RTSP with its media inside, of which the last packet came at second 20 of 50. */
function stream(changes: Partial<FlowCase> = {}): FlowCase & Pick<ReturnType<typeof controlCase>, 'record'> {
  const sent = { packets: [200, 200], payload: [500, 100_000] } as const;
  const flow = controlCase(20, { ...sent, ...changes });
  flow.record.fact('transport', 'TCP interleaved');
  flow.record.message(at(1), 0, 'PLAY');
  return flow;
}

function verdictOf(flow: FlowCase): string | null {
  return checkStreamStopped(flow, captureCase([flow], { endSecond: 50 }))?.verdict ?? null;
}

it('a stream that falls silent without a word cannot be judged', () => {
  expect(verdictOf(stream())).toBe('undetermined');
});

it('a stream is no cut one where its receiver takes no more, its viewer paused it, or its recording is over', () => {
  const full = tcpCase({ events: [tcpEvent('zero-window', 19.5, { direction: 0 })] });
  expect(verdictOf(stream({ tcp: full }))).toBeNull();
  const paused = stream();
  paused.record.message(at(20), 0, 'PAUSE');
  expect(verdictOf(paused)).toBeNull();
  const over = stream();
  over.record.fact('range', 'npt=0-21');
  expect(verdictOf(over)).toBeNull();
});

it('a stream with packets as far apart as its silence, or with hardly any, is not silent', () => {
  expect(verdictOf(stream({ packets: [200, 10] }))).toBeNull();
  expect(verdictOf(stream({ packets: [200, 9] }))).toBeNull();
  expect(verdictOf(stream({ payload: [500, 4000] }))).toBeNull();
});

it('a stream ends with its connection, and is not waited for until much later', () => {
  const closed = tcpCase({ events: [tcpEvent('fin', 24)] });
  expect(verdictOf(stream({ tcp: closed }))).toBeNull();
  expect(verdictOf(stream({ lastTimes: [seconds(45), seconds(45)] }))).toBeNull();
});
