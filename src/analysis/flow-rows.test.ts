import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readWhole } from '../../test/read-whole.ts';
import { flowRow } from './flow-rows.ts';
import { judgePipeline } from './judgement.ts';
import type { FlowRow } from './snapshot.ts';

/** The flows of a scenario that are undetermined. */
async function undetermined(scenario: string): Promise<FlowRow[]> {
  const path = fileURLToPath(new URL(`../../fixtures/${scenario}/capture.pcap`, import.meta.url));
  const pipeline = await readWhole(path);
  const judgement = judgePipeline(pipeline);
  const rows = judgement.capture.flows.map((flow) => flowRow(pipeline, judgement, flow));
  return rows.filter(({ verdict }) => verdict === 'undetermined');
}

it('says what is missing of a flow where no finding does', async () => {
  const [found] = await undetermined('syn-lone');
  expect([found?.codes, found?.facts.missing]).toEqual([['tcp-unanswered'], undefined]);
  const [alone] = await undetermined('content-server-database');
  expect([alone?.codes, alone?.facts.missing]).toEqual([[], expect.stringContaining('an answer')]);
});
