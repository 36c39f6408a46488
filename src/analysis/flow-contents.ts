/** Routes each payload to whoever wants it: recognizers at first, then the flow's dissection, then nobody. */

import type { FlowTable } from '../flow/flow-table.ts';
import { isMulticastFlow } from '../flow/multicast-flow.ts';
import { HoldBudget, type OrderedBytes } from '../flow/ordered-bytes.ts';
import { type DecodedPacket, IP_PROTOCOL } from '../packet/decoded-packet.ts';
import type { AnnouncedMedia } from '../protocol/control-record.ts';
import type { Direction, Dissector, Moment } from '../protocol/dissector.ts';
import { DISSECTORS } from '../protocol/registry.ts';
import { type AnnouncedFlow, Announcements } from './announcements.ts';
import { ControlFlow } from './control-flow.ts';
import { attemptsOf, confidenceOf, makeMark, protocolOf, ROUTE, routeOf, withAttempt, withRoute } from './flow-mark.ts';
import { type Identified, Identifier } from './identifier.ts';
import { MediaQuality, mayCarryRtp } from './media-quality.ts';
import { ReusedContext } from './reused-context.ts';

/** Flows whose dissection is kept; more are identified but not followed. */
const MOST_CONTROL_FLOWS = 50_000;

/** Protocols whose TCP connections carry media themselves, each time or when it is agreed so. */
const CARRIERS_OF_MEDIA: ReadonlySet<string> = new Set(['rtsp', 'rtmp', 'rtmpt', 'mms', 'mmsh', 'msbd']);

const PROTOCOL_INDEX: ReadonlyMap<string, number> = new Map(
  DISSECTORS.map((dissector, index) => [dissector.id, index]),
);

export class FlowContents {
  readonly announcements: Announcements;
  readonly media = new MediaQuality();
  readonly controls = new Map<number, ControlFlow>();
  /** Flows that were identified but not followed, for want of a place. */
  notFollowed = 0;
  readonly #flows: FlowTable;
  readonly #identifier: Identifier;
  readonly #context = new ReusedContext();
  readonly #budget = new HoldBudget();

  constructor(flows: FlowTable) {
    this.#flows = flows;
    this.announcements = new Announcements(flows);
    this.#identifier = new Identifier(DISSECTORS, flows, this.#budget);
  }

  /** Ties a flow to what was announced of it before it came. */
  claim(slot: number): void {
    const claimed = this.announcements.claim(slot);
    const announced = claimed[0];
    if (announced === undefined) return;
    for (const { media } of claimed) this.media.describe(slot, media.announcement.formats);
    const flows = this.#flows;
    const dissector = dissectorOfAnnouncement(announced);
    const isTcp = flows.transport(slot) === IP_PROTOCOL.tcp;
    if (isTcp && dissector?.open !== undefined) {
      // Its bytes will confirm it; until then the announcement's word stands.
      flows.setMark(slot, makeMark(ROUTE.fresh, 0, 'announced', PROTOCOL_INDEX.get(dissector.id) ?? -1));
      return;
    }
    if (dissector === null) return;
    if (dissector.open === undefined || this.controls.has(slot)) {
      const route = this.controls.has(slot) ? routeOf(flows.mark(slot)) : ROUTE.settled;
      flows.setMark(slot, makeMark(route, 0, 'announced', PROTOCOL_INDEX.get(dissector.id) ?? -1));
      return;
    }
    this.#context.transport = 'udp';
    this.#context.direction = flows.direction as Direction;
    this.#identify(slot, dissector, 'announced', null);
  }

  /** A TCP segment that is no copy, of the flow that the table has just updated. */
  segment(slot: number, packet: DecodedPacket, at: Moment): void {
    const flows = this.#flows;
    if (flows.isNew) this.claim(slot);
    const mark = flows.mark(slot);
    const route = routeOf(mark);
    if (route === ROUTE.settled) return;
    if (route === ROUTE.media) {
      this.media.connections.segment(slot, packet, flows.side, at.time);
      return;
    }
    if (route === ROUTE.control) {
      const control = this.controls.get(slot);
      if (control === undefined) return;
      this.#giveSegment(control, packet, at);
      return;
    }
    if (packet.payloadLength === 0 || packet.payloadEnd === packet.payloadStart) return;
    this.#context.set(packet, flows.direction, false, at);
    const promised = confidenceOf(mark) === 'announced' ? this.dissectorOf(slot) : null;
    if (promised !== null) {
      this.#follow(slot, { dissector: promised, held: [], ordered: null }, 'announced', packet, at);
      return;
    }
    this.#look(slot, mark, packet, at);
  }

  /** A UDP datagram that is no copy, of the flow that the table has just updated. */
  datagram(slot: number, packet: DecodedPacket, at: Moment): void {
    const flows = this.#flows;
    if (flows.isNew) this.claim(slot);
    const mark = flows.mark(slot);
    const route = routeOf(mark);
    if (route === ROUTE.settled || packet.payloadEnd === packet.payloadStart) return;
    if (route === ROUTE.media) {
      this.media.datagram(slot, packet, flows.direction, at);
      return;
    }
    if (route === ROUTE.cells) {
      this.media.cells(slot, packet, flows.direction, at);
      return;
    }
    if (route === ROUTE.control) {
      const control = this.controls.get(slot);
      if (control !== undefined) this.#giveDatagram(control, packet, at);
      return;
    }
    this.#context.set(packet, flows.direction, isMulticastFlow(flows, slot), at);
    this.#look(slot, mark, packet, at);
  }

  /** The dissector of a flow by content or announcement, null when its bytes said nothing. */
  dissectorOf(slot: number): Dissector | null {
    const index = protocolOf(this.#flows.mark(slot));
    return index < 0 ? null : (DISSECTORS[index] ?? null);
  }

  /** Ties announcements to flows that were there before them. */
  claimEarlierFlows(): void {
    const { announcements } = this;
    const flows = this.#flows;
    if (!announcements.all.some(({ slots, isOver }) => slots.length === 0 && !isOver)) return;
    for (let slot = 0; slot < flows.slots; slot++) {
      if (!flows.isUsed(slot)) continue;
      if (announcements.hasPort(flows.port(slot, 0)) || announcements.hasPort(flows.port(slot, 1))) this.claim(slot);
    }
  }

  finish(): void {
    for (const control of this.controls.values()) control.flush();
  }

  /** Forgets announced media that ended before `time` and has no flow any more: a control flow may go on for months. */
  forgetEnded(time: number): void {
    for (const { announcer, media } of this.announcements.forgetEnded(time)) {
      this.controls.get(announcer)?.record.forget(media);
    }
  }

  forget(slot: number): void {
    this.#identifier.forget(slot);
    this.announcements.forget(slot);
    this.media.forget(slot);
    this.controls.get(slot)?.drop();
    this.controls.delete(slot);
  }

  #look(slot: number, mark: number, packet: DecodedPacket, at: Moment): void {
    const flows = this.#flows;
    const isPending = routeOf(mark) === ROUTE.identifying;
    const answer = this.#identifier.look(slot, packet, this.#context, attemptsOf(mark), isPending);
    if (answer === 'open') flows.setMark(slot, withRoute(withAttempt(mark), ROUTE.fresh));
    else if (answer === 'pending') flows.setMark(slot, withRoute(withAttempt(mark), ROUTE.identifying));
    else if (answer === 'unknown') flows.setMark(slot, withRoute(mark, ROUTE.settled));
    else this.#follow(slot, answer, 'content', packet, at);
    if (packet.isTcp) return;
    if (answer === 'pending') this.media.suspect(slot, packet, this.#context);
    else if (isPending && (answer === 'open' || answer === 'unknown')) this.media.settle(slot, null);
  }

  /** Opens the dissection of a flow and gives it all bytes so far, those of the packet that brought the answer included. */
  #follow(
    slot: number,
    { dissector, held, ordered }: Identified,
    confidence: 'content' | 'announced',
    packet: DecodedPacket,
    at: Moment,
  ): void {
    const control = this.#identify(slot, dissector, confidence, ordered);
    if (control === null) return;
    for (const part of held) control.replay(part.direction, part.bytes, part.at);
    if (packet.isTcp) {
      control.beginAt(packet, this.#flows.side);
      this.#giveSegment(control, packet, at);
    } else {
      this.#giveDatagram(control, packet, at);
    }
  }

  #giveSegment(control: ControlFlow, packet: DecodedPacket, at: Moment): void {
    const { slot, record } = control;
    control.segment(packet, this.#flows.side, at);
    const isMedia = record.carriesMedia || CARRIERS_OF_MEDIA.has(record.identity ?? control.dissector.id);
    if (isMedia) this.media.connections.segment(slot, packet, this.#flows.side, at.time);
    this.#reviewIdentity(slot, control);
  }

  #giveDatagram(control: ControlFlow, packet: DecodedPacket, at: Moment): void {
    const { slot } = control;
    if (mayCarryRtp(control.dissector.id)) this.media.datagram(slot, packet, this.#flows.direction, at);
    else if (control.dissector.id === 'mpegts') this.media.cells(slot, packet, this.#flows.direction, at);
    control.datagram(packet, this.#flows.direction, at);
    this.#reviewIdentity(slot, control);
  }

  /** Opens the dissection of a flow; null when there is nothing to follow. */
  #identify(
    slot: number,
    dissector: Dissector,
    confidence: 'content' | 'announced',
    ordered: OrderedBytes | null,
  ): ControlFlow | null {
    const flows = this.#flows;
    const isOpened = dissector.open !== undefined && this.controls.size < MOST_CONTROL_FLOWS;
    if (dissector.open !== undefined && !isOpened) this.notFollowed++;
    const route = isOpened ? ROUTE.control : restingRoute(dissector);
    flows.setMark(slot, makeMark(route, 0, confidence, PROTOCOL_INDEX.get(dissector.id) ?? -1));
    this.media.settle(slot, dissector.id);
    if (!isOpened) return null;
    const control = new ControlFlow(slot, dissector, this.#context, flows, ordered, this.#budget);
    control.record.onAnnounce = (media) => this.#announce(media, control);
    if (this.#context.transport === 'tcp') control.record.onEmbeddedMedia = this.media.listenerOf(slot, control.record);
    this.controls.set(slot, control);
    return control;
  }

  #announce(media: AnnouncedMedia, control: ControlFlow): void {
    this.announcements.add(media, control.slot);
  }

  /** A connection that carries media is measured though nobody reads it any more. */
  #restingRoute(slot: number, { dissector }: ControlFlow): number {
    return this.media.connections.of(slot) === null ? restingRoute(dissector) : ROUTE.media;
  }

  /** After each payload: the flow may turn out to be something else, or of no further interest. */
  #reviewIdentity(slot: number, control: ControlFlow): void {
    const index = control.becomes === null ? undefined : PROTOCOL_INDEX.get(control.becomes);
    const other = index === undefined ? undefined : DISSECTORS[index];
    if (other !== undefined && other !== control.dissector) {
      const confidence = confidenceOf(this.#flows.mark(slot));
      control.change(other);
      this.#flows.setMark(slot, makeMark(ROUTE.control, 0, confidence, PROTOCOL_INDEX.get(other.id) ?? -1));
    }
    if (!control.isDone) return;
    control.drop();
    this.#flows.setMark(slot, withRoute(this.#flows.mark(slot), this.#restingRoute(slot, control)));
  }
}

/** Where packets go that no dissection wants (any more). */
function restingRoute(dissector: Dissector): number {
  if (dissector.id === 'rtp') return ROUTE.media;
  return dissector.id === 'mpegts' ? ROUTE.cells : ROUTE.settled;
}

function dissectorOfAnnouncement(announced: AnnouncedFlow): Dissector | null {
  const index = PROTOCOL_INDEX.get(announced.media.announcement.protocol);
  return index === undefined ? null : (DISSECTORS[index] ?? null);
}
