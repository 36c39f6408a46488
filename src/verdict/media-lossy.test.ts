import { describe, expect, it } from 'vitest';
import { captureCase, flowCase } from '../../test/case-builder.ts';
import type { CaptureCase, StreamLoss } from './flow-case.ts';
import { checkMediaLossy } from './media-lossy.ts';

const flow = flowCase({ transport: 'udp', tcp: null, protocol: 'rtp', label: 'RTP' });
const reported = { reports: 12, lost: 290, worstShare: 0.35, place: 'before' } as const;

function lossOf(changes: Partial<StreamLoss> = {}): StreamLoss {
  return { flow, direction: 0, expected: 1000, lost: 300, lossEvents: 200, longestLoss: 4, reported: null, ...changes };
}

function placesOf(losses: readonly StreamLoss[], changes: Partial<CaptureCase> = {}): string[] {
  return checkMediaLossy({ ...captureCase([flow]), losses, ...changes }).map(({ groupKey }) => groupKey);
}

describe('a stream with many packets missing', () => {
  it('is told with where they were lost, as far as its receiver tells', () => {
    expect(placesOf([lossOf()])).toEqual(['lossy here']);
    expect(placesOf([lossOf({ reported })])).toEqual(['lossy before']);
    expect(placesOf([lossOf({ reported: { ...reported, place: 'both' } })])).toEqual(['lossy before']);
    const sound = { lost: 3, lossEvents: 2, longestLoss: 2, reported: { ...reported, place: 'after' } } as const;
    expect(placesOf([lossOf(sound)])).toEqual(['lossy behind']);
  });

  it('is judged by no verdict, and told once with others like it', () => {
    const [draft, ...more] = checkMediaLossy({ ...captureCase([flow]), losses: [lossOf(), lossOf({ lost: 600 })] });
    expect([draft?.verdict, draft?.flows, more]).toEqual(['background', [], []]);
    expect(draft?.tell().title).toMatch(/60% of its packets missing \(the worst of 2 such streams\)$/);
  });

  it('is nothing where the capture may have missed them itself, unless its receiver misses them too', () => {
    expect(placesOf([lossOf()], { lacksFrames: true })).toEqual([]);
    expect(placesOf([lossOf({ reported })], { lacksFrames: true })).toEqual(['lossy before']);
    expect(placesOf([lossOf({ reported: { ...reported, place: 'capture' } })])).toEqual([]);
    const denied = { ...reported, lost: 20, worstShare: 0.04, place: null };
    expect(placesOf([lossOf({ reported: denied })])).toEqual([]);
    expect(placesOf([lossOf({ reported: { ...denied, reports: 1 } })])).toEqual(['lossy here']);
  });

  it('is nothing where it is short, where few are missing, or where they are missing in one piece', () => {
    expect(placesOf([lossOf({ expected: 150, lost: 60 })])).toEqual([]);
    expect(placesOf([lossOf({ lost: 40, lossEvents: 40 })])).toEqual([]);
    expect(placesOf([lossOf({ longestLoss: 280, lossEvents: 12 })])).toEqual([]);
    expect(placesOf([lossOf({ lossEvents: 6, longestLoss: 60 })])).toEqual([]);
    const few = { lost: 0, lossEvents: 0, longestLoss: 0 };
    expect(placesOf([lossOf({ ...few, reported: { ...reported, lost: 20, place: 'after' } })])).toEqual([]);
  });
});
