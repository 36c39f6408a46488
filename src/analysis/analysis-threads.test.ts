import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AnalysisThreads } from './analysis-threads.ts';

/** Says at what it was told first. */
const ECHO = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', (message) => parentPort.postMessage('heard ' + message));
  `)}`,
);

describe('a thread for an analysis', () => {
  it('is the one that was begun before, for the first who asks; it waits for what it is told', async () => {
    const threads = new AnalysisThreads(ECHO);
    threads.prepare();
    const first = threads.take();
    const second = threads.take();
    expect(second.threadId).not.toBe(first.threadId);
    for (const [worker, word] of [[first, 'one'] as const, [second, 'two'] as const]) {
      const answer = once(worker, 'message');
      worker.postMessage(word);
      expect(await answer).toEqual([`heard ${word}`]);
      await worker.terminate();
    }
  });

  it('has begun when it is prepared', async () => {
    const threads = new AnalysisThreads(new URL('data:text/javascript,'));
    threads.prepare();
    const worker = threads.take();
    // With nothing to do it ends by itself, which it could not had it not begun.
    expect(await once(worker, 'exit')).toEqual([0]);
  });
});
