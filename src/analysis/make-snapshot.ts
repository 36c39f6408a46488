/** Makes the published picture of an analysis: small, immutable, without any of its tables. */

import type { CaptureInfo, FrameSource } from '../capture/frame-batch.ts';
import { linkTypeName } from '../capture/link-type.ts';
import { printable } from '../format/text.ts';
import { CATALOGUE } from '../policy/catalogue.ts';
import { VERDICTS, type Verdict } from '../verdict/finding.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import { groupRow } from './group-rows.ts';
import { type Judgement, verdictOf } from './judgement.ts';
import { ALL_FRAMES, type Pipeline } from './pipeline.ts';
import { ProtocolActivity } from './protocol-activity.ts';
import { qualityNotes } from './quality-notes.ts';
import { rateSeriesRow } from './series-rows.ts';
import { RuleTally, sitePolicyRows } from './site-policy-rows.ts';
import type { CaptureRow, PolicyRow, Snapshot, Totals } from './snapshot.ts';

const MOST_PROTOCOLS = 40;
/** Protocols of which it is told when. */
const MOST_ACTIVE = 20;
const MOST_GROUP_ROWS = 5000;

export interface SnapshotState {
  readonly phase: Snapshot['phase'];
  readonly failure: string | null;
  readonly elapsedMs: number;
}

export function makeSnapshot(
  pipeline: Pipeline,
  judgement: Judgement,
  source: Pick<FrameSource, 'captures' | 'progress'>,
  state: SnapshotState,
): Snapshot {
  const tally = tallyFlows(pipeline, judgement);
  const { policy } = judgement.capture;
  return {
    phase: state.phase,
    failure: state.failure,
    progress: { ...source.progress(), elapsedMs: state.elapsedMs },
    originSeconds: Number.isNaN(pipeline.originSeconds) ? 0 : pipeline.originSeconds,
    captures: source.captures.map((info, index) => captureRow(info, pipeline, index)),
    totals: tally.totals,
    activity: rateSeriesRow(pipeline.activity.read(ALL_FRAMES)),
    underWay: tally.underWay,
    findings: judgement.findings,
    multicast: judgement.groups.slice(0, MOST_GROUP_ROWS).map((group) => groupRow(group, judgement)),
    policy: policy === null ? tally.policy : [...sitePolicyRows(policy, judgement), ...tally.policy],
    quality: qualityNotes(pipeline, source.captures),
  };
}

function captureRow(info: CaptureInfo, pipeline: Pipeline, index: number): CaptureRow {
  const span = pipeline.spans[index];
  const known = info.interfaces.map((each) => each.dropped).filter((dropped) => dropped !== null);
  return {
    file: printable(info.file),
    format: info.format,
    frames: info.frames,
    bytes: info.bytes,
    warnings: info.warnings.map((warning) => ({ ...warning, text: printable(warning.text) })),
    truncatedAt: info.truncatedAt,
    comments: info.comments.map((comment) => ({ ...comment, text: printable(comment.text) })),
    interruptions: info.interruptions ?? 0,
    sha256: null,
    firstTime: span?.first ?? null,
    lastTime: span?.last ?? null,
    linkTypes: [...new Set(info.interfaces.map((each) => linkTypeName(each.linkType)))],
    interfaces: info.interfaces.map((each) => ({
      name: each.name === null ? null : printable(each.name, 80),
      linkType: linkTypeName(each.linkType),
      filter: each.filter === null || each.filter === '' ? null : printable(each.filter, 200),
      dropped: each.dropped,
    })),
    dropped: known.length === 0 ? null : known.reduce((sum, dropped) => sum + dropped, 0),
  };
}

type Tally = Pick<Snapshot, 'totals' | 'policy' | 'underWay'>;

/** One pass over all flows: counts by verdict, protocol and catalogue row. */
function tallyFlows(pipeline: Pipeline, judgement: Judgement): Tally {
  const { flows } = pipeline;
  const activity = new ProtocolActivity(pipeline.firstTime, pipeline.lastTime);
  const byVerdict = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  const byProtocol = new Map<string, { flows: number; bytes: number; byVerdict: Partial<Record<Verdict, number>> }>();
  const byRule = new Map<string, RuleTally>();
  const note = (flow: FlowCase, bytes: number): void => {
    const verdict = verdictOf(judgement, flow);
    byVerdict[verdict]++;
    const known = byProtocol.get(flow.label) ?? { flows: 0, bytes: 0, byVerdict: {} };
    if (known.flows === 0) byProtocol.set(flow.label, known);
    known.flows++;
    known.bytes += bytes;
    known.byVerdict[verdict] = (known.byVerdict[verdict] ?? 0) + 1;
    if (flow.row === null || flow.confidence === 'none') return;
    const rule = byRule.get(flow.row.id) ?? new RuleTally();
    byRule.set(flow.row.id, rule);
    rule.note(flow.id, verdict);
  };
  for (let slot = 0; slot < flows.slots; slot++) {
    if (!flows.isUsed(slot)) continue;
    const flow = judgement.flowInSlot(slot);
    note(flow, flows.bytes(slot, 0) + flows.bytes(slot, 1));
    activity.note(flow.label, flow.firstTime, Math.max(flows.lastTimeOf(slot, 0), flows.lastTimeOf(slot, 1)));
  }
  for (const flow of judgement.absent) note(flow, 0);
  const hasFrames = pipeline.frames > 0;
  const totals: Totals = {
    frames: pipeline.frames,
    bytes: pipeline.bytes,
    flows: flows.made + judgement.absent.length,
    byVerdict,
    byProtocol: [...byProtocol]
      .map(([protocol, counts]) => ({ protocol, ...counts }))
      .sort((a, b) => b.bytes - a.bytes || b.flows - a.flows)
      .slice(0, MOST_PROTOCOLS),
    firstTime: hasFrames ? pipeline.firstTime : null,
    lastTime: hasFrames ? pipeline.lastTime : null,
  };
  const labels = totals.byProtocol.slice(0, MOST_ACTIVE).map(({ protocol }) => protocol);
  return { totals, policy: policyRows(byRule), underWay: activity.rows(labels) };
}

function policyRows(byRule: ReadonlyMap<string, RuleTally>): PolicyRow[] {
  return CATALOGUE.map(({ id }) => (byRule.get(id) ?? new RuleTally()).toRow(id));
}
