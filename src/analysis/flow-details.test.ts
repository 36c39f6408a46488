import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startLocalAnalysis } from './local-analysis.ts';

const DEMO = fileURLToPath(new URL('../../fixtures/demo/capture.pcapng', import.meta.url));

describe('the details of a flow', () => {
  it('have the findings that judge it and those that it explains, in the order of all findings', async () => {
    const analysis = await startLocalAnalysis({ paths: [DEMO] });
    const { findings } = await analysis.finished;
    const related = findings.flatMap((finding) => finding.related);
    expect(related).not.toEqual([]);
    for (const id of [...findings.flatMap(({ flows }) => flows), ...related]) {
      const about = findings.filter((each) => each.flows.includes(id) || each.related.includes(id));
      expect((await analysis.flow(id))?.findings).toEqual(about);
    }
    expect(await analysis.flow(1_000_000)).toBeNull();
  });
});
