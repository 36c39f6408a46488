/** One flow as the checks see it: who, what, how it went, and every packet that proves something. */

import type { Copies } from '../flow/copy-table.ts';
import type { FirstFragments } from '../flow/first-fragments.ts';
import type { HostInfo } from '../flow/host-table.ts';
import type { MacInfo, Sighting } from '../flow/mac-table.ts';
import type { RetransmissionRun } from '../flow/tcp-table.ts';
import { TCP_FLAG } from '../packet/decoded-packet.ts';
import type { PortRow } from '../policy/port-row.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import type { AnnouncedMedia, ControlRecord } from '../protocol/control-record.ts';
import type { TcpOutcome } from './tcp-outcome.ts';

/** 0 toward the responder, 1 toward the initiator; pairs of values are indexed by it. */
export type Direction = 0 | 1;
export type Pair<T> = readonly [T, T];

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A packet of a TCP handshake, close or repetition. */
export interface TcpEvent extends Sighting {
  readonly kind: 'syn' | 'syn-ack' | 'rst' | 'fin' | 'retransmission' | 'zero-window';
  readonly direction: Direction;
  readonly ttl: number;
  /** -1 for IPv6. */
  readonly ipId: number;
  readonly window: number;
  /** Id in the host table's MACs, 0 when the link has none. */
  readonly mac: number;
  /** Bytes of payload on the wire. */
  readonly length: number;
}

export interface TcpCase {
  readonly outcome: TcpOutcome;
  /** All flags seen, by direction. */
  readonly flags: Pair<number>;
  /** SYNs of the initiator, and the time of the last SYN of either side in nanoseconds since the origin. */
  readonly syns: number;
  readonly lastSynTime: number;
  readonly events: readonly TcpEvent[];
  /** Retransmissions that nothing has acknowledged, by the direction of the data. */
  readonly runs: Pair<RetransmissionRun | null>;
  /** The same data again and again after it was acknowledged, by the direction of the data. */
  readonly acknowledgedRuns: Pair<RetransmissionRun | null>;
  /** Bytes of a direction that the other end acknowledged; null when it did, and the connection began before the capture. */
  readonly acknowledgedBytes: Pair<number | null>;
  /** Whether the last bytes of a direction are not in the capture, though the other end acknowledged them. */
  readonly isEndMissing: Pair<boolean>;
  /** Whether packets of a direction acknowledged data of the other one. */
  readonly acknowledgesData: Pair<boolean>;
}

export interface IcmpCase extends Sighting {
  readonly version: 4 | 6;
  readonly type: number;
  readonly code: number;
  readonly reporter: string;
  /** That the error itself has left. */
  readonly ttl: number;
  /** Direction of the packet that was stopped. */
  readonly direction: Direction;
}

/** An announcement of this flow, or of a flow that never came. */
export interface AnnouncedCase {
  readonly media: AnnouncedMedia;
  /** Id of the control flow. */
  readonly announcer: number;
  /** Which end of this flow is the announcement's initiator side: 0 when it is this flow's initiator. */
  readonly initiatorEnd: 0 | 1;
}

/** A flow together with one announcement of it. */
export interface AnnouncedMediaCase {
  readonly flow: FlowCase;
  readonly announced: AnnouncedCase;
  /** Where both ends were to send, the one of the two ways that is meant; absent where it goes without saying. */
  readonly way?: Direction;
}

/** The first packet of a flow to a multicast group. */
export interface GroupPacket extends Sighting {
  readonly ttl: number;
  /** Link address that it was sent to, null where the link has none. */
  readonly mac: string | null;
}

export interface FlowCase {
  readonly id: number;
  /** Index of the capture that its frames count in. */
  readonly capture: number;
  readonly transport: string;
  readonly initiator: Endpoint;
  readonly responder: Endpoint;
  readonly isMulticast: boolean;
  /** Protocol id by content or announcement, else by the catalogue's row for the port, else null. */
  readonly protocol: string | null;
  /** As people write it. */
  readonly label: string;
  readonly confidence: 'announced' | 'content' | 'port' | 'none';
  /** Streaming by its protocol, by announcement, or by the streaming port that it is for. */
  readonly isStreaming: boolean;
  /** The catalogue's row that lists this flow; null when none does. */
  readonly row: PortRow | null;
  readonly packets: Pair<number>;
  /** Of the frames. */
  readonly bytes: Pair<number>;
  readonly payload: Pair<number>;
  /** Datagrams that came in fragments; null where none did. */
  readonly firstFragments: Pair<FirstFragments | null>;
  /** Packets that are copies, as a span makes them before and after a router. */
  readonly copies: Pair<Copies>;
  /** Packets of RTP that came again by their numbers and are none of these, as of a device that holds them for longer than a router. */
  readonly again: Pair<number>;
  readonly firstTime: number;
  /** Of the packets in `firstFrames`; Infinity where a direction has none. */
  readonly firstTimes: Pair<number>;
  /** -Infinity where a direction has no packet. */
  readonly lastTimes: Pair<number>;
  readonly firstFrames: Pair<number>;
  readonly lastFrames: Pair<number>;
  readonly tcp: TcpCase | null;
  readonly icmp: readonly IcmpCase[];
  readonly record: ControlRecord | null;
  /** Whether the capture shows anything on its way to the initiator: then an answer would have been seen too. */
  readonly isInitiatorReached: boolean;
  /** Whether RTCP of a direction reports that media of the other end arrives at its sender. */
  readonly reportsMedia: Pair<boolean>;
  /** After which time media of the other end still arrived, by RTCP of a direction; -Infinity where none tells. */
  readonly arrivedAfter: Pair<number>;
  /** RTCP reports of a direction that speak of no medium at all, as of one to which nothing comes; 0 where any does. */
  readonly emptyReports: Pair<number>;
  /** Whether RTCP of a direction answers reports that the other end has sent in this flow: those have arrived. */
  readonly answersReports: Pair<boolean>;
  /** Packets of media that RTCP of a direction says to have sent; 0 where it says nothing of it. */
  readonly sentByReports: Pair<number>;
  /** Null for what is no flow to a group, and where there was no place to note it. */
  readonly groupPacket: GroupPacket | null;
  /** Empty when no control channel named it; both directions of a call may share one flow. */
  readonly announced: readonly AnnouncedCase[];
}

/** What the link and the packets of hosts tell of them. */
export interface HostKnowledge {
  host(address: string): HostInfo | null;
  /** Hosts that ARP or neighbour discovery looked for. */
  listSought(): readonly HostInfo[];
  /** `met`: how many have sent at all. */
  readonly macs: { byId(id: number): MacInfo | null; readonly met: number };
}

/** Times of the last frame before a silence and of the first one after it, in nanoseconds since the origin. */
export interface CaptureGap {
  /** -Infinity where the part had not begun. */
  readonly start: number;
  /** Infinity where no frame follows. */
  readonly end: number;
  /** What was silent while other parts of the capture went on; absent where all of it was. */
  readonly part?: CapturePart;
}

export interface CapturePart {
  /** Indices of the captures whose flows it concerns; null for all. */
  readonly captures: ReadonlySet<number> | null;
  /** False for one interface of several in a file: flows do not tell on which of them they came. */
  readonly isWhole: boolean;
}

/** A name that a client asked for, and that did not become an address. */
export interface LookupCase {
  readonly client: string;
  readonly server: string;
  /** As the packet has it, in lower case: not safe to print. */
  readonly name: string;
  readonly firstAsked: Sighting;
  readonly lastAsked: Sighting;
  readonly asked: number;
  readonly outcome: 'unanswered' | 'no-such-name' | 'server-failure';
  /** The first answer, which holds no address; null where there is none. */
  readonly answered: Sighting | null;
}

/** Two queriers that are not on one segment, by the query `at` that one of them would not have sent there. */
export interface ApartQueriers {
  readonly queriers: Pair<string>;
  readonly at: Sighting;
}

/** Packets of a stream of RTP that are missing, by its numbering. */
export interface StreamLoss {
  readonly flow: FlowCase;
  readonly direction: Direction;
  readonly expected: number;
  readonly lost: number;
  /** Holes in the numbering, and the longest of them in packets. */
  readonly lossEvents: number;
  readonly longestLoss: number;
  /**
   * By the receiver that misses most: its reports, its packets in all, the highest share of them between two reports, and on
   * which side of the capture point they were lost, where that can be told. Null where none reports.
   */
  readonly reported: {
    readonly reports: number;
    readonly lost: number;
    readonly worstShare: number;
    readonly place: 'before' | 'after' | 'both' | 'capture' | null;
  } | null;
}

/** The capture around the flows. */
export interface CaptureCase {
  readonly hosts: HostKnowledge;
  /** Nanoseconds since the origin, of the first frame and the last. */
  readonly startTime: number;
  readonly endTime: number;
  /** Long silences of the capture or of parts of it, in order: what happened in them is not known. */
  readonly gaps: readonly CaptureGap[];
  /** Whether the capture holds nothing but TCP: then it was probably filtered, and media would not show. */
  readonly isOnlyTcp: boolean;
  /** Nothing but TCP and UDP, not even ARP: joins of groups would not show either. */
  readonly isOnlyTcpOrUdp: boolean;
  /** Whether the capture lacks frames that passed, by its own count. */
  readonly lacksFrames: boolean;
  /** Of each stream of RTP over UDP of which packets are missing, or of which a receiver tells. */
  readonly losses: readonly StreamLoss[];
  /** Whether any datagram is here twice, as on both sides of a router: then UDP that passes it would be. */
  readonly hasCopiesOfUdp: boolean;
  /** Whether any datagram was put together from its fragments. */
  readonly hasWholeDatagrams: boolean;
  /** The flow with this id when it is among those that are judged. */
  flow(id: number): FlowCase | null;
  /** All flows that are judged, in order of id. */
  readonly flows: readonly FlowCase[];
  /** Media and channels that a control flow announced, those without packets included. */
  announcedBy(id: number): readonly AnnouncedMediaCase[];
  readonly groups: readonly GroupCase[];
  /** Where the capture shows segments apart from each other; `lastQuery`: when a querier asked last. */
  readonly apart: readonly ApartQueriers[];
  lastQuery(querier: string): Sighting | null;
  readonly lookups: readonly LookupCase[];
  /** Null where the site has given none. */
  readonly policy: SitePolicy | null;
  /** Whole seconds since 1970 that times count from. */
  readonly originSeconds: number;
}

export interface MemberCase {
  readonly address: string;
  /** `IGMPv2`, `MLDv2`: the version of its reports. */
  readonly version: string;
  readonly joinedAt: Sighting;
  readonly lastReportAt: Sighting;
  /** Null while it is a member. */
  readonly leftAt: Sighting | null;
  /** The only sources that it wants the group from (RFC 4607); null where it wants it from any, or from all but some. */
  readonly sources: readonly string[] | null;
}

/** One multicast group: who wants it and what comes. */
export interface GroupCase {
  readonly group: string;
  /** From SAP, SDP or the well-known names, safe to print; null when there is none. */
  readonly name: string | null;
  /** Link-local control, discovery protocols and the like: named, never judged. */
  readonly isWellKnown: boolean;
  readonly members: readonly MemberCase[];
  /** Who asks for membership on this segment, and how often it has; null when nobody does. */
  readonly querier: { readonly address: string; readonly queries: number; readonly at: Sighting } | null;
  /** Flows to the group. */
  readonly flows: readonly FlowCase[];
  /** Flows to it that were announced, and of which no packet came. */
  readonly absent: readonly FlowCase[];
  /** Announced by SAP or SDP: where. */
  readonly announcedAt: Sighting | null;
}

/** Number of the flow's first frame, 0 when no packet reached it. */
export function firstFrameOf({ firstFrames: [first, second] }: FlowCase): number {
  return first === 0 || second === 0 ? first + second : Math.min(first, second);
}

export const NS_PER_SECOND = 1e9;

/** `10.10.2.20:554`, `[fd00::1]:554`. */
export function formatEndpoint(endpoint: Endpoint): string {
  const address = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  return `${address}:${endpoint.port}`;
}

const SECONDS_PER_HOUR = 3600;

/** Seconds with as many digits as matter: `0.035 s`, `4.1 s`, `17 s`; hours where they say more. */
export function formatSeconds(ns: number): string {
  const seconds = ns / NS_PER_SECOND;
  if (seconds > 0 && seconds < 0.0005) return 'less than 0.001 s';
  if (seconds >= 3 * SECONDS_PER_HOUR) return `${Math.round(seconds / SECONDS_PER_HOUR)} h`;
  const digits = seconds < 0.1 ? 3 : seconds < 10 ? 1 : 0;
  return `${seconds.toFixed(digits)} s`;
}

/** Whether what a direction of a connection holds last is not in the capture: a goodbye or an answer may be in it. */
export function isEndHidden({ tcp, packets }: FlowCase, direction: Direction): boolean {
  return tcp !== null && (packets[direction] === 0 || tcp.isEndMissing[direction]);
}

/** Whether the beginning of a connection is in the capture. */
export function hasHandshake({ tcp }: FlowCase): boolean {
  return tcp !== null && ((tcp.flags[0] | tcp.flags[1]) & TCP_FLAG.syn) !== 0;
}

/** Whether bytes of a control connection, of whichever direction, are missing from the capture since then. */
export function isPartHidden({ record }: FlowCase, since: number): boolean {
  const missed = record?.missedAt ?? null;
  return missed !== null && missed.time >= since;
}
