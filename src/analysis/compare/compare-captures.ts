/**
 * Compares the captures of the two sides of a box, such as a firewall: which flows arrived on one and never left on the
 * other, what became of addresses, and how long packets took.
 */

import { NS_PER_SECOND } from '../../verdict/flow-case.ts';
import { alignClocks, type CommonMoment } from './align-clocks.ts';
import { CommonGround } from './common-ground.ts';
import { type ComparedFlow, type Comparison, CROSSING_STATES, type CrossingState, type Latency } from './comparison.ts';
import { listLimits } from './comparison-limits.ts';
import { judgeAlone } from './judge-alone.ts';
import { judgePair } from './judge-pair.ts';
import { delaysOf, summarizeDelays } from './latency.ts';
import { type FlowPair, keyOfEnd, keyOfEnds, matchByKey, matchFlows } from './match-flows.ts';
import { type PairedFlow, pairDirections } from './pair-directions.ts';
import { readSide, type Side, type SideFlow } from './read-side.ts';
import { listTranslations } from './translations.ts';
import { CrossingMap, type SideName } from './way-across.ts';

/** Flows that are told of; beyond it the least grave are only counted. */
const MOST_FLOWS = 20_000;
/** Two views of one flow begin together, unless they only share their addresses. */
const SAME_START_NS = 0.2e9;
/** Packets of a pair whose delays differ from the clocks by more are alike by chance. */
const MOST_DEVIATION_NS = 10e9;

/** Rejects with a `CaptureError` when one of them could not be read. */
export async function compareCaptures(insidePath: string, outsidePath: string): Promise<Comparison> {
  const inside = await readSide(insidePath);
  const outside = await readSide(outsidePath);
  return compareSides(inside, outside);
}

function compareSides(inside: Side, outside: Side): Comparison {
  const shift = (outside.capture.originSeconds - inside.capture.originSeconds) * NS_PER_SECOND;
  const candidates = pairDirections(matchFlows(inside.flows, outside.flows), shift);
  const pairs = withinClocks(candidates, shift);
  const moments = commonMoments(pairs, shift);
  if (moments.length === 0) return nothingInCommon(inside, outside);
  const clocks = alignClocks(moments);
  const ground = new CommonGround({ inside, outside }, clocks, shift);
  const map = new CrossingMap(pairs);
  const flows = judgeAll([...pairs, ...matchRest(pairs, map, ground)], map, ground);
  return {
    inside: inside.capture,
    outside: outside.capture,
    clocks,
    latency: { toOutside: latencyFrom('inside', pairs, ground), toInside: latencyFrom('outside', pairs, ground) },
    translations: listTranslations(pairs),
    flows: flows
      .filter(({ state }) => state !== 'local')
      .sort(compareFlows)
      .slice(0, MOST_FLOWS),
    totals: countStates(flows),
    notes: listLimits(inside, outside, clocks),
  };
}

/** Nothing shows that the two captures are of one time and one box. */
function nothingInCommon(inside: Side, outside: Side): Comparison {
  return {
    inside: inside.capture,
    outside: outside.capture,
    clocks: null,
    latency: { toOutside: null, toInside: null },
    translations: [],
    flows: [],
    totals: countStates([]),
    notes: listLimits(inside, outside, null),
  };
}

function countStates(flows: readonly ComparedFlow[]): Record<CrossingState, number> {
  const totals = Object.fromEntries(CROSSING_STATES.map((state) => [state, 0])) as Record<CrossingState, number>;
  for (const { state } of flows) totals[state]++;
  return totals;
}

/** Pairs of which the common packets are no accident: their times differ as those of most others. */
function withinClocks(pairs: readonly PairedFlow[], shift: number): PairedFlow[] {
  const differences = pairs.map(({ common }) => {
    const [packet] = [...common[0], ...common[1]];
    return packet === undefined ? null : packet.outside.time + shift - packet.inside.time;
  });
  const known = differences.filter((difference) => difference !== null).sort((a, b) => a - b);
  const middle = known[known.length >> 1] ?? 0;
  return pairs.filter((_, i) => Math.abs((differences[i] ?? middle) - middle) <= MOST_DEVIATION_NS);
}

/** Where nothing tells on which side packets enter, as if they went out. */
function commonMoments(pairs: readonly PairedFlow[], shift: number): CommonMoment[] {
  return pairs.flatMap(({ common, entry }) =>
    ([0, 1] as const).flatMap((direction) =>
      common[direction].map(({ inside, outside }) => ({
        inside: inside.time,
        outside: outside.time + shift,
        isOutbound: entry[direction] !== 'outside',
      })),
    ),
  );
}

/** Flows without a common packet that are one all the same: a box makes their packets anew, or lets none of them pass. */
function matchRest(known: readonly PairedFlow[], map: CrossingMap, ground: CommonGround): PairedFlow[] {
  const { inside, outside } = ground.sides;
  const taken = new Set(known.flatMap((pair) => [pair.inside, pair.outside]));
  const find = (
    keyOf: (flow: SideFlow) => string,
    areSame: (one: SideFlow, other: SideFlow) => boolean,
  ): FlowPair[] => {
    const isLeft = (flow: SideFlow): boolean => !taken.has(flow);
    const found = matchByKey(inside.flows.filter(isLeft), outside.flows.filter(isLeft), keyOf, areSame);
    for (const pair of found) taken.add(pair.inside).add(pair.outside);
    return found;
  };
  const pairs = [
    ...find(keyOfEnds, (one, other) => overlap(one, other, ground)),
    ...find(
      (flow) => keyOfEnd(flow, 'responder'),
      (one, other) => startTogether(one, other, ground) && map.isArriving('outside', other, 0) === false,
    ),
    ...find(
      (flow) => keyOfEnd(flow, 'initiator'),
      (one, other) => startTogether(one, other, ground) && map.isArriving('inside', one, 0) === false,
    ),
  ];
  return pairs.map((pair) => ({ ...pair, common: [[], []], entry: entryOf(pair, map) }));
}

function overlap({ facts: one }: SideFlow, { facts: other }: SideFlow, ground: CommonGround): boolean {
  const [first, last] = [one.firstTime, Math.max(...one.lastTimes)].map((time) => ground.toOther('inside', time));
  const slack = SAME_START_NS;
  return (first as number) <= Math.max(...other.lastTimes) + slack && other.firstTime <= (last as number) + slack;
}

function startTogether({ facts: one }: SideFlow, { facts: other }: SideFlow, ground: CommonGround): boolean {
  return Math.abs(ground.toOther('inside', one.firstTime) - other.firstTime) <= SAME_START_NS;
}

/** By what other flows tell of the addresses; where they do not, a connection is made from the inside. */
function entryOf({ inside }: FlowPair, map: CrossingMap): PairedFlow['entry'] {
  return map.isArriving('inside', inside, 0) === false ? ['outside', 'inside'] : ['inside', 'outside'];
}

function judgeAll(pairs: readonly PairedFlow[], map: CrossingMap, ground: CommonGround): ComparedFlow[] {
  const paired = new Set(pairs.flatMap((pair) => [pair.inside, pair.outside]));
  const alone = (['inside', 'outside'] as const).flatMap((side) =>
    ground.sides[side].flows.filter((flow) => !paired.has(flow)).map((flow) => judgeAlone(flow, side, map, ground)),
  );
  return [...pairs.map((pair) => judgePair(pair, ground)), ...alone];
}

function latencyFrom(side: SideName, pairs: readonly PairedFlow[], ground: CommonGround): Latency | null {
  const delays = pairs.flatMap(({ common, entry }) =>
    ([0, 1] as const).flatMap((direction) =>
      entry[direction] === side ? delaysOf(common[direction], side, ground) : [],
    ),
  );
  return summarizeDelays(delays);
}

function compareFlows(a: ComparedFlow, b: ComparedFlow): number {
  return (
    CROSSING_STATES.indexOf(a.state) - CROSSING_STATES.indexOf(b.state) ||
    Number(b.isStreaming) - Number(a.isStreaming) ||
    Number(a.inside === null) - Number(b.inside === null) ||
    (a.inside?.id ?? a.outside?.id ?? 0) - (b.inside?.id ?? b.outside?.id ?? 0)
  );
}
