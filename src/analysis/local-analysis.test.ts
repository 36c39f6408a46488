import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startLocalAnalysis } from './local-analysis.ts';

const DEMO = fileURLToPath(new URL('../../fixtures/demo/capture.pcapng', import.meta.url));
const ALL = { where: '', sort: 'id', descending: false, offset: 0, count: 10 } as const;

it('is there before it reads: whoever shows it need not wait for the first frames', async () => {
  const analysis = await startLocalAnalysis({ paths: [DEMO], isWatched: true });
  expect((await analysis.flows(ALL)).matched).toBe(0);
  await analysis.finished;
  expect((await analysis.flows(ALL)).matched).toBeGreaterThan(0);
});
