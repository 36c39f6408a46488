/** Whether a flow that both sides saw got through: in each direction, from the first packet to the last. */

import type { Direction } from '../../verdict/flow-case.ts';
import type { CommonGround } from './common-ground.ts';
import { type ComparedFlow, type CrossingDirection, type CrossingState, nameDirection } from './comparison.ts';
import { describeFlow, lossEvidence, viewOf } from './describe-flow.ts';
import { delaysOf, summarizeDelays } from './latency.ts';
import { type Passage, tracePackets } from './match-packets.ts';
import { outsideSample, type PairedFlow } from './pair-directions.ts';
import type { Sample } from './side-recorder.ts';
import type { SideName } from './way-across.ts';

/** Packets in a row, and nanoseconds, that a flow must go on in vain before it counts as cut. */
const LEAST_CUT_PACKETS = 3;
const LEAST_CUT_NS = 1e9;
/** Less may be loss of the capture itself. */
const LEAST_LOST_PACKETS = 3;
const LEAST_LOST_SHARE = 0.01;

interface TracedDirection {
  readonly direction: Direction;
  readonly entry: SideName;
  readonly passage: Passage;
  readonly state: Extract<CrossingState, 'dropped' | 'cut' | 'lossy' | 'crosses'>;
  readonly shown: CrossingDirection;
}

const GRAVITY = ['dropped', 'cut', 'lossy', 'crosses'] as const;

export function judgePair(pair: PairedFlow, ground: CommonGround): ComparedFlow {
  const traced = ([0, 1] as const).map((direction) => traceDirection(pair, direction, ground));
  const gravest = traced
    .filter((each) => each !== null)
    .sort((a, b) => GRAVITY.indexOf(a.state) - GRAVITY.indexOf(b.state))[0];
  const state = gravest === undefined ? 'not-compared' : gravest.state;
  const isStopped = gravest !== undefined && gravest.state !== 'crosses';
  const view = pair.inside;
  return {
    ...describeFlow(pair.outside.facts.isStreaming && !view.facts.isStreaming ? pair.outside : view),
    state,
    certainty: isCertain(pair, gravest) ? 'confirmed' : 'inferred',
    inside: viewOf(pair.inside),
    outside: viewOf(pair.outside),
    isByPackets: pair.isByPackets,
    isTurned: pair.isTurned,
    stopped: isStopped ? nameDirection(gravest.direction) : null,
    toResponder: traced[0]?.shown ?? null,
    toInitiator: traced[1]?.shown ?? null,
    answer: view.answer,
    way: 'this-host',
    evidence: isStopped ? lossEvidence(pair[gravest.entry], gravest.entry, gravest.passage) : [],
  };
}

/** Packets of both sides that are plainly the same settle that it is one flow; one lost packet may be the capture's. */
function isCertain({ isByPackets }: PairedFlow, gravest: TracedDirection | undefined): boolean {
  if (!isByPackets || gravest === undefined) return false;
  return gravest.state === 'crosses' || gravest.passage.lost.length >= LEAST_CUT_PACKETS;
}

/** Null where no packet of the direction arrived, or nothing tells where it should. */
function traceDirection(pair: PairedFlow, direction: Direction, ground: CommonGround): TracedDirection | null {
  const entry = pair.entry[direction];
  if (entry === null) return null;
  const samples = samplesOf(pair, direction, entry);
  if (samples.entry === null) return null;
  const passage = tracePackets(
    samples.entry,
    samples.exit,
    (time) => ground.toOther(entry, time),
    (due) => ground.isCovered(entry, due),
  );
  if (passage.arrived.length === 0) return null;
  const state = stateOf(pair, passage, samples.exit, (time) => ground.toOther(entry, time));
  const isFollowed = state !== 'crosses' || passage.lastPassed !== null;
  const shown: CrossingDirection = {
    entry,
    arrived: passage.arrived.length,
    // A box that makes packets anew leaves none to be followed.
    lost: isFollowed ? passage.lost.length : 0,
    latency: summarizeDelays(delaysOf(pair.common[direction], entry, ground)),
  };
  return { direction, entry, passage, state, shown };
}

function stateOf(
  pair: PairedFlow,
  { arrived, lost, lastPassed }: Passage,
  exit: Sample | null,
  toExit: (time: number) => number,
): TracedDirection['state'] {
  if (exit === null) return 'dropped';
  if (lastPassed === null) return 'crosses';
  const after = lost.filter(({ time }) => time > lastPassed.time);
  const duration = (after.at(-1)?.time ?? 0) - (after[0]?.time ?? 0);
  const lastLeft = exit.packets.at(-1)?.time ?? 0;
  const isSilentSince = lastLeft <= toExit(lastPassed.time) + LEAST_CUT_NS;
  if (after.length >= LEAST_CUT_PACKETS && duration >= LEAST_CUT_NS && isSilentSince && !isOver(pair)) return 'cut';
  // What TCP loses it sends again, and offload joins its segments: only datagrams can be counted.
  const isCounted = pair.inside.facts.transport === 'udp';
  const isLossy = lost.length >= LEAST_LOST_PACKETS && lost.length >= arrived.length * LEAST_LOST_SHARE;
  return isCounted && isLossy ? 'lossy' : 'crosses';
}

/** What follows the end of a connection concerns nobody any more. */
function isOver({ inside, outside }: PairedFlow): boolean {
  return inside.isOver && outside.isOver;
}

function samplesOf(
  pair: PairedFlow,
  direction: Direction,
  entry: SideName,
): { entry: Sample | null; exit: Sample | null } {
  const [inside, outside] = [pair.inside.samples[direction], outsideSample(pair, direction)];
  return entry === 'inside' ? { entry: inside, exit: outside } : { entry: outside, exit: inside };
}
