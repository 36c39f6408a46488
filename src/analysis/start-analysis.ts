/** Starts an analysis: in a worker when somebody watches, so that the screen stays quick; else right here. */

import type { AnalysisThreads } from './analysis-threads.ts';
import type { AnalysisOptions } from './local-analysis.ts';
import { startRemoteAnalysis } from './remote-analysis.ts';
import type { Analysis } from './snapshot.ts';

/** Rejects with a `CaptureError` when nothing could be read. */
export async function startAnalysis(options: AnalysisOptions, threads: AnalysisThreads): Promise<Analysis> {
  if (options.isWatched === true) return startRemoteAnalysis(options, threads.take());
  // All that dissects and judges: a screen, whose worker has it too, would stand only after it has been loaded.
  const { startLocalAnalysis } = await import('./local-analysis.ts');
  return startLocalAnalysis(options);
}
