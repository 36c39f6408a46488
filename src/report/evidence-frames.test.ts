import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startLocalAnalysis } from '../analysis/local-analysis.ts';
import { openCaptures } from '../capture/open-captures.ts';
import { EvidenceFrames } from './evidence-frames.ts';
import { frameKey, selectEvidence } from './evidence-selection.ts';
import { reportOnCapture } from './report-source.ts';

const DEMO = fileURLToPath(new URL('../../fixtures/demo/capture.pcapng', import.meta.url));

describe('the frames of an evidence capture', () => {
  it('are all proofs, whatever place there is for others', async () => {
    const analysis = await startLocalAnalysis({ paths: [DEMO] });
    const source = reportOnCapture(analysis, await analysis.finished, { name: 'mediatap', version: '1.2.3' });
    const selection = await selectEvidence(source);
    const chosen = new EvidenceFrames(selection, 5, 0);
    const frames = await openCaptures([DEMO]);
    for (let batch = await frames.next(); batch !== null; batch = await frames.next()) {
      chosen.choose(batch, ({ captures, numbers }, i) => frameKey(captures[i] as number, numbers[i] as number));
    }
    chosen.finish();
    await frames.close();
    expect(selection.proofs.size).toBeGreaterThan(10);
    expect([...chosen.extents.keys()].sort()).toEqual([...selection.proofs.keys()].sort());
  });
});
