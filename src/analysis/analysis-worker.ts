/** Entry of the worker thread that reads and judges while another thread draws. */

import { once } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { CaptureError } from '../capture/frame-batch.ts';
import { changesSince, type FromWorker, type ToWorker } from './analysis-message.ts';
import { startLocalAnalysis } from './local-analysis.ts';
import type { Analysis, Snapshot } from './snapshot.ts';

const port = parentPort;
if (port === null) throw new Error('analysis-worker runs as a worker thread only');

const say = (message: FromWorker): void => port.postMessage(message);

async function answer(analysis: Analysis, message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'start':
      return;
    case 'cancel':
      analysis.cancel();
      return;
    case 'flows':
      say({ kind: 'answer', question: message.question, value: await analysis.flows(message.request) });
      return;
    case 'flow':
      say({ kind: 'answer', question: message.question, value: await analysis.flow(message.id) });
      return;
    case 'recall':
      say({ kind: 'answer', question: message.question, value: await analysis.recall(message.folder) });
      return;
    case 'frame':
      say({ kind: 'answer', question: message.question, value: await analysis.frame(message.request) });
  }
}

try {
  const [start] = (await once(port, 'message')) as [ToWorker & { kind: 'start' }];
  const analysis = await startLocalAnalysis(start.options);
  let told = analysis.snapshot;
  say({ kind: 'started', snapshot: told });
  const tell = (kind: 'snapshot' | 'finished', snapshot: Snapshot): void => {
    say({ kind, changes: changesSince(told, snapshot) });
    told = snapshot;
  };
  analysis.subscribe((snapshot) => {
    if (snapshot.phase === 'reading') tell('snapshot', snapshot);
  });
  port.on('message', (message: ToWorker) => void answer(analysis, message));
  tell('finished', await analysis.finished);
} catch (error) {
  if (!(error instanceof CaptureError)) throw error;
  say({ kind: 'unreadable', message: error.message });
}
