import { describe, expect, it } from 'vitest';
import { captureCase, flowCase, seconds, tcpCase } from '../../test/case-builder.ts';
import { checkDataLost } from './data-lost.ts';

const run = (firstSecond: number, lastSecond: number, count = 5) => ({
  count,
  firstFrame: firstSecond * 10,
  lastFrame: lastSecond * 10,
  firstTime: seconds(firstSecond),
  lastTime: seconds(lastSecond),
});

/** The client repeats itself from second 10 to 20; the server has acknowledged nothing of it and says this until `lastHeard`. */
function judged(answer: ReturnType<typeof run>, lastHeard = 20) {
  const tcp = tcpCase({ runs: [run(10, 20), null], acknowledgedRuns: [null, answer] });
  const flow = flowCase({ tcp, lastTimes: [seconds(20), seconds(lastHeard)] });
  return checkDataLost(flow, captureCase([flow]));
}

describe('data that passes here and does not reach the other end', () => {
  it('is shown by what that end repeats though it was acknowledged', () => {
    expect(judged(run(9, 18, 2))).toMatchObject({ verdict: 'blocked', where: 'toward-responder' });
  });

  it('is not where that end has spoken only just after, or repeated itself only before', () => {
    expect(judged(run(9, 11, 2), 12)).toBeNull();
    expect(judged(run(2, 8, 2))).toBeNull();
  });
});
