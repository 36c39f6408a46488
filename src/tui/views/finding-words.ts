/** What findings and verdicts mean, in words. */

import type { FlowRow, Snapshot } from '../../analysis/snapshot.ts';
import { counted } from '../../format/count.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { CAUSE_WORDS, describeWhere } from '../../verdict/finding-words.ts';
import type { Scene } from './view.ts';

/** The title of the gravest finding that judges a flow; empty when none does. */
export function flowRemark(flow: number, { data }: Scene): string {
  return data.snapshot.findings.find(({ flows }) => flows.includes(flow))?.title ?? '';
}

/** All findings that say something of a flow, gravest first. */
export function findingsOf(flow: number, { data }: Scene): Finding[] {
  return data.snapshot.findings.filter(({ flows, related }) => flows.includes(flow) || related.includes(flow));
}

/** `confirmed; packets are dropped without an answer; between the capture point and 10.10.2.20`. */
export function describeCertainty(finding: Finding, example: FlowRow | null): string {
  const { certainty, cause, where } = finding;
  if (cause === 'unknown' && where === 'unknown')
    return `${certainty}; this capture does not show who did it, or where`;
  const who = cause === 'unknown' ? 'this capture does not show who did it' : CAUSE_WORDS[cause];
  return [certainty, who, describeWhere(finding, example)].join('; ');
}

/** That nothing stands out is no praise where there is nothing to judge, or much cannot be judged. */
export function nothingWords({ totals, phase }: Snapshot): string {
  const { frames, flows, byVerdict } = totals;
  if (phase !== 'reading' && frames === 0) return 'There are no frames to judge.';
  if (phase !== 'reading' && flows === 0) return 'There are frames but no flow to judge.';
  if (byVerdict.undetermined === 0) return 'Nothing stands out in what was read.';
  return `Nothing is proven to fail, but ${counted(byVerdict.undetermined, 'flow')} cannot be judged from what was read.`;
}

/** The heading of each verdict in plain words. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  blocked: 'proven not to get through',
  refused: 'reached, and the other end said no',
  unexpected: 'should not be here, or not this way',
  undetermined: 'the capture does not prove it either way',
  ok: 'works',
  background: 'neither streaming nor on a streaming port',
};
