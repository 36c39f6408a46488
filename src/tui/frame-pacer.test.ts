import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FramePacer } from './frame-pacer.ts';

/** Longer than any pause between two drawings. */
const LONG_MS = 1000;

let drawn: number;
let pacer: FramePacer;

beforeEach(() => {
  vi.useFakeTimers();
  drawn = 0;
  pacer = new FramePacer(() => drawn++);
});

afterEach(() => {
  vi.useRealTimers();
});

/** As after the first drawing, just now. */
async function drawOnce(): Promise<void> {
  pacer.request(true);
  await Promise.resolve();
  expect(drawn).toBe(1);
}

describe('a screen', () => {
  it('is drawn once for all that came with one key, before anything else', async () => {
    pacer.request(false);
    pacer.request(true);
    expect(drawn).toBe(0);
    await Promise.resolve();
    expect(drawn).toBe(1);
    vi.advanceTimersByTime(LONG_MS);
    expect(drawn).toBe(1);
  });

  it('is drawn soon after the next key, later for news, and at once where a key comes in between', async () => {
    await drawOnce();
    pacer.request(false);
    vi.advanceTimersByTime(100);
    expect(drawn).toBe(1);
    vi.advanceTimersByTime(100);
    expect(drawn).toBe(2);
    pacer.request(false);
    pacer.request(true);
    vi.advanceTimersByTime(8);
    expect(drawn).toBe(3);
    vi.advanceTimersByTime(LONG_MS);
    expect(drawn).toBe(3);
    pacer.request(false);
    await Promise.resolve();
    expect(drawn).toBe(4);
  });

  it('is drawn no more once that is stopped, whether it is due now or later', async () => {
    pacer.request(true);
    pacer.stop();
    await Promise.resolve();
    expect(drawn).toBe(0);
    await drawOnce();
    pacer.request(true);
    pacer.stop();
    vi.advanceTimersByTime(LONG_MS);
    expect(drawn).toBe(1);
  });
});
