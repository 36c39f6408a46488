/** Puts together what the tables know of a flow, for the checks and for the rows that people see. */

import { type Copies, NO_COPIES } from '../flow/copy-table.ts';
import type { FirstFragments } from '../flow/first-fragments.ts';
import { SEEN } from '../flow/host-table.ts';
import { isMulticastFlow } from '../flow/multicast-flow.ts';
import { IP_PROTOCOL } from '../packet/decoded-packet.ts';
import { rowListing } from '../policy/flow-rows.ts';
import type { PortRow } from '../policy/port-row.ts';
import type { ControlRecord } from '../protocol/control-record.ts';
import type { AnnouncedCase, Endpoint, FlowCase, GroupPacket, Pair, TcpCase, TcpEvent } from '../verdict/flow-case.ts';
import { tcpOutcome } from '../verdict/tcp-outcome.ts';
import type { AnnouncedFlow } from './announcements.ts';
import { DISSECTOR_BY_ID, type Identity, identify, transportName } from './flow-identity.ts';
import type { Pipeline } from './pipeline.ts';
import type { Confidence } from './snapshot.ts';

/** For an address that is asked for at once. */
const SCRATCH = new DataView(new ArrayBuffer(16));

function endpointOf(pipeline: Pipeline, slot: number, end: 0 | 1): Endpoint {
  return { address: pipeline.flows.addressText(slot, end), port: pipeline.flows.port(slot, end) };
}

/**
 * The flow in a slot as the checks see it. Everything is worked out when it is asked for, and only the identity is kept: of a
 * hundred thousand flows most are asked one question.
 */
export class SlotCase implements FlowCase {
  readonly slot: number;
  readonly id: number;
  readonly #pipeline: Pipeline;
  #identity: Identity | null = null;

  constructor(pipeline: Pipeline, slot: number) {
    this.#pipeline = pipeline;
    this.slot = slot;
    this.id = pipeline.flows.id(slot);
  }

  get identity(): Identity {
    this.#identity ??= identify(this.#pipeline, this.slot);
    return this.#identity;
  }

  get capture(): number {
    return this.#pipeline.flows.capture(this.slot);
  }

  get transport(): string {
    return transportName(this.#pipeline.flows.transport(this.slot));
  }

  get initiator(): Endpoint {
    return endpointOf(this.#pipeline, this.slot, 0);
  }

  get responder(): Endpoint {
    return endpointOf(this.#pipeline, this.slot, 1);
  }

  get isMulticast(): boolean {
    return isMulticastFlow(this.#pipeline.flows, this.slot);
  }

  get protocol(): string | null {
    return this.identity.protocol;
  }

  get label(): string {
    return this.identity.label;
  }

  get confidence(): Confidence {
    return this.identity.confidence;
  }

  get isStreaming(): boolean {
    return this.identity.isStreaming;
  }

  get row(): PortRow | null {
    return this.identity.row;
  }

  get packets(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.packets(this.slot, 0), flows.packets(this.slot, 1)];
  }

  get firstFragments(): Pair<FirstFragments | null> {
    const { flows, firstFragments } = this.#pipeline;
    return [
      firstFragments.of(this.slot, flows.sideOf(this.slot, 0)),
      firstFragments.of(this.slot, flows.sideOf(this.slot, 1)),
    ];
  }

  get copies(): Pair<Copies> {
    const { flows, copies } = this.#pipeline;
    return [copies.of(this.slot, flows.sideOf(this.slot, 0)), copies.of(this.slot, flows.sideOf(this.slot, 1))];
  }

  get bytes(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.bytes(this.slot, 0), flows.bytes(this.slot, 1)];
  }

  get payload(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.payload(this.slot, 0), flows.payload(this.slot, 1)];
  }

  get firstTime(): number {
    return this.#pipeline.flows.firstTime(this.slot);
  }

  get again(): Pair<number> {
    const { media } = this.#pipeline.contents;
    return [media.cameAgain(this.slot, 0), media.cameAgain(this.slot, 1)];
  }

  get firstTimes(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.firstTimeOf(this.slot, 0), flows.firstTimeOf(this.slot, 1)];
  }

  get lastTimes(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.lastTimeOf(this.slot, 0), flows.lastTimeOf(this.slot, 1)];
  }

  get firstFrames(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.firstFrame(this.slot, 0), flows.firstFrame(this.slot, 1)];
  }

  get lastFrames(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.lastFrame(this.slot, 0), flows.lastFrame(this.slot, 1)];
  }

  get tcp(): TcpCase | null {
    const isTcp = this.#pipeline.flows.transport(this.slot) === IP_PROTOCOL.tcp;
    return isTcp ? new SlotTcpCase(this.#pipeline, this.slot) : null;
  }

  get icmp(): FlowCase['icmp'] {
    return this.#pipeline.icmpErrors.of(this.slot);
  }

  get record(): ControlRecord | null {
    return this.#pipeline.contents.controls.get(this.slot)?.record ?? null;
  }

  get isInitiatorReached(): boolean {
    const length = this.#pipeline.flows.writeAddress(this.slot, 0, SCRATCH);
    return this.#pipeline.hosts.isSeen(SCRATCH, length, SEEN.reached);
  }

  get reportsMedia(): Pair<boolean> {
    const { media } = this.#pipeline.contents;
    return [media.isReportedBy(this.slot, 0), media.isReportedBy(this.slot, 1)];
  }

  get arrivedAfter(): Pair<number> {
    const { media } = this.#pipeline.contents;
    return [media.arrivedAfter(this.slot, 0), media.arrivedAfter(this.slot, 1)];
  }

  get emptyReports(): Pair<number> {
    const { media } = this.#pipeline.contents;
    return [media.emptyReports(this.slot, 0), media.emptyReports(this.slot, 1)];
  }

  get answersReports(): Pair<boolean> {
    const { media } = this.#pipeline.contents;
    return [media.answersReports(this.slot, 0), media.answersReports(this.slot, 1)];
  }

  get sentByReports(): Pair<number> {
    const { media } = this.#pipeline.contents;
    return [media.sentByReports(this.slot, 0), media.sentByReports(this.slot, 1)];
  }

  get groupPacket(): GroupPacket | null {
    return this.#pipeline.multicast.firstPackets.get(this.id) ?? null;
  }

  get announced(): readonly AnnouncedCase[] {
    return this.#pipeline.contents.announcements
      .of(this.slot)
      .map((each) => announcedCase(each, this.initiator, this.responder));
  }
}

/** Addresses tell the ends of an announcement apart before ports do: both ends may use the same port. */
function announcedCase(announced: AnnouncedFlow, initiator: Endpoint, responder: Endpoint): AnnouncedCase {
  const straight = likeness(announced.initiator, initiator) + likeness(announced.responder, responder);
  const crossed = likeness(announced.initiator, responder) + likeness(announced.responder, initiator);
  return { media: announced.media, announcer: announced.announcerId, initiatorEnd: straight >= crossed ? 0 : 1 };
}

function likeness(announced: AnnouncedFlow['initiator'], end: Endpoint): number {
  return (announced.address === end.address ? 3 : 0) + (announced.port === end.port ? 1 : 0);
}

class SlotTcpCase implements TcpCase {
  readonly outcome: TcpCase['outcome'];
  readonly #pipeline: Pipeline;
  readonly #slot: number;

  constructor(pipeline: Pipeline, slot: number) {
    this.#pipeline = pipeline;
    this.#slot = slot;
    const { flows } = pipeline;
    this.outcome = tcpOutcome(flows.flags(slot, 0), flows.flags(slot, 1), flows.packets(slot, 1) > 0);
  }

  get flags(): Pair<number> {
    const { flows } = this.#pipeline;
    return [flows.flags(this.#slot, 0), flows.flags(this.#slot, 1)];
  }

  get syns(): number {
    return this.#pipeline.tcp.syns(this.#slot, this.#side(0));
  }

  get lastSynTime(): number {
    return this.#pipeline.tcp.handshakeTime(this.#slot);
  }

  /** Copied out of their table each time: of a hundred thousand flows few are asked twice. */
  get events(): readonly TcpEvent[] {
    return this.#pipeline.events.of(this.#slot, this.#side(0));
  }

  get runs(): TcpCase['runs'] {
    const { tcp } = this.#pipeline;
    return [tcp.run(this.#slot, this.#side(0)), tcp.run(this.#slot, this.#side(1))];
  }

  get acknowledgedRuns(): TcpCase['acknowledgedRuns'] {
    const { tcp } = this.#pipeline;
    return [tcp.acknowledgedRun(this.#slot, this.#side(0)), tcp.acknowledgedRun(this.#slot, this.#side(1))];
  }

  get acknowledgedBytes(): Pair<number | null> {
    const { tcp } = this.#pipeline;
    return [tcp.acknowledgedBy(this.#slot, this.#side(1)), tcp.acknowledgedBy(this.#slot, this.#side(0))];
  }

  get isEndMissing(): Pair<boolean> {
    const { tcp } = this.#pipeline;
    return [tcp.isEndMissing(this.#slot, this.#side(0)), tcp.isEndMissing(this.#slot, this.#side(1))];
  }

  get acknowledgesData(): Pair<boolean> {
    const { tcp } = this.#pipeline;
    return [tcp.hasAcknowledgedData(this.#slot, this.#side(0)), tcp.hasAcknowledgedData(this.#slot, this.#side(1))];
  }

  #side(direction: 0 | 1): 0 | 1 {
    return this.#pipeline.flows.sideOf(this.#slot, direction);
  }
}

/** An announced flow that no packet ever reached. */
export function caseOfAbsent(announced: AnnouncedFlow, id: number): FlowCase {
  const { announcement } = announced.media;
  const dissector = DISSECTOR_BY_ID.get(announcement.protocol);
  const endpoint = (known: { readonly address: string; readonly port: number | null }): Endpoint => ({
    address: known.address,
    port: known.port ?? 0,
  });
  return {
    id,
    capture: announcement.at.capture,
    transport: announcement.transport,
    initiator: endpoint(announced.initiator),
    responder: endpoint(announced.responder),
    isMulticast: announcement.isMulticast,
    protocol: announcement.protocol,
    label: dissector?.label ?? announcement.protocol.toUpperCase(),
    confidence: 'announced',
    isStreaming: true,
    row: rowListing({
      transport: announcement.transport,
      protocolId: announcement.protocol,
      initiatorPort: announced.initiator.port ?? 0,
      responderPort: announced.responder.port ?? 0,
      isMulticast: announcement.isMulticast,
      announced: true,
      responderSends: false,
      isOverHttp: false,
    }),
    packets: [0, 0],
    bytes: [0, 0],
    payload: [0, 0],
    firstFragments: [null, null],
    copies: [NO_COPIES, NO_COPIES],
    again: [0, 0],
    firstTime: announcement.at.time,
    firstTimes: [Infinity, Infinity],
    lastTimes: [-Infinity, -Infinity],
    firstFrames: [0, 0],
    lastFrames: [0, 0],
    tcp: null,
    icmp: [],
    groupPacket: null,
    record: null,
    isInitiatorReached: false,
    reportsMedia: [false, false],
    arrivedAfter: [-Infinity, -Infinity],
    emptyReports: [0, 0],
    answersReports: [false, false],
    sentByReports: [0, 0],
    announced: [{ media: announced.media, announcer: announced.announcerId, initiatorEnd: 0 }],
  };
}
