import { describe, expect, it } from 'vitest';
import { opinionScore } from './voice-quality.ts';

const WHOLE = { expected: 10_000, lost: 0, lossEvents: 0 };

describe('opinionScore', () => {
  it('is that of the codec where nothing is lost', () => {
    expect(opinionScore('PCMU', WHOLE)).toBeCloseTo(4.41, 2);
    expect(opinionScore('G729', WHOLE)).toBeCloseTo(4.1, 1);
    expect(opinionScore('g723', WHOLE)).toBeCloseTo(3.95, 1);
  });

  it('falls with loss, and more so where it comes in bursts', () => {
    const random = opinionScore('PCMA', { expected: 10_000, lost: 500, lossEvents: 475 });
    const bursts = opinionScore('PCMA', { expected: 10_000, lost: 500, lossEvents: 50 });
    // G.107 with Ie 0, Bpl 25.1 and 5 % of random loss: R = 93.2 - 95 * 5 / 30.1.
    expect(random).toBeCloseTo(3.92, 2);
    expect(bursts).toBeLessThan(random ?? 0);
    expect(opinionScore('PCMA', { expected: 100, lost: 99, lossEvents: 1 })).toBeGreaterThanOrEqual(1);
  });

  it('is given for voice only, and not where the model has no figures', () => {
    for (const encoding of ['H264', 'opus', 'G722', 'MP2T', 'GSM']) expect(opinionScore(encoding, WHOLE)).toBeNull();
    expect(opinionScore('PCMU', { expected: 0, lost: 0, lossEvents: 0 })).toBeNull();
  });
});
