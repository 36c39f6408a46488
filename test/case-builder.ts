/** Flows and captures as the checks see them, made by hand: what a test does not name is ordinary. */

import { type Copies, NO_COPIES } from '../src/flow/copy-table.ts';
import type { HostInfo, TtlSighting } from '../src/flow/host-table.ts';
import type { MacInfo } from '../src/flow/mac-table.ts';
import { IP_PROTOCOL } from '../src/packet/decoded-packet.ts';
import type { Announcement } from '../src/protocol/control-record.ts';
import { AnnouncedMedia, ControlRecord } from '../src/protocol/control-record.ts';
import type {
  AnnouncedMediaCase,
  CaptureCase,
  FlowCase,
  GroupCase,
  IcmpCase,
  TcpCase,
  TcpEvent,
} from '../src/verdict/flow-case.ts';

export const CLIENT = '10.10.1.10';
export const SERVER = '10.10.2.20';

export function seconds(count: number): number {
  return count * 1e9;
}

/** A place in the capture: frames count with tenths of seconds. */
export function at(second: number): { readonly capture: number; readonly frame: number; readonly time: number } {
  return { capture: 0, frame: Math.round(second * 10) + 1, time: seconds(second) };
}

let ids = 0;

/** As many packets of a direction, half of all, that came twice to the end. */
export function copiesOf(count: number, lastTime = seconds(5)): Copies {
  return { count, packets: 2 * count, lastFrame: 20, lastTime };
}

/** RTSP from the client to port 554 of the server, well known and working. */
export function flowCase(changes: Partial<FlowCase> = {}): FlowCase {
  return {
    id: ++ids,
    capture: 0,
    transport: 'tcp',
    initiator: { address: CLIENT, port: 40_000 },
    responder: { address: SERVER, port: 554 },
    isMulticast: false,
    protocol: 'rtsp',
    label: 'RTSP',
    confidence: 'content',
    isStreaming: true,
    row: null,
    packets: [10, 10],
    bytes: [1000, 1000],
    payload: [500, 500],
    firstFragments: [null, null],
    copies: [NO_COPIES, NO_COPIES],
    again: [0, 0],
    firstTime: 0,
    firstTimes: [0, 0],
    lastTimes: [seconds(5), seconds(5)],
    firstFrames: [1, 2],
    lastFrames: [19, 20],
    tcp: tcpCase(),
    icmp: [],
    record: null,
    isInitiatorReached: true,
    reportsMedia: [false, false],
    arrivedAfter: [-Infinity, -Infinity],
    emptyReports: [0, 0],
    answersReports: [false, false],
    sentByReports: [0, 0],
    announced: [],
    groupPacket: null,
    ...changes,
  };
}

export function tcpCase(changes: Partial<TcpCase> = {}): TcpCase {
  return {
    outcome: 'established',
    flags: [0x12, 0x12],
    syns: 1,
    lastSynTime: 0,
    events: [],
    runs: [null, null],
    acknowledgedRuns: [null, null],
    acknowledgedBytes: [500, 500],
    isEndMissing: [false, false],
    acknowledgesData: [true, true],
    ...changes,
  };
}

export function tcpEvent(kind: TcpEvent['kind'], second: number, changes: Partial<TcpEvent> = {}): TcpEvent {
  const direction = kind === 'syn' ? 0 : 1;
  return {
    kind,
    direction,
    ...at(second),
    ttl: 63,
    ipId: Math.round(second * 10) + 100,
    window: 0,
    mac: 0,
    length: 0,
    ...changes,
  };
}

/** A connection attempt: its SYNs at these seconds, and nothing else. */
export function attempt(syns: readonly number[], changes: Partial<FlowCase> = {}): FlowCase {
  const last = seconds(syns.at(-1) ?? 0);
  const tcp = tcpCase({
    outcome: 'unanswered',
    flags: [0x02, 0],
    syns: syns.length,
    lastSynTime: last,
    events: syns.map((second) => tcpEvent('syn', second, { ttl: 64 })),
    acknowledgesData: [false, false],
  });
  return flowCase({
    tcp,
    confidence: 'port',
    packets: [syns.length, 0],
    payload: [0, 0],
    lastTimes: [last, Number.NEGATIVE_INFINITY],
    firstFrames: [1, 0],
    lastFrames: [9, 0],
    ...changes,
  });
}

export function icmpCase(type: number, code: number, reporter: string, changes: Partial<IcmpCase> = {}): IcmpCase {
  return { ...at(0.1), version: 4, type, code, reporter, ttl: 64, direction: 0, ...changes };
}

/** What is known of a host; `ttls` are those of its own TCP packets. */
export function hostInfo(address: string, changes: Partial<HostInfo> & { readonly tcpTtl?: number } = {}): HostInfo {
  const { tcpTtl, ...rest } = changes;
  const ttls: TtlSighting[] =
    tcpTtl === undefined ? [] : [{ ttl: tcpTtl, transport: IP_PROTOCOL.tcp, mac: 0, ...at(0) }];
  return {
    address,
    macs: [],
    forwarder: 0,
    ttls,
    reached: null,
    sent: null,
    soughtAt: null,
    foundAt: null,
    sought: 0,
    ...rest,
  };
}

export function macInfo(id: number, changes: Partial<MacInfo> = {}): MacInfo {
  return { id, mac: `02:00:00:00:00:0${id}`, senders: [], resolved: null, router: null, ...changes };
}

interface Surroundings {
  readonly hosts?: readonly HostInfo[];
  readonly macs?: readonly MacInfo[];
  readonly endSecond?: number;
}

/** A capture of a minute that holds these flows. */
export function captureCase(
  flows: readonly FlowCase[],
  { hosts = [], macs = [], endSecond = 60, ...changes }: Surroundings & Partial<Omit<CaptureCase, 'hosts'>> = {},
): CaptureCase {
  const announced = flows.flatMap((flow) =>
    flow.announced.map((each): AnnouncedMediaCase => ({ flow, announced: each })),
  );
  return {
    hosts: {
      host: (address) => hosts.find((host) => host.address === address) ?? null,
      listSought: () => hosts.filter((host) => host.soughtAt !== null),
      macs: { byId: (id) => macs.find((mac) => mac.id === id) ?? null, met: macs.length },
    },
    startTime: 0,
    endTime: seconds(endSecond),
    gaps: [],
    isOnlyTcp: false,
    isOnlyTcpOrUdp: false,
    lacksFrames: false,
    losses: [],
    hasCopiesOfUdp: false,
    hasWholeDatagrams: true,
    flow: (id) => flows.find((flow) => flow.id === id) ?? null,
    flows,
    announcedBy: (id) => announced.filter((each) => each.announced.announcer === id),
    groups: [],
    apart: [],
    lastQuery: () => null,
    lookups: [],
    policy: null,
    originSeconds: 1_800_000_000,
    ...changes,
  };
}

type MediaFlow = FlowCase & { readonly media: AnnouncedMedia };

/** RTP from the server to the client, announced by a control flow at second 0 and asked for at second 1. */
export function mediaCase(
  control: FlowCase,
  changes: Partial<FlowCase> & { readonly announcement?: Partial<Announcement> } = {},
): MediaFlow {
  const { announcement, ...rest } = changes;
  const media = new AnnouncedMedia({
    at: at(0),
    protocol: 'rtp',
    transport: 'udp',
    initiator: { address: null, port: 40_100 },
    responder: { address: null, port: 50_200 },
    sends: 'toInitiator',
    isMulticast: false,
    ttl: null,
    how: 'RTSP SETUP',
    media: 'audio',
    formats: [],
    mayBeSilent: false,
    certainty: 'parsed',
    ...announcement,
  });
  media.start(at(1));
  const flow = flowCase({
    transport: 'udp',
    initiator: { address: CLIENT, port: 40_100 },
    responder: { address: SERVER, port: 50_200 },
    protocol: media.announcement.protocol,
    label: media.announcement.protocol.toUpperCase(),
    confidence: 'announced',
    packets: [0, 0],
    payload: [0, 0],
    firstTime: seconds(1),
    firstTimes: [seconds(1), seconds(1)],
    lastTimes: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    firstFrames: [0, 0],
    lastFrames: [0, 0],
    tcp: null,
    announced: [{ media, announcer: control.id, initiatorEnd: 0 }],
    ...rest,
  });
  return { ...flow, media };
}

/** The RTCP that was agreed on for a medium, on the ports next to those of `mediaCase`: nothing of it came. */
export function rtcpCase(control: FlowCase, medium: MediaFlow, changes: Partial<FlowCase> = {}): MediaFlow {
  const rtcp = mediaCase(control, {
    initiator: { address: CLIENT, port: 40_101 },
    responder: { address: SERVER, port: 50_201 },
    announcement: { protocol: 'rtcp', mayBeSilent: true, sends: 'both' },
    ...changes,
  });
  medium.media.rtcp = rtcp.media;
  return rtcp;
}

/** A control flow whose connection goes on until `endSecond`. */
export function controlCase(
  endSecond: number,
  changes: Partial<FlowCase> = {},
): FlowCase & { readonly record: ControlRecord } {
  const record = new ControlRecord();
  return { ...flowCase({ lastTimes: [seconds(endSecond), seconds(endSecond)], ...changes }), record };
}

export const GROUP = '239.255.12.42';

/** RTP that the server sends to a group until second 20. */
export function streamCase(changes: Partial<FlowCase> = {}, group = GROUP): FlowCase {
  return flowCase({
    transport: 'udp',
    tcp: null,
    initiator: { address: SERVER, port: 40_000 },
    responder: { address: group, port: 5004 },
    isMulticast: true,
    protocol: 'rtp',
    label: 'RTP',
    packets: [500, 0],
    lastTimes: [seconds(20), Number.NEGATIVE_INFINITY],
    ...changes,
  });
}

/** A group of which nothing is known. */
export function groupCase(changes: Partial<GroupCase> = {}): GroupCase {
  return {
    group: GROUP,
    name: null,
    isWellKnown: false,
    members: [],
    querier: null,
    flows: [],
    absent: [],
    announcedAt: null,
    ...changes,
  };
}
