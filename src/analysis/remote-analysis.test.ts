import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../../test/sample-analysis.ts';
import { CaptureError } from '../capture/frame-batch.ts';
import type { FromWorker } from './analysis-message.ts';
import type { AnalysisOptions } from './local-analysis.ts';
import { startRemoteAnalysis } from './remote-analysis.ts';
import type { Analysis } from './snapshot.ts';

const FIRST = { ...sampleSnapshot(), phase: 'reading' } as const;
const STARTED: FromWorker = { kind: 'started', snapshot: FIRST };
const REQUEST = { where: '', sort: 'id', descending: false, offset: 3, count: 1 } as const;

/** A thread that says what it is told to, and at each question what `asked` does. */
function start(says: readonly FromWorker[], asked = ''): Promise<Analysis> {
  const script = `
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', ({ options }) => {
      for (const message of options.says) parentPort.postMessage(message);
      parentPort.on('message', () => { ${asked} });
    });
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
  return startRemoteAnalysis({ paths: [], says } as AnalysisOptions, worker);
}

describe('an analysis in a thread', () => {
  it('puts together what was told one after the other, and keeps what has not changed', async () => {
    const totals = { ...FIRST.totals, frames: 7 };
    const analysis = await start([
      STARTED,
      { kind: 'snapshot', changes: { totals, findings: [] } },
      { kind: 'snapshot', changes: { originSeconds: 5 } },
      { kind: 'finished', changes: { phase: 'done' } },
    ]);
    const { policy } = analysis.snapshot;
    const told: unknown[] = [];
    analysis.subscribe((snapshot) => told.push(snapshot));
    const last = await analysis.finished;
    expect(last).toEqual({ ...FIRST, totals, findings: [], originSeconds: 5, phase: 'done' });
    expect(analysis.snapshot).toBe(last);
    expect(last.policy).toBe(policy);
    expect(told.at(-1)).toBe(last);
    await analysis.close();
  });

  it.each([
    ['process.exit()', 'the analysis stopped'],
    ['throw new Error("of a bug")', 'the analysis stopped: of a bug'],
  ])('is over when the thread dies of %s: what was read stands, and every question is answered', async (dies, why) => {
    const analysis = await start([STARTED, { kind: 'snapshot', changes: { originSeconds: 5 } }], dies);
    expect(await analysis.flows(REQUEST)).toEqual({ matched: 0, offset: 3, rows: [], error: null });
    expect(await analysis.finished).toEqual({ ...FIRST, originSeconds: 5, phase: 'failed', failure: why });
    expect(await analysis.flow(1)).toBeNull();
    await analysis.close();
  });

  it('answers when it is closed in the midst of a question', async () => {
    const analysis = await start([STARTED]);
    const [flow, frame] = [analysis.flow(1), analysis.frame({ capture: 0, frame: 1, time: 0 })];
    await analysis.close();
    expect(await flow).toBeNull();
    expect((await frame).kind).toBe('lost');
    expect((await analysis.finished).phase).toBe('reading');
  });

  it('does not start on what cannot be read', async () => {
    const reading = start([{ kind: 'unreadable', message: 'cannot read it' }]);
    await expect(reading).rejects.toThrow(new CaptureError('cannot read it'));
  });
});
