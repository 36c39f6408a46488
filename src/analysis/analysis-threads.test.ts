import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
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
    const threads = new AnalysisThreads(ECHO);
    threads.prepare();
    const later = new Worker(ECHO);
    const first = threads.take();
    expect(first.threadId).toBeLessThan(later.threadId);
    await Promise.all([first.terminate(), later.terminate()]);
  });

  it('keeps the process from ending once it is taken, and not before', () => {
    expect(saidBy('setInterval(() => {}, 1000)', '')).toBe('');
    expect(saidBy('setTimeout(() => {}, 100)', ".take().once('exit', () => process.stdout.write('over'))")).toBe(
      'over',
    );
  });
});

/** What a process says that prepares a thread which does `work`, and then something with it. */
function saidBy(work: string, then: string): string {
  const script = `
    import { AnalysisThreads } from './analysis-threads.ts';
    const threads = new AnalysisThreads(new URL('data:text/javascript,${encodeURIComponent(work)}'));
    threads.prepare();
    threads${then};
  `;
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const options = ['--import', 'tsx', '--input-type=module', '-e', script];
  return execFileSync(process.execPath, options, { cwd: folder, encoding: 'utf8', timeout: 20_000 });
}
