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

  it('tell the steps of its control channel by its own ends, whoever opened that', async () => {
    const path = fileURLToPath(new URL('../../fixtures/media-cut/capture.pcap', import.meta.url));
    const analysis = await startLocalAnalysis({ paths: [path] });
    const { findings } = await analysis.finished;
    const detail = await analysis.flow(findings[0]?.flows[0] ?? 0);
    expect(detail?.row.initiator.address).toBe('10.10.2.20');
    const steps = (detail?.ladder ?? []).map(({ name, direction }) => `${name} ${direction}`);
    expect(steps.slice(0, 3)).toEqual(['SYN toInitiator', 'SYN-ACK toResponder', 'OPTIONS toInitiator']);
    expect(steps).toContain('first RTP toResponder');
  });
});
