/** A comparison for people: what did not get through comes first, then how long packets took, and every flow in a table. */

import type { ComparedFlow, Comparison, CrossingState } from '../analysis/compare/comparison.ts';
import type { SideCapture } from '../analysis/compare/read-side.ts';
import { nameOf } from '../capture/byte-input.ts';
import { counted } from '../format/count.ts';
import { formatEndpoint } from '../format/endpoint.ts';
import { formatDay, formatSpan, formatTimeOfDay } from '../format/time.ts';
import type { Verdict } from '../verdict/finding.ts';
import { describeLatency, describeView, formatDelay, type StoppedWay, stoppedWayOf } from './compare-words.ts';
import type { Block, Fact, FindingBlock, ReportDocument, Section } from './document.ts';
import type { Tool } from './report-source.ts';

/** How much of everything is shown; what is left out is counted. */
export interface CompareExtent {
  readonly findings: number;
  readonly flows: number;
  readonly translations: number;
}

const MOST_NAMES = 3;

/** Grave enough to be told one by one. */
const TOLD: readonly CrossingState[] = ['dropped', 'cut', 'lossy', 'unproven'];
const VERDICT_OF: Partial<Record<CrossingState, Verdict>> = {
  dropped: 'blocked',
  cut: 'blocked',
  lossy: 'unexpected',
  unproven: 'undetermined',
};

/** Flows that were stopped alike: forty clients that cannot reach one server are one. */
interface StoppedGroup {
  readonly way: StoppedWay;
  readonly flows: ComparedFlow[];
}

export function compareDocument(comparison: Comparison, tool: Tool, extent: CompareExtent): ReportDocument {
  const all = groupStopped(comparison.flows);
  const groups = all.slice(0, extent.findings);
  const sections = [
    stoppedSection(groups, all.length, comparison),
    evidenceSection(groups, comparison),
    nextStepSection(groups),
    filterSection(groups),
    crossingSection(comparison, extent),
    flowsSection(comparison, extent),
    { heading: 'What limits this', blocks: listOf(comparison.notes) },
    captureSection(comparison, tool),
  ];
  const gravest = TOLD.find((state) => comparison.totals[state] > 0);
  const isEmpty = comparison.clocks === null;
  return {
    title: 'Two captures from the two sides of a box',
    verdict: isEmpty ? 'Undetermined: the captures have no packet in common.' : summarize(comparison),
    gravest: isEmpty ? 'undetermined' : ((gravest && VERDICT_OF[gravest]) ?? 'ok'),
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  };
}

function summarize({ totals }: Comparison): string {
  const parts: string[] = [];
  if (totals.dropped > 0)
    parts.push(`${counted(totals.dropped, 'flow')} arrived on one side and never left on the other`);
  if (totals.cut > 0) parts.push(`${counted(totals.cut, 'flow')} ceased to leave`);
  if (totals.lossy > 0) parts.push(`${counted(totals.lossy, 'flow')} lost packets between the two`);
  if (totals.unproven > 0) parts.push(`${counted(totals.unproven, 'flow')} cannot be judged`);
  if (parts.length === 0)
    return `Nothing is stopped between the two captures: ${counted(totals.crosses, 'flow')} crossed.`;
  return `${parts.join('; ')}; ${counted(totals.crosses, 'flow')} crossed.`;
}

function groupStopped(flows: readonly ComparedFlow[]): StoppedGroup[] {
  const groups = new Map<string, StoppedGroup>();
  for (const flow of flows) {
    const way = TOLD.includes(flow.state) ? stoppedWayOf(flow) : null;
    if (way === null) continue;
    const { responder } = way.view;
    const key = [flow.state, way.entry, flow.stopped, flow.label, flow.answer, responder.address, responder.port].join(
      ' ',
    );
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { way, flows: [flow] });
    else known.flows.push(flow);
  }
  return [...groups.values()];
}

function stoppedSection(groups: readonly StoppedGroup[], all: number, comparison: Comparison): Section {
  const blocks: Block[] = groups.map((group, index) => stoppedBlock(group, index + 1, comparison));
  const left = all - blocks.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more')} left out here.` });
  return { heading: 'What does not get through', blocks };
}

function stoppedBlock({ way, flows }: StoppedGroup, number: number, comparison: Comparison): FindingBlock {
  const [flow] = flows as [ComparedFlow];
  const facts: Fact[] = [
    { name: 'How sure', value: flows.every(({ certainty }) => certainty === 'confirmed') ? 'confirmed' : 'inferred' },
  ];
  if (flow.inside !== null && flow.outside !== null) {
    facts.push(
      { name: 'Inside', value: describeView(flow.inside) },
      { name: 'Outside', value: describeView(flow.outside) },
    );
  }
  return {
    kind: 'finding',
    number,
    verdict: VERDICT_OF[flow.state] ?? 'undetermined',
    mark: flow.state,
    title: titleOf(flow, way, flows),
    explanation: explain(flow, way, comparison),
    facts,
  };
}

function titleOf(
  flow: ComparedFlow,
  { from, to, entry, exit, lost, arrived }: StoppedWay,
  flows: readonly ComparedFlow[],
): string {
  const senders = [...new Set(flows.map((each) => stoppedWayOf(each)?.from.address ?? ''))];
  const names = senders.slice(0, MOST_NAMES).join(', ');
  const isBack = flow.stopped === 'toInitiator';
  const sender = isBack
    ? formatEndpoint(from.address, from.port)
    : senders.length === 1
      ? from.address
      : `${senders.length} hosts (${names}${senders.length > MOST_NAMES ? ', …' : ''})`;
  const subject = `${flow.label} from ${sender} to ${formatEndpoint(to.address, to.port)}`;
  switch (flow.state) {
    case 'cut':
      return `${subject} crossed at first, and then arrived ${entry} and no longer left ${exit}`;
    case 'lossy':
      return `${subject} lost ${lost} of ${arrived} packets between ${entry} and ${exit}`;
    default:
      return `${subject} arrived ${entry} and never left ${exit}`;
  }
}

const WAY_WORDS: Readonly<Record<ComparedFlow['way'], string>> = {
  'this-host': 'Other packets to the same host did cross, so this is the way there.',
  'its-network': 'Packets to other hosts of the same network did cross, so this is most likely the way there.',
  'the-internet': 'Packets to other public addresses did cross, so this is most likely the way there.',
  unknown: 'Nothing shows that its way leads through here: it may have gone another way.',
};

function explain(
  flow: ComparedFlow,
  { entry, exit, lost, view, from, to }: StoppedWay,
  comparison: Comparison,
): string {
  const sentences: string[] = [];
  if (flow.state === 'cut') sentences.push(`Packets followed after the last one that left: ${lost}.`);
  else if (flow.state !== 'lossy') sentences.push(`Packets followed: ${lost}; none of them left.`);
  if (flow.inside === null || flow.outside === null) sentences.push(WAY_WORDS[flow.way]);
  else
    sentences.push(
      flow.isByPackets
        ? 'Other packets of the same flow are in both captures.'
        : 'The same addresses and ports are in both captures.',
    );
  if (flow.answer === 'refusal')
    sentences.push(`The reset that came back was not seen ${exit}: a device between the two made it.`);
  if (flow.answer === 'icmp' && flow.outside === null) sentences.push('An ICMP error came back for it.');
  const isTranslated = comparison.translations.some(({ outside }) => outside === to.address);
  if (entry === 'outside' && isTranslated && flow.inside === null) {
    sentences.push(`${to.address} stands for hosts of the inside: it may have been meant for the box itself.`);
  }
  const isMadeUp = from.port !== view.initiator.port;
  if (flow.state === 'dropped' && isMadeUp) sentences.push('It is the way back of this flow that is closed.');
  return sentences.join(' ');
}

function evidenceSection(groups: readonly StoppedGroup[], comparison: Comparison): Section {
  const rows = groups.flatMap(({ flows }, index) =>
    (flows[0]?.evidence ?? []).map(({ side, capture, frame, time, fact }) => {
      const { captures, originSeconds } = comparison[side];
      const place = captures.length > 1 ? `${frame} of ${side} capture ${capture + 1}` : `${frame} ${side}`;
      return [`${index + 1}`, place, formatTimeOfDay(time, originSeconds), fact];
    }),
  );
  if (rows.length === 0) return { heading: 'Evidence', blocks: [] };
  return {
    heading: 'Evidence',
    blocks: [{ kind: 'table', columns: ['No.', 'Frame', 'Time (UTC)', 'What it shows'], rows }],
  };
}

function nextStepSection(groups: readonly StoppedGroup[]): Section {
  const items = groups.map(({ way, flows }, index) => {
    const [{ state, transport }] = flows as [ComparedFlow];
    const { from, to, view } = way;
    const isBack = from.address === view.responder.address && from.port === view.responder.port;
    const port = isBack ? `from port ${from.port}` : `to port ${to.port}`;
    const subject = `${transport.toUpperCase()} from ${from.address} to ${to.address} ${port}`;
    return `${index + 1}: ${NEXT_STEPS[state] ?? ''} ${subject}.`;
  });
  return { heading: 'Next step', blocks: listOf(items) };
}

const NEXT_STEPS: Partial<Record<CrossingState, string>> = {
  dropped: 'If it should pass, permit it on the device between the two points; its log should name the rule that stops',
  cut: 'Look in the log of the device between the two points, at the time of the evidence, for the state or inspection that ended',
  lossy: 'Look at the queues, policers and counters of drops of the device between the two points for',
  unproven: 'Find out whether this device is on the way, such as by its routes, of',
};

function filterSection(groups: readonly StoppedGroup[]): Section {
  const blocks = groups.map(
    ({ way }, index): Block => ({ kind: 'code', label: `${index + 1}, ${way.entry}`, text: way.view.displayFilter }),
  );
  return { heading: 'Wireshark filter', blocks };
}

function crossingSection({ clocks, latency, translations }: Comparison, extent: CompareExtent): Section {
  if (clocks === null) return { heading: 'Crossing', blocks: [] };
  const facts: Fact[] = [
    { name: 'From inside to outside', value: describeLatency(latency.toOutside) },
    { name: 'From outside to inside', value: describeLatency(latency.toInside) },
    { name: 'Clocks', value: describeClocks(clocks) },
  ];
  const items = translations.slice(0, extent.translations).map(({ inside, outside, flows, portsChanged }) => {
    const ports = portsChanged === 0 ? 'ports kept' : `port changed in ${portsChanged}`;
    return `${inside} is ${outside} outside (${counted(flows, 'flow')}, ${ports})`;
  });
  const left = translations.length - items.length;
  if (left > 0) items.push(`${counted(left, 'more address', 'more addresses')} left out here`);
  return { heading: 'Crossing', blocks: [{ kind: 'facts', facts }, ...listOf(items)] };
}

function describeClocks({ offset, drift, uncertainty, method, moments }: NonNullable<Comparison['clocks']>): string {
  const by = `by ${counted(moments, 'packet')} that both sides hold`;
  if (method === 'agree') return `one clock, or two that agree, ${by}`;
  const side = offset > 0 ? 'ahead of' : 'behind';
  const exactness = uncertainty === null ? '' : `, known to ${formatDelay(uncertainty)}`;
  const drifts = drift === 0 ? '' : `, drifting by ${(drift * 1e6).toFixed(1)} ppm`;
  return `that of the outside is ${formatSpan(Math.abs(offset) / 1e6)} ${side} that of the inside${exactness}${drifts}, ${by}`;
}

function flowsSection({ flows, totals }: Comparison, extent: CompareExtent): Section {
  const shown = flows.slice(0, extent.flows);
  if (flows.length === 0) return { heading: 'Flows', blocks: [] };
  const rows = shown.map((flow) => [
    flow.state,
    flow.label,
    describeView(flow.inside),
    describeView(flow.outside),
    [flow.toResponder, flow.toInitiator]
      .map((each) => (each === null ? '-' : `${each.arrived - each.lost}/${each.arrived}`))
      .join(' and '),
    flow.toResponder?.latency == null ? '-' : formatDelay(flow.toResponder.latency.medianNs),
  ]);
  const columns = ['State', 'Protocol', 'Inside', 'Outside', 'Left/arrived, there and back', 'Median'];
  const blocks: Block[] = rows.length === 0 ? [] : [{ kind: 'table', columns, rows }];
  const all = Object.values(totals).reduce((sum, count) => sum + count, 0);
  const left = all - totals.local - shown.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more flow')} left out here.` });
  if (totals.local > 0) {
    blocks.push({
      kind: 'paragraph',
      text: `${counted(totals.local, 'flow')} of one side alone had nothing to do on the other.`,
    });
  }
  return { heading: 'Flows', blocks };
}

function captureSection({ inside, outside }: Comparison, tool: Tool): Section {
  const factsOf = (name: string, { captures, originSeconds }: SideCapture): Fact[] =>
    captures.slice(0, MOST_NAMES).flatMap(({ file, frames, firstTime, sha256 }) => [
      {
        name,
        value: `${nameOf(file)}, ${counted(frames, 'frame')}${firstTime === null ? '' : `, begins ${formatDay(firstTime, originSeconds)}`}`,
      },
      ...(sha256 === null ? [] : [{ name: 'SHA-256', value: sha256 }]),
    ]);
  const facts = [
    ...factsOf('Inside', inside),
    ...factsOf('Outside', outside),
    { name: 'Made by', value: `${tool.name} ${tool.version}` },
  ];
  return { heading: 'Captures', blocks: [{ kind: 'facts', facts }] };
}

function listOf(items: readonly string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}
