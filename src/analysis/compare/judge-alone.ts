/**
 * Whether a flow that only one side saw was stopped by the box. It was if it arrived on its way there, the other capture
 * ran at the time, and other flows show that this way leads through; whatever else it may be, it is not blamed on the box.
 */

import { isMulticast, parseAddress } from '../../format/address.ts';
import type { Direction } from '../../verdict/flow-case.ts';
import type { CommonGround } from './common-ground.ts';
import { type ComparedFlow, type CrossingState, nameDirection } from './comparison.ts';
import { describeFlow, lossEvidence, viewOf } from './describe-flow.ts';
import { type Passage, tracePackets } from './match-packets.ts';
import { opposite } from './pair-directions.ts';
import type { SideFlow } from './read-side.ts';
import { type CrossingMap, endOf, otherSide, type SideName, type WayAcross } from './way-across.ts';

/** One packet may have been lost by the capture. */
const SURE_PACKETS = 3;

export function judgeAlone(flow: SideFlow, side: SideName, map: CrossingMap, ground: CommonGround): ComparedFlow {
  const direction: Direction = flow.samples[0] === null ? 1 : 0;
  const sample = flow.samples[direction];
  const passage: Passage =
    sample === null
      ? { arrived: [], lost: [], lastPassed: null }
      : tracePackets(
          sample,
          null,
          (time) => ground.toOther(side, time),
          (due) => ground.isCovered(side, due),
        );
  const way = map.wayTo(side, endOf(flow, opposite(direction)).address);
  const state = stateOf(flow, direction, side, map, ground, way, passage);
  // An answer that does not come from the other side is the box's own, or that of a device before it.
  const isRefused = flow.answer === 'refusal' || flow.answer === 'icmp';
  const isProven = isRefused || passage.lost.length >= SURE_PACKETS;
  const isSure = way === 'this-host' && isProven && !isLossyCapture(ground, side);
  const shown = { entry: side, arrived: passage.arrived.length, lost: passage.lost.length, latency: null };
  return {
    ...describeFlow(flow),
    state,
    certainty: isSure ? 'confirmed' : 'inferred',
    inside: side === 'inside' ? viewOf(flow) : null,
    outside: side === 'outside' ? viewOf(flow) : null,
    isByPackets: false,
    isTurned: false,
    stopped: state === 'dropped' ? nameDirection(direction) : null,
    toResponder: direction === 0 ? shown : null,
    toInitiator: direction === 1 ? shown : null,
    answer: flow.answer,
    way,
    evidence: state === 'dropped' || state === 'unproven' ? lossEvidence(flow, side, passage) : [],
  };
}

function stateOf(
  flow: SideFlow,
  direction: Direction,
  side: SideName,
  map: CrossingMap,
  ground: CommonGround,
  way: WayAcross,
  passage: Passage,
): CrossingState {
  const destination = endOf(flow, opposite(direction)).address;
  if (staysOnLink(destination) || staysOnLink(endOf(flow, direction).address)) return 'local';
  const isArriving = map.isArriving(side, flow, direction);
  if (isArriving === false || map.isNear(side, destination) === true) return 'local';
  const exit = ground.sides[otherSide(side)];
  if (passage.arrived.length === 0 || exit.isIncomplete) return 'not-compared';
  if (flow.answer === 'answered') return way === 'unknown' ? 'local' : 'other-way';
  if (isArriving === null || way === 'unknown') return 'unproven';
  // What the other capture was told to leave out cannot be missing in it.
  return exit.isFiltered ? 'unproven' : 'dropped';
}

/** Multicast, broadcast, link-local and unspecified addresses: routers do not pass them on as they pass others. */
function staysOnLink(address: string): boolean {
  const bytes = parseAddress(address);
  if (bytes === null || isMulticast(bytes)) return true;
  const [first = 0, second = 0] = bytes;
  if (bytes.length === 4)
    return first === 0 || first === 127 || bytes.every((byte) => byte === 255) || (first === 169 && second === 254);
  return (first === 0xfe && (second & 0xc0) === 0x80) || bytes.every((byte) => byte === 0);
}

function isLossyCapture(ground: CommonGround, side: SideName): boolean {
  const { capture } = ground.sides[otherSide(side)];
  return capture.quality.some(({ code }) => code === 'dropped' || code === 'interrupted' || code === 'damaged');
}
