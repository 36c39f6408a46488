import { describe, expect, it, vi } from 'vitest';
import { manyFlows, unansweredFinding } from '../../test/live-analysis.ts';
import { CAPTURING, openScreen, READING, statusOf } from '../../test/open-screen.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import type { Finding } from '../verdict/finding.ts';
import { currentPosition } from './state.ts';

describe('a live capture', () => {
  const at = (elapsedMs: number, frames: number, bytes: number): Partial<Snapshot> => ({
    phase: 'reading',
    progress: { bytesRead: bytes, bytesTotal: null, elapsedMs },
    totals: { ...manyFlows(3).snapshot.totals, frames, bytes },
  });

  it('tells how fast frames come in now, not since its start', async () => {
    const analysis = manyFlows(3);
    analysis.publish(at(0, 0, 0));
    const { store } = openScreen(analysis);
    for (const [second, frames] of [0, 5000, 5000, 5000, 5000, 5010].entries()) {
      analysis.publish(at(1000 * second, frames, 100 * frames));
    }
    expect(statusOf(store)).toContain('3 frames/s  2.67 kbit/s  for 5.0 s');
  });

  it('tells what is filtered, and its rate beside it', async () => {
    const analysis = manyFlows(3);
    analysis.publish(at(0, 0, 0));
    const { store, press } = openScreen(analysis);
    analysis.publish(at(500, 5, 625));
    await press('/rtsp\r');
    analysis.publish(at(1000, 10, 1250));
    expect(statusOf(store)).toMatch(/filter: rtsp +Capturing 10\.0 kbit\/s {3}Esc clears/);
  });
});

describe('a problem that turns up live', () => {
  it('is told in one line without moving the cursor, and rings when asked to', async () => {
    const analysis = manyFlows(50);
    const ring = vi.fn();
    analysis.publish(CAPTURING);
    const { store, press } = openScreen(analysis, 80, 24, true, ring);
    await press('jj');
    const { cursor } = currentPosition(store.scene.state);
    const { findings } = analysis.snapshot;
    const news = { ...unansweredFinding(), id: 'new-1', title: 'RTSP to the new server is blocked' };
    analysis.publish({ findings: [...findings, news] });
    expect(store.scene.state.notice).toBe('New: RTSP to the new server is blocked');
    expect(currentPosition(store.scene.state).cursor).toBe(cursor);
    expect(ring).not.toHaveBeenCalled();
    await press('b');
    analysis.publish({ findings: [...findings, news, { ...news, id: 'new-2' }] });
    expect(ring).toHaveBeenCalledTimes(1);
  });

  it('is told until it is no news any more, and so is its end', async () => {
    const analysis = manyFlows(3);
    analysis.publish(CAPTURING);
    const { store } = openScreen(analysis);
    const { findings } = analysis.snapshot;
    const news = { ...unansweredFinding(), id: 'new-1', title: 'RTSP to the new server is blocked' };
    const at = (elapsedMs: number, ...now: readonly Finding[]) =>
      analysis.publish({ findings: now, progress: { bytesRead: 10, bytesTotal: null, elapsedMs } });
    at(1000, ...findings, news);
    expect(store.scene.data.ages.get('new-1')).toBe('new');
    at(15_000, ...findings, news);
    expect(store.scene.state.notice).toContain('New: RTSP to the new server');
    at(30_000, ...findings, news);
    expect(store.scene.state.notice).toBe('');
    expect(store.scene.data.ages.get('new-1')).toBeUndefined();
    at(31_000, ...findings);
    expect(store.scene.state.notice).toBe('Over: RTSP to the new server is blocked');
  });

  it('is told again when it becomes graver, as when a SYN is repeated at last', async () => {
    const analysis = manyFlows(3);
    analysis.publish(CAPTURING);
    const { store } = openScreen(analysis);
    const { findings } = analysis.snapshot;
    const blocked = { ...unansweredFinding(), id: 'new-1', title: 'RTSP is blocked' };
    const unclear: Finding = { ...blocked, title: 'RTSP cannot be judged', verdict: 'undetermined' };
    const at = (elapsedMs: number, finding: Finding) =>
      analysis.publish({ findings: [...findings, finding], progress: { bytesRead: 10, bytesTotal: null, elapsedMs } });
    at(1000, unclear);
    at(20_000, blocked);
    expect(store.scene.state.notice).toBe('New: RTSP is blocked');
    expect(store.scene.data.ages.get('new-1')).toBe('new');
    at(21_000, unclear);
    expect(store.scene.state.notice).toBe('New: RTSP is blocked');
  });

  it('fades when nothing more has come of it for a minute, and is back when it goes on', async () => {
    const analysis = manyFlows(1);
    analysis.publish(CAPTURING);
    const { store } = openScreen(analysis);
    const [finding = unansweredFinding()] = analysis.snapshot.findings;
    const at = (elapsedMs: number, now: Finding) =>
      analysis.publish({ findings: [now], progress: { bytesRead: 10, bytesTotal: null, elapsedMs } });
    at(30_000, finding);
    expect(store.scene.data.ages.get(finding.id)).toBeUndefined();
    at(70_000, finding);
    expect(store.scene.data.ages.get(finding.id)).toBe('quiet');
    at(71_000, { ...finding, viewers: finding.viewers + 1 });
    expect(store.scene.data.ages.get(finding.id)).toBeUndefined();
  });

  it('does not take the first row from under a cursor that was put there', async () => {
    const analysis = manyFlows(3);
    analysis.publish(CAPTURING);
    const { store, press } = openScreen(analysis);
    await press('jk');
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'graver' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(1);
    await press('g');
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'gravest' }, ...analysis.snapshot.findings] });
    expect(currentPosition(store.scene.state).cursor).toBe(0);
  });

  it('is not told while a file is read', async () => {
    const analysis = manyFlows(5);
    analysis.publish(READING);
    const { store } = openScreen(analysis);
    analysis.publish({ findings: [{ ...unansweredFinding(), id: 'new-1' }] });
    expect(store.scene.state.notice).toBe('');
  });
});
