/**
 * What the flows that crossed tell of the place: which addresses are on which side, which link addresses lead to the box,
 * what the box makes of addresses. Only by this can a flow that is on one side alone be said to have been stopped.
 */

import { formatNetwork, isMulticast, isPrivate, parseAddress } from '../../format/address.ts';
import type { Direction, Endpoint } from '../../verdict/flow-case.ts';
import type { PairedFlow } from './pair-directions.ts';
import type { SideFlow } from './read-side.ts';

export type SideName = 'inside' | 'outside';

export function otherSide(side: SideName): SideName {
  return side === 'inside' ? 'outside' : 'inside';
}

/** How sure it is that the way to an address leads through the box. */
export type WayAcross = 'this-host' | 'its-network' | 'the-internet' | 'unknown';

/** Neighbours are taken to be reached the same way: the usual size of a segment. */
const IPV4_SEGMENT_BITS = 24;
const IPV6_SEGMENT_BITS = 64;

/** One side's view. */
interface View {
  /** Packets that came from an address on this side, less those that came through the box. */
  readonly near: Map<string, number>;
  readonly nearNetworks: Set<string>;
  readonly farNetworks: Set<string>;
  /** Link addresses that packets on their way through were sent to, and came from. */
  readonly boxMacs: Set<string>;
  crossesToInternet: boolean;
}

export class CrossingMap {
  readonly #views: Readonly<Record<SideName, View>> = { inside: newView(), outside: newView() };

  constructor(pairs: readonly PairedFlow[]) {
    for (const pair of pairs) if (pair.isByPackets) this.#learn(pair);
  }

  /** Whether an address is on this side of the box; null when nothing tells. */
  isNear(side: SideName, address: string): boolean | null {
    const view = this.#views[side];
    const weight = view.near.get(address) ?? 0;
    if (weight !== 0) return weight > 0;
    const network = networkOf(address);
    const [isNear, isFar] = [view.nearNetworks.has(network), view.farNetworks.has(network)];
    return isNear === isFar ? null : isNear;
  }

  /** Whether a direction of a flow comes from this side, toward the box; null when nothing tells. */
  isArriving(side: SideName, flow: SideFlow, direction: Direction): boolean | null {
    const { boxMacs } = this.#views[side];
    const { sourceMac = null, destinationMac = null } = flow.samples[direction] ?? {};
    if (sourceMac !== null && boxMacs.has(sourceMac)) return false;
    if (destinationMac !== null && boxMacs.size > 0 && !boxMacs.has(destinationMac)) return false;
    return (
      this.isNear(side, endOf(flow, direction).address) ??
      (destinationMac !== null && boxMacs.has(destinationMac) ? true : null)
    );
  }

  /** What tells that packets for this address have to pass the box. */
  wayTo(side: SideName, address: string): WayAcross {
    const view = this.#views[side];
    if ((view.near.get(address) ?? 0) < 0) return 'this-host';
    const network = networkOf(address);
    if (view.nearNetworks.has(network)) return 'unknown';
    if (view.farNetworks.has(network)) return 'its-network';
    return view.crossesToInternet && isPublic(address) ? 'the-internet' : 'unknown';
  }

  #learn(pair: PairedFlow): void {
    for (const direction of [0, 1] as const) {
      const from = pair.entry[direction];
      if (from === null || pair.common[direction].length === 0) continue;
      for (const side of ['inside', 'outside'] as const) this.#learnEnds(side, pair, direction, from);
    }
  }

  #learnEnds(side: SideName, pair: PairedFlow, direction: Direction, from: SideName): void {
    const view = this.#views[side];
    const flow = pair[side];
    const turned: Direction = side === 'outside' && pair.isTurned ? (direction === 0 ? 1 : 0) : direction;
    const [source, destination] = [endOf(flow, turned).address, endOf(flow, turned === 0 ? 1 : 0).address];
    const isEntry = side === from;
    const [near, far] = isEntry ? [source, destination] : [destination, source];
    view.near.set(near, (view.near.get(near) ?? 0) + 1);
    view.near.set(far, (view.near.get(far) ?? 0) - 1);
    view.nearNetworks.add(networkOf(near));
    view.farNetworks.add(networkOf(far));
    if (isEntry && isPublic(far)) view.crossesToInternet = true;
    const { sourceMac = null, destinationMac = null } = flow.samples[turned] ?? {};
    const boxMac = isEntry ? destinationMac : sourceMac;
    if (boxMac !== null) view.boxMacs.add(boxMac);
  }
}

/** The end that sends in a direction. */
export function endOf({ facts: flow }: SideFlow, direction: Direction): Endpoint {
  return direction === 0 ? flow.initiator : flow.responder;
}

function newView(): View {
  return {
    near: new Map(),
    nearNetworks: new Set(),
    farNetworks: new Set(),
    boxMacs: new Set(),
    crossesToInternet: false,
  };
}

function networkOf(address: string): string {
  const bytes = parseAddress(address);
  if (bytes === null) return address;
  const prefixLength = bytes.length === 4 ? IPV4_SEGMENT_BITS : IPV6_SEGMENT_BITS;
  const masked = bytes.map((byte, i) => (i < prefixLength / 8 ? byte : 0));
  return formatNetwork({ address: masked, prefixLength });
}

function isPublic(address: string): boolean {
  const bytes = parseAddress(address);
  return bytes !== null && !isPrivate(bytes) && !isMulticast(bytes);
}
