/**
 * What the analysis publishes: immutable, small whatever the size of the capture, and safe to send between threads. Flows
 * are asked for by the window, never published whole.
 */

import type { CaptureInfo, Recall } from '../capture/frame-batch.ts';
import type { Finding, Verdict } from '../verdict/finding.ts';
import type { FrameAnswer, FrameQuestion } from './frame-question.ts';
import type { MediaRow, RateSeriesRow } from './measured-media.ts';

/** Nanoseconds since `Snapshot.originSeconds`: exact to the nanosecond within 104 days of it. */
export type RelativeTime = number;

export type Confidence = 'announced' | 'content' | 'port' | 'none';

/** How a TCP connection went, in Zeek's sense; `none` for other transports. */
export type TcpOutcome =
  | 'unanswered'
  | 'refused'
  | 'half-open'
  | 'established'
  | 'closed'
  | 'reset'
  | 'midstream'
  | 'none';

export interface EndpointRow {
  /** Canonical text. */
  readonly address: string;
  readonly port: number;
}

/** Counts by direction. */
export interface PairCount {
  readonly toResponder: number;
  readonly toInitiator: number;
}

export interface FlowRow {
  /** From 1, in order of first packet; 0 is never a flow. Announced flows that no packet reached come after all others. */
  readonly id: number;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `igmp` or the IP protocol's name. */
  readonly transport: string;
  readonly initiator: EndpointRow;
  readonly responder: EndpointRow;
  readonly vlans: readonly number[];
  /** Path of tunnels, outermost first, such as `ERSPAN II session 100 from 10.0.0.1 to 10.0.0.2`; null when none. */
  readonly tunnel: string | null;
  /** Protocol id, or null when unknown. */
  readonly protocol: string | null;
  /** As people write the protocol: `RTSP`; `unknown` when it is. */
  readonly protocolLabel: string;
  readonly confidence: Confidence;
  /** Id of the control flow that announced this one, null when none did; `announcedHow` says how, such as `RTSP SETUP`. */
  readonly announcedBy: number | null;
  readonly announcedHow: string | null;
  /** Where the announcement says that media goes, whether or not it came; null where there is none, or both ways. */
  readonly announcedDirection: 'toResponder' | 'toInitiator' | null;
  readonly outcome: TcpOutcome;
  readonly verdict: Verdict;
  /** Codes of the findings that judge this flow, gravest first. */
  readonly codes: readonly string[];
  /** Id of the catalogue row that this flow falls under, null when none. */
  readonly rule: string | null;
  readonly packets: PairCount;
  /** Wire lengths of the frames. */
  readonly bytes: PairCount;
  /** Copies made by the span, counted in `packets` too. */
  readonly duplicates: number;
  /** Null for an announced flow that no packet ever reached. */
  readonly firstTime: RelativeTime | null;
  readonly lastTime: RelativeTime | null;
  readonly firstFrame: number | null;
  /** Index of the capture that `firstFrame` counts in. */
  readonly capture: number;
  readonly communityId: string | null;
  /** What was played and the like, safe to print: URL, stream, codec, agent. */
  readonly facts: Readonly<Record<string, string>>;
  readonly media: MediaRow | null;
}

/** One arrow of a flow's ladder: a packet worth showing or a control message. Text is safe to print. */
/** Directions are those of the flow whose ladder it is, also for steps of related flows. */
export interface LadderStep {
  readonly capture: number;
  readonly frame: number;
  readonly time: RelativeTime;
  /** As the ends of the ladder's own flow see it. */
  readonly direction: 'toResponder' | 'toInitiator' | 'from-elsewhere';
  /** Addresses of who sent it and to whom: a ladder may hold flows to other hosts than its own. */
  readonly from: string;
  readonly to: string;
  /** `SYN`, `SETUP`, `200 OK`, `ICMP 3/13`, `first RTP`. */
  readonly name: string;
  readonly detail: string;
  /** Id of the flow it belongs to: a ladder may hold the media flows of a control flow. */
  readonly flow: number;
  /** Set for media that had to come from here on, and of which nothing was seen; the frame is that which says so. */
  readonly isMissing?: true;
}

export interface FlowDetail {
  readonly row: FlowRow;
  /** In order of time. */
  readonly ladder: readonly LadderStep[];
  /** Steps left out of the middle. */
  readonly ladderDropped: number;
  readonly findings: readonly Finding[];
  /** Flows that this one announced, or that announced it. */
  readonly related: readonly FlowRow[];
  /** The catalogue row in words, with its source. */
  readonly ruleText: string | null;
  /** Wireshark display filter for exactly this flow. */
  readonly displayFilter: string;
  /** Frames, mostly of other flows, that show what is known of its hosts: that they are reached, their own TTLs, whose MACs. */
  readonly witnesses?: readonly { readonly capture: number; readonly frame: number }[];
}

export interface CaptureRow extends Omit<CaptureInfo, 'interfaces'> {
  /** Hex; null until the whole file has been read, and for pipes and live captures. */
  readonly sha256: string | null;
  readonly firstTime: RelativeTime | null;
  readonly lastTime: RelativeTime | null;
  /** Names of the link types in it. */
  readonly linkTypes: readonly string[];
  readonly interfaces: readonly {
    readonly name: string | null;
    readonly linkType: string;
    /** What it was captured with; null where the capture does not say, or no filter was set. */
    readonly filter: string | null;
    readonly dropped: number | null;
  }[];
  /** Sum of what interfaces say they dropped; null when none says. */
  readonly dropped: number | null;
}

export interface GroupRow {
  readonly group: string;
  /** From SAP, SDP or the well-known names; null when there is none. */
  readonly name: string | null;
  readonly sources: readonly string[];
  readonly ports: readonly number[];
  readonly packets: number;
  readonly bytes: number;
  readonly members: readonly {
    readonly address: string;
    readonly version: string;
    readonly lastReport: RelativeTime;
  }[];
  /** Those who were members and have left since. */
  readonly left: readonly { readonly address: string; readonly version: string; readonly leftAt: RelativeTime }[];
  readonly querier: string | null;
  readonly verdict: Verdict;
  /** How far packets to it may go, in words. */
  readonly scope: string;
  /** Of payload, from the first packet to the last; null where no time passed between them. */
  readonly bitsPerSecond: number | null;
  /** From the first join to the first packet; null where that was there before, or one of them was not seen. */
  readonly joinToFirstPacketMs: number | null;
  /** From the last leave to the last packet; null while anybody is a member. */
  readonly leaveToLastPacketMs: number | null;
  /** What is sent to it, for each source and port; how well it comes is told with the flow. */
  readonly flows: readonly GroupFlowRow[];
}

export interface GroupFlowRow {
  /** Id of the flow. */
  readonly flow: number;
  readonly source: string;
  readonly port: number;
  readonly protocol: string | null;
  /** TTL or hop limit of its first packet here. */
  readonly ttl: number | null;
  readonly packets: number;
  /** Of payload; null where no time passed between its packets. */
  readonly bitsPerSecond: number | null;
}

export const POLICY_STATES = ['working', 'blocked', 'refused', 'unexpected', 'undetermined', 'never-seen'] as const;
export type PolicyState = (typeof POLICY_STATES)[number];

/** A row of the port catalogue or policy, and what the capture shows of it. */
export interface PolicyRow {
  readonly rule: string;
  readonly state: PolicyState;
  /** Number of flows, and the ids of the first few. */
  readonly flowCount: number;
  readonly flows: readonly number[];
  /** In words, for rules of the site and groups of alternatives; catalogue rows are found by their id. */
  readonly site?: { readonly protocol: string; readonly ports: string; readonly text: string; readonly source: string };
}

/** Flows under way in each of equal parts of the time from the first frame to the last. */
export interface ProtocolActivityRow {
  readonly protocol: string;
  readonly flows: readonly number[];
}

/** Why verdicts are limited, in one sentence each. */
export interface QualityNote {
  readonly code:
    | 'one-sided'
    | 'duplicates'
    | 'dropped'
    | 'interrupted'
    | 'filtered'
    | 'uncounted'
    | 'truncated'
    | 'midstream'
    | 'time-order'
    | 'damaged'
    | 'evicted'
    | 'undecoded'
    | 'fragments';
  readonly text: string;
  readonly count: number;
}

interface ProtocolTotals {
  readonly protocol: string;
  readonly flows: number;
  readonly bytes: number;
  readonly byVerdict: Readonly<Partial<Record<Verdict, number>>>;
}

export interface Totals {
  readonly frames: number;
  /** Wire lengths. */
  readonly bytes: number;
  readonly flows: number;
  readonly byVerdict: Readonly<Record<Verdict, number>>;
  /** Flows and bytes by protocol label, largest first, bounded. */
  readonly byProtocol: readonly ProtocolTotals[];
  readonly firstTime: RelativeTime | null;
  readonly lastTime: RelativeTime | null;
}

export interface Progress {
  readonly bytesRead: number;
  /** Null for pipes and live captures. */
  readonly bytesTotal: number | null;
  readonly elapsedMs: number;
}

export interface Snapshot {
  readonly phase: 'reading' | 'done' | 'cancelled' | 'failed';
  /** Set when `failed`: the reason in one sentence. What was read before it stands. */
  readonly failure: string | null;
  readonly progress: Progress;
  /** Whole seconds since 1970 that all relative times count from. */
  readonly originSeconds: number;
  readonly captures: readonly CaptureRow[];
  readonly totals: Totals;
  /** Frames of all captures, with their wire lengths. */
  readonly activity: RateSeriesRow;
  /** Of the protocols with most bytes, those first. */
  readonly underWay: readonly ProtocolActivityRow[];
  /** Gravest first, then those that hurt most viewers, then the surest. */
  readonly findings: readonly Finding[];
  readonly multicast: readonly GroupRow[];
  readonly policy: readonly PolicyRow[];
  readonly quality: readonly QualityNote[];
}

export type FlowSortKey =
  | 'id'
  | 'verdict'
  | 'protocol'
  | 'initiator'
  | 'responder'
  | 'packets'
  | 'bytes'
  | 'firstTime'
  | 'lastTime';

/** Which flows are wanted. */
export interface FlowWindowRequest {
  /** Expression of `query/`; empty means all. */
  readonly where: string;
  readonly sort: FlowSortKey;
  readonly descending: boolean;
  readonly offset: number;
  readonly count: number;
}

export interface FlowWindow {
  /** Flows that the expression selects. */
  readonly matched: number;
  readonly offset: number;
  readonly rows: readonly FlowRow[];
  /** Why `where` could not be understood; rows are then those of no filter. */
  readonly error: string | null;
}

/** The analysis as screens and commands see it, wherever it runs. */
export interface Analysis {
  readonly snapshot: Snapshot;
  /** Called on each new snapshot (a few times a second while reading, then once more); returns how to stop it. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  flows(request: FlowWindowRequest): Promise<FlowWindow>;
  flow(id: number): Promise<FlowDetail | null>;
  /** What can be read again of a live capture, whose memory is written into `folder`; null for files, which are there. */
  recall(folder: string): Promise<Recall | null>;
  /** Reads the capture again up to that frame, or what was kept of a live one. */
  frame(question: FrameQuestion): Promise<FrameAnswer>;
  /** Stops reading and keeps what was read. */
  cancel(): void;
  /** Resolves when reading has ended, for whatever reason, with the last snapshot. */
  readonly finished: Promise<Snapshot>;
  close(): Promise<void>;
}
