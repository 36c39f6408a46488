/** What a comparison says in words. */

import type { ComparedFlow, FlowView, Latency } from '../analysis/compare/comparison.ts';
import { formatEndpoint } from '../format/endpoint.ts';

const NS_PER_US = 1e3;
const NS_PER_MS = 1e6;

/** `0.02 ms`, `3.4 ms`, `120 ms`. */
export function formatDelay(ns: number): string {
  const ms = ns / NS_PER_MS;
  return `${ms < 0.1 ? (Math.round(ns / NS_PER_US) / 1000).toFixed(3) : ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

export function describeLatency(latency: Latency | null): string {
  if (latency === null) return 'no packet to measure';
  const { packets, medianNs, p95Ns, mostNs } = latency;
  return `median ${formatDelay(medianNs)}, 95 % within ${formatDelay(p95Ns)}, longest ${formatDelay(mostNs)} (${packets} packets)`;
}

/** The side and the view where the packets arrive that do not get through, and who sends them to whom. */
export interface StoppedWay {
  readonly entry: 'inside' | 'outside';
  readonly exit: 'inside' | 'outside';
  readonly from: { readonly address: string; readonly port: number };
  readonly to: { readonly address: string; readonly port: number };
  readonly view: FlowView;
  readonly arrived: number;
  readonly lost: number;
}

/** Null for a flow of which everything gets through. */
export function stoppedWayOf(flow: ComparedFlow): StoppedWay | null {
  const name = flow.stopped ?? (flow.toResponder === null ? 'toInitiator' : 'toResponder');
  const direction = flow[name];
  if (direction === null) return null;
  const view = flow[direction.entry];
  if (view === null) return null;
  const isForward = (name === 'toResponder') === isSameWayRound(flow, direction.entry);
  return {
    entry: direction.entry,
    exit: direction.entry === 'inside' ? 'outside' : 'inside',
    from: isForward ? view.initiator : view.responder,
    to: isForward ? view.responder : view.initiator,
    view,
    arrived: direction.arrived,
    lost: direction.lost,
  };
}

/** Directions count as the inside has them: the outside may have taken the other end for the initiator. */
function isSameWayRound({ inside, outside, isTurned }: ComparedFlow, entry: 'inside' | 'outside'): boolean {
  return entry === 'inside' || inside === null || outside === null || !isTurned;
}

export function describeView(view: FlowView | null): string {
  if (view === null) return 'not seen';
  const { initiator, responder } = view;
  return `${formatEndpoint(initiator.address, initiator.port)} > ${formatEndpoint(responder.address, responder.port)}`;
}
