/** A capture, read to its end. */

import { Pipeline } from '../src/analysis/pipeline.ts';
import { openCaptures } from '../src/capture/open-captures.ts';

export async function readWhole(path: string): Promise<Pipeline> {
  const source = await openCaptures([path]);
  const pipeline = new Pipeline();
  for (;;) {
    const batch = await source.next();
    if (batch === null) break;
    pipeline.process(batch);
  }
  await source.close();
  pipeline.finish();
  return pipeline;
}
