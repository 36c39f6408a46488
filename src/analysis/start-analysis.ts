/** Starts an analysis: in a worker when somebody watches, so that the screen stays quick; else right here. */

import { type AnalysisOptions, startLocalAnalysis } from './local-analysis.ts';
import { startRemoteAnalysis } from './remote-analysis.ts';
import type { Analysis } from './snapshot.ts';

/** `worker` is the built `analysis-worker.ts`. Rejects with a `CaptureError` when nothing could be read. */
export function startAnalysis(options: AnalysisOptions, worker: URL): Promise<Analysis> {
  return options.isWatched === true ? startRemoteAnalysis(options, worker) : startLocalAnalysis(options);
}
