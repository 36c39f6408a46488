/** The drawn parts of a report as data: bars over time, and arrows between two ends. */

import type { MeasuredStreamRow, RateSeriesRow } from '../analysis/measured-media.ts';
import type { FlowDetail, FlowRow, LadderStep, Snapshot } from '../analysis/snapshot.ts';
import type { ChartBlock, LadderBlock, TimeLineBlock } from './document.ts';
import { describeEnds } from './report-words.ts';

/** More arrows than this are no longer read. */
const MOST_STEPS = 40;

export function ladderBlock(detail: FlowDetail, originSeconds: number): LadderBlock {
  const { row, ladder } = detail;
  const { initiator, responder } = ladderEnds(detail);
  const half = MOST_STEPS / 2;
  const steps = ladder.length <= MOST_STEPS ? ladder : [...ladder.slice(0, half), ...ladder.slice(-half)];
  return {
    kind: 'ladder',
    caption: ladderCaption(detail),
    originSeconds,
    initiator,
    responder,
    steps: steps.map((step) => withParties(step, row)),
    stepsDropped: detail.ladderDropped + ladder.length - steps.length,
  };
}

/** An arrow that goes to another host than the two ends says so. */
function withParties(step: LadderStep, { initiator, responder }: FlowRow): LadderStep {
  const ends = [initiator.address, responder.address];
  if (step.direction === 'from-elsewhere' || (ends.includes(step.from) && ends.includes(step.to))) return step;
  return { ...step, detail: [step.detail, `(${step.from} to ${step.to})`].filter(Boolean).join(' ') };
}

function ladderCaption({ row, ladder }: FlowDetail): string {
  const others = [...new Set(ladder.map(({ flow }) => flow))].filter((id) => id !== row.id).sort((a, b) => a - b);
  const company = others.length === 0 ? '' : `, with flow${others.length === 1 ? '' : 's'} ${others.join(', ')}`;
  return `Flow ${row.id}, ${row.protocolLabel}${company}`;
}

/** Ports are those of all steps only where no related flow has steps among them. */
function ladderEnds({ row, ladder }: FlowDetail): ReturnType<typeof describeEnds> {
  if (ladder.every(({ flow }) => flow === row.id)) return describeEnds(row);
  return { initiator: row.initiator.address, responder: row.responder.address };
}

/** Null when the flows have no time to be drawn in. */
export function timeLineBlock({ totals, originSeconds }: Snapshot, flows: readonly FlowRow[]): TimeLineBlock | null {
  const { firstTime, lastTime } = totals;
  if (firstTime === null || lastTime === null) return null;
  const bars = flows.flatMap((flow) => {
    if (flow.firstTime === null || flow.lastTime === null) return [];
    const { initiator, responder } = describeEnds(flow);
    const label = `${flow.id} ${flow.protocolLabel} ${initiator} to ${responder}`;
    return [{ label, verdict: flow.verdict, first: flow.firstTime, last: flow.lastTime }];
  });
  return bars.length === 0 ? null : { kind: 'time-line', originSeconds, first: firstTime, last: lastTime, bars };
}

/** More streams than this are for a table. */
const MOST_CHARTS = 12;

/** Of the whole capture, and of the media in the flows that are shown. */
export function chartBlocks({ activity, originSeconds }: Snapshot, flows: readonly FlowRow[]): ChartBlock[] {
  const whole = { caption: 'All frames of the capture', originSeconds, lost: [], ...ratesOf(activity) };
  const streams = flows.flatMap((flow) =>
    (flow.media?.streams ?? []).map((stream) => chartOf(flow, stream, originSeconds)),
  );
  const charts = streams.filter((chart) => chart !== null).slice(0, MOST_CHARTS);
  return [{ kind: 'chart' as const, ...whole }, ...charts].filter(({ bitsPerSecond }) => bitsPerSecond.length > 1);
}

function chartOf(
  flow: FlowRow,
  { series, direction, codec }: MeasuredStreamRow,
  originSeconds: number,
): ChartBlock | null {
  if (series === null) return null;
  const { initiator, responder } = describeEnds(flow);
  const [from, to] = direction === 'toResponder' ? [initiator, responder] : [responder, initiator];
  const caption = `Flow ${flow.id}, ${codec ?? flow.protocolLabel} from ${from} to ${to}`;
  return { kind: 'chart', caption, originSeconds, lost: series.lost, ...ratesOf(series) };
}

function ratesOf({
  firstTime,
  bucketMs,
  bytes,
}: RateSeriesRow): Pick<ChartBlock, 'first' | 'bucketMs' | 'bitsPerSecond'> {
  return { first: firstTime, bucketMs, bitsPerSecond: bytes.map((each) => (each * 8000) / bucketMs) };
}
