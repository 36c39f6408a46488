/** What comparing two captures gives: for each flow whether it crossed the box, and how that is known. */

import type { RelativeTime } from '../snapshot.ts';
import type { Clocks } from './align-clocks.ts';
import type { Answer, SideCapture } from './read-side.ts';
import type { SideName, WayAcross } from './way-across.ts';

/** Gravest first. */
export const CROSSING_STATES = [
  'dropped',
  'cut',
  'lossy',
  'unproven',
  'crosses',
  'other-way',
  'not-compared',
  'local',
] as const;
/**
 * - `dropped`: packets of a direction arrived, and none of them left
 * - `cut`: they left at first, and then no more
 * - `lossy`: some of them did not leave
 * - `unproven`: they arrived and did not leave, but nothing shows that their way leads through the box
 * - `crosses`: they left
 * - `other-way`: not seen on the other side, and answered all the same
 * - `not-compared`: at a time that the other capture does not cover, or not kept
 * - `local`: has nothing to do on the other side
 */
export type CrossingState = (typeof CROSSING_STATES)[number];

/** A flow as one side sees it. */
export interface FlowView {
  /** Id of the flow in the analysis of this side alone. */
  readonly id: number;
  readonly initiator: { readonly address: string; readonly port: number };
  readonly responder: { readonly address: string; readonly port: number };
  readonly packets: { readonly toResponder: number; readonly toInitiator: number };
  readonly firstTime: RelativeTime;
  /** Wireshark display filter for exactly this flow. */
  readonly displayFilter: string;
}

export interface Latency {
  /** Packets that it was measured on. */
  readonly packets: number;
  readonly leastNs: number;
  readonly medianNs: number;
  readonly p95Ns: number;
  readonly mostNs: number;
}

/** One direction of a flow: where it arrives, and what became of the packets that are followed. */
export interface CrossingDirection {
  readonly entry: SideName;
  /** Packets that are followed, of those that the other capture would hold; of very long flows they are a sample. */
  readonly arrived: number;
  readonly lost: number;
  readonly latency: Latency | null;
}

export interface CrossingEvidence {
  readonly side: SideName;
  readonly capture: number;
  readonly frame: number;
  readonly time: RelativeTime;
  readonly fact: string;
}

export interface ComparedFlow {
  readonly state: CrossingState;
  readonly certainty: 'confirmed' | 'inferred';
  readonly transport: 'tcp' | 'udp';
  readonly protocol: string | null;
  readonly label: string;
  readonly isStreaming: boolean;
  /** Null where the flow was not seen on that side. */
  readonly inside: FlowView | null;
  readonly outside: FlowView | null;
  /** Whether the two views have packets in common, and not only addresses or their time. */
  readonly isByPackets: boolean;
  /** The two views disagree on which end is the initiator. */
  readonly isTurned: boolean;
  /** Which direction does not get through; null where both do. */
  readonly stopped: 'toResponder' | 'toInitiator' | null;
  /** As the inside counts directions, or the only side that saw the flow; null where no packet went that way. */
  readonly toResponder: CrossingDirection | null;
  readonly toInitiator: CrossingDirection | null;
  readonly answer: Answer;
  readonly way: WayAcross;
  /** First and last packets that prove it, at most a few. */
  readonly evidence: readonly CrossingEvidence[];
}

/** An address that is another one on the other side. */
export interface Translation {
  readonly inside: string;
  readonly outside: string;
  readonly flows: number;
  /** Flows of which the port was changed too. */
  readonly portsChanged: number;
}

export interface Comparison {
  readonly inside: SideCapture;
  readonly outside: SideCapture;
  /** Null where no packet is common to both captures: then nothing can be said. */
  readonly clocks: Clocks | null;
  /** Of all packets that are plainly the same on both sides. */
  readonly latency: { readonly toOutside: Latency | null; readonly toInside: Latency | null };
  readonly translations: readonly Translation[];
  /** Gravest first, streams before other traffic; without those that are local. Bounded. */
  readonly flows: readonly ComparedFlow[];
  readonly totals: Readonly<Record<CrossingState, number>>;
  /** What limits the comparison, in one sentence each. */
  readonly notes: readonly string[];
}

/** The direction that an evidence speaks of, by name. */
export function nameDirection(direction: 0 | 1): 'toResponder' | 'toInitiator' {
  return direction === 0 ? 'toResponder' : 'toInitiator';
}
