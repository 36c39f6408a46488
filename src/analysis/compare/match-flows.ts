/**
 * Finds the flow of the inside that is a flow of the outside, whatever a box has made of its addresses: by packets that
 * both sides hold. What both sides' packets have in common with many flows counts for little.
 */

import type { Endpoint } from '../../verdict/flow-case.ts';
import type { SideFlow } from './read-side.ts';

export interface FlowPair {
  readonly inside: SideFlow;
  readonly outside: SideFlow;
  /** The two sides disagree on which end is the initiator, as they may where neither saw the beginning. */
  readonly isTurned: boolean;
  /** False where only the addresses tell: the two have not one packet in common. */
  readonly isByPackets: boolean;
}

/** A fingerprint that more flows share says nothing of any of them. */
const MOST_SHARERS = 8;
/** One packet that no other flow has, or two that one other flow has too. */
const LEAST_WEIGHT = 0.5;
/** Addresses settle what packets leave open. */
const SAME_ENDS_WEIGHT = 1000;
const SAME_END_WEIGHT = 0.25;

const LEAST_COMMON = 2;
const LEAST_COMMON_SHARE = 0.5;

interface Candidate {
  readonly inside: number;
  readonly outside: number;
  /** Of packets in the same direction, and in opposite ones. */
  readonly weights: [number, number];
}

/** Each flow is in one pair at most. */
export function matchFlows(inside: readonly SideFlow[], outside: readonly SideFlow[]): FlowPair[] {
  const ranked = candidates(inside, outside)
    .map((candidate) => ({ candidate, weight: Math.max(...candidate.weights) }))
    .filter(({ weight }) => weight >= LEAST_WEIGHT)
    .map(({ candidate, weight }) => {
      const bonus = addressWeight(inside[candidate.inside] as SideFlow, outside[candidate.outside] as SideFlow);
      return { candidate, weight: weight + bonus };
    })
    .sort(
      (a, b) =>
        b.weight - a.weight || a.candidate.inside - b.candidate.inside || a.candidate.outside - b.candidate.outside,
    );
  const taken: [Set<number>, Set<number>] = [new Set(), new Set()];
  const pairs: FlowPair[] = [];
  for (const { candidate } of ranked) {
    if (taken[0].has(candidate.inside) || taken[1].has(candidate.outside)) continue;
    if (!isOneFlow(inside[candidate.inside] as SideFlow, outside[candidate.outside] as SideFlow)) continue;
    taken[0].add(candidate.inside);
    taken[1].add(candidate.outside);
    pairs.push({
      inside: inside[candidate.inside] as SideFlow,
      outside: outside[candidate.outside] as SideFlow,
      isTurned: isTurned(candidate, inside[candidate.inside] as SideFlow, outside[candidate.outside] as SideFlow),
      isByPackets: true,
    });
  }
  return pairs;
}

/** The same page may be asked for in any capture: of a TCP connection without its numbers, half of its packets must agree. */
function isOneFlow(inside: SideFlow, outside: SideFlow): boolean {
  if (inside.facts.transport !== outside.facts.transport) return false;
  if (inside.facts.transport !== 'tcp') return true;
  const theirs = fingerprintsOf(outside);
  const ours = fingerprintsOf(inside);
  if ([...ours.exact].some((fingerprint) => theirs.exact.has(fingerprint))) return true;
  const common = [...ours.loose].filter((fingerprint) => theirs.loose.has(fingerprint)).length;
  const least = Math.min(ours.loose.size, theirs.loose.size) * LEAST_COMMON_SHARE;
  return common >= LEAST_COMMON && common >= least;
}

function fingerprintsOf({ samples }: SideFlow): { readonly exact: Set<number>; readonly loose: Set<number> } {
  const packets = samples.flatMap((sample) => sample?.packets ?? []);
  return {
    exact: new Set(packets.map(({ exact }) => exact)),
    loose: new Set(packets.map(({ loose }) => loose).filter((fingerprint) => fingerprint !== 0)),
  };
}

/**
 * Flows that share no packet, of which `keyOf` says the same and that `areSame` takes for one. Of several the first one is
 * taken.
 */
export function matchByKey(
  inside: readonly SideFlow[],
  outside: readonly SideFlow[],
  keyOf: (flow: SideFlow) => string,
  areSame: (inside: SideFlow, outside: SideFlow) => boolean,
): FlowPair[] {
  const waiting = new Map<string, SideFlow[]>();
  for (const flow of outside) {
    const key = keyOf(flow);
    const known = waiting.get(key);
    if (known === undefined) waiting.set(key, [flow]);
    else known.push(flow);
  }
  return inside.flatMap((flow) => {
    const others = waiting.get(keyOf(flow)) ?? [];
    const index = others.findIndex((other) => areSame(flow, other));
    if (index < 0) return [];
    const [other] = others.splice(index, 1) as [SideFlow];
    const isTurned = nameEnd(flow.facts.initiator) === nameEnd(other.facts.responder);
    return [{ inside: flow, outside: other, isTurned, isByPackets: false }];
  });
}

/** The flow's two ends, whichever of them is the initiator. */
export function keyOfEnds({ facts: flow }: SideFlow): string {
  return [flow.transport, ...[nameEnd(flow.initiator), nameEnd(flow.responder)].sort()].join(' ');
}

/** One end, which a box that changes the other one leaves as it is. */
export function keyOfEnd({ facts: flow }: SideFlow, end: 'initiator' | 'responder'): string {
  return `${flow.transport} ${nameEnd(flow[end])}`;
}

function candidates(inside: readonly SideFlow[], outside: readonly SideFlow[]): Candidate[] {
  const here = indexPackets(inside);
  const there = indexPackets(outside);
  const found = new Map<number, Candidate>();
  for (const [fingerprint, ours] of here) {
    const others = there.get(fingerprint);
    if (others === undefined) continue;
    const [mine, theirs] = [listOwners(ours), listOwners(others)];
    if (mine.length > MOST_SHARERS || theirs.length > MOST_SHARERS) continue;
    const weight = 1 / (mine.length * theirs.length);
    for (const our of mine) {
      for (const their of theirs) {
        const [first, second] = [our >> 1, their >> 1];
        const key = first * outside.length + second;
        let candidate = found.get(key);
        if (candidate === undefined) {
          candidate = { inside: first, outside: second, weights: [0, 0] };
          found.set(key, candidate);
        }
        const turn = ((our ^ their) & 1) as 0 | 1;
        candidate.weights[turn] += weight;
      }
    }
  }
  return [...found.values()];
}

/** Flows and directions: twice the flow's index, and one more for direction 1. Most packets have one, which needs no list. */
type Owners = number | number[];

function listOwners(owners: Owners): readonly number[] {
  return typeof owners === 'number' ? [owners] : owners;
}

/** By fingerprint, who has it. */
function indexPackets(flows: readonly SideFlow[]): Map<number, Owners> {
  const index = new Map<number, Owners>();
  const add = (fingerprint: number, owner: number): void => {
    if (fingerprint === 0) return;
    const owners = index.get(fingerprint);
    if (owners === undefined) index.set(fingerprint, owner);
    else if (typeof owners === 'number') {
      if (owners !== owner) index.set(fingerprint, [owners, owner]);
    } else if (owners.length <= MOST_SHARERS && owners.at(-1) !== owner) owners.push(owner);
  };
  for (const [i, { samples }] of flows.entries()) {
    for (const direction of [0, 1] as const) {
      for (const { exact, loose } of samples[direction]?.packets ?? []) {
        add(exact, i * 2 + direction);
        if (loose !== exact) add(loose, i * 2 + direction);
      }
    }
  }
  return index;
}

/** Where both ends say the same, as in an echo, by the end that kept its address. */
function isTurned({ weights }: Candidate, { facts: inside }: SideFlow, { facts: outside }: SideFlow): boolean {
  if (weights[0] !== weights[1]) return weights[1] > weights[0];
  const isSame = (one: Endpoint, other: Endpoint): boolean => nameEnd(one) === nameEnd(other);
  return isSame(inside.initiator, outside.responder) || isSame(inside.responder, outside.initiator);
}

function addressWeight({ facts: inside }: SideFlow, { facts: outside }: SideFlow): number {
  const [client, server] = [nameEnd(inside.initiator), nameEnd(inside.responder)];
  const others = [nameEnd(outside.initiator), nameEnd(outside.responder)];
  const same = Number(others.includes(client)) + Number(others.includes(server));
  return same === 2 ? SAME_ENDS_WEIGHT : same * SAME_END_WEIGHT;
}

function nameEnd(end: Endpoint): string {
  return `${end.address} ${end.port}`;
}
