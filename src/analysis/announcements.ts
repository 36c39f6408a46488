/**
 * Endpoints that control channels have announced, and the flows that turn out to be theirs: those that come after the
 * announcement at once, those that came before when the flows are next gone through.
 */

import type { FlowTable } from '../flow/flow-table.ts';
import { IP_PROTOCOL } from '../packet/decoded-packet.ts';
import type { AnnouncedMedia } from '../protocol/control-record.ts';
import type { Transport } from '../protocol/dissector.ts';

const MOST_ANNOUNCED = 50_000;
/** A flow that began this long before its announcement is another use of the same ports. */
const MOST_EARLY_NS = 60e9;

interface KnownEndpoint {
  readonly address: string;
  /** Null when the announcement did not tell it. */
  readonly port: number | null;
}

/** An announcement whose missing addresses have been filled in from its control flow. */
export interface AnnouncedFlow {
  readonly media: AnnouncedMedia;
  /** Slot of the control flow, and its id. */
  readonly announcer: number;
  readonly announcerId: number;
  readonly transport: Transport;
  readonly initiator: KnownEndpoint;
  readonly responder: KnownEndpoint;
  /** Who asked for a group, whose own packets to it, as players send them to open a path, are no media; null for all others. */
  readonly listener: string | null;
  /** Slots of its flows, first seen first. More than one when a NAT changed ports, or for several sources of a group. */
  readonly slots: number[];
  /** Its flow is forgotten, or one of its session that came after it: that none is known says nothing any more. */
  isOver: boolean;
}

const NONE: readonly AnnouncedFlow[] = [];

export class Announcements {
  readonly all: AnnouncedFlow[] = [];
  /** Announcements that found no place. */
  dropped = 0;
  readonly #byPort = new Map<number, AnnouncedFlow[]>();
  readonly #bySlot = new Map<number, AnnouncedFlow[]>();
  readonly #byAnnouncer = new Map<number, AnnouncedFlow[]>();
  /** Index of each in `all`. */
  readonly #places = new Map<AnnouncedFlow, number>();
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  /** Takes an announcement of the control flow in `slot`; null when it names no port, or there is no place. */
  add(media: AnnouncedMedia, slot: number): AnnouncedFlow | null {
    const { announcement } = media;
    if (announcement.initiator.port === null && announcement.responder.port === null) return null;
    if (this.all.length >= MOST_ANNOUNCED) {
      this.dropped++;
      return null;
    }
    const flows = this.#flows;
    // Who sends to a group stands at its initiator's end, whichever end of the control flow that is.
    const isAskedFor = announcement.isMulticast && announcement.sends === 'toInitiator';
    const nearEnd = isAskedFor ? 1 : 0;
    const announced: AnnouncedFlow = {
      media,
      announcer: slot,
      announcerId: flows.id(slot),
      transport: announcement.transport,
      initiator: {
        address: announcement.initiator.address ?? flows.addressText(slot, nearEnd),
        port: announcement.initiator.port,
      },
      responder: {
        address: announcement.responder.address ?? flows.addressText(slot, 1),
        port: announcement.responder.port,
      },
      // Receivers do send reports.
      listener: isAskedFor && announcement.protocol !== 'rtcp' ? flows.addressText(slot, 0) : null,
      slots: [],
      isOver: false,
    };
    this.#places.set(announced, this.all.push(announced) - 1);
    append(this.#byAnnouncer, slot, announced);
    for (const port of portsOf(announced)) append(this.#byPort, port, announced);
    return announced;
  }

  /**
   * The announcements that name the flow in `slot`, and ties them together: one for each direction of media at most, since
   * both directions of a call may share one pair of ports.
   */
  claim(slot: number): readonly AnnouncedFlow[] {
    if (this.all.length === 0) return NONE;
    const flows = this.#flows;
    const initiatorPort = flows.port(slot, 0);
    const responderPort = flows.port(slot, 1);
    const candidates = [...(this.#byPort.get(initiatorPort) ?? []), ...(this.#byPort.get(responderPort) ?? [])];
    if (candidates.length === 0) return this.of(slot);
    const initiator = flows.addressText(slot, 0);
    const responder = flows.addressText(slot, 1);
    const listeners = new Set(candidates.map(({ listener, responder: end }) => `${listener} ${end.address}`));
    const best = new Map<string, { announced: AnnouncedFlow; score: number }>();
    for (const announced of candidates) {
      if (announced.announcer === slot || !this.#isTimely(announced, slot)) continue;
      // Another player's opening of the same group is no media either.
      if (announced.listener !== null && listeners.has(`${initiator} ${announced.responder.address}`)) continue;
      const score = Math.max(
        scoreOf(announced, initiator, initiatorPort, responder, responderPort),
        scoreOf(announced, responder, responderPort, initiator, initiatorPort),
      );
      // Of equal ones the latest counts: ports are used again.
      const { sends } = announced.media.announcement;
      if (score > 0 && score >= (best.get(sends)?.score ?? 0)) best.set(sends, { announced, score });
    }
    for (const { announced } of best.values()) {
      if (announced.slots.includes(slot)) continue;
      announced.slots.push(slot);
      this.#bySlot.set(slot, [...this.of(slot), announced]);
    }
    return this.of(slot);
  }

  of(slot: number): readonly AnnouncedFlow[] {
    return this.#bySlot.get(slot) ?? NONE;
  }

  /** Whether the flow in `slot` announced media that is there, in other slots than those of `gone`. */
  hasMedia(slot: number, gone: ReadonlySet<number>): boolean {
    return (this.#byAnnouncer.get(slot) ?? NONE).some(({ slots }) => slots.some((media) => !gone.has(media)));
  }

  /** Those that no flow came to, of which that is known to be so and means something. */
  absent(): AnnouncedFlow[] {
    return this.all.filter(
      ({ media, slots, isOver }) => slots.length === 0 && !isOver && media.announcement.isAlternative !== true,
    );
  }

  /** Forgets a flow that is about to go, and all that it announced. */
  forget(slot: number): void {
    for (const announced of this.of(slot)) this.#loseFlow(announced, slot);
    this.#bySlot.delete(slot);
    for (const announced of this.#byAnnouncer.get(slot) ?? NONE) this.#remove(announced);
    this.#byAnnouncer.delete(slot);
  }

  /** Forgets what ended before `time` and has no flow (any more); gives what it forgot. */
  forgetEnded(time: number): AnnouncedFlow[] {
    const ended = this.all.filter(
      ({ media, slots }) => slots.length === 0 && media.state === 'ended' && (media.stoppedAt?.time ?? time) < time,
    );
    for (const announced of ended) {
      this.#remove(announced);
      drop(this.#byAnnouncer, announced.announcer, announced);
    }
    return ended;
  }

  /** Whether any announcement names this port: a cheap question before `claim`. */
  hasPort(port: number): boolean {
    return this.#byPort.has(port);
  }

  #loseFlow(announced: AnnouncedFlow, slot: number): void {
    announced.slots.splice(announced.slots.indexOf(slot), 1);
    if (announced.slots.length > 0) return;
    announced.isOver = true;
    const lastTime = this.#flows.lastTime(slot);
    for (const sibling of this.#byAnnouncer.get(announced.announcer) ?? NONE) {
      if (sibling.slots.length === 0 && sibling.media.announcement.at.time <= lastTime) sibling.isOver = true;
    }
  }

  /** The last one takes its place. */
  #remove(announced: AnnouncedFlow): void {
    const place = this.#places.get(announced);
    const last = this.all.pop();
    if (place === undefined || last === undefined) return;
    if (last !== announced) {
      this.all[place] = last;
      this.#places.set(last, place);
    }
    this.#places.delete(announced);
    for (const port of portsOf(announced)) drop(this.#byPort, port, announced);
    for (const slot of announced.slots) drop(this.#bySlot, slot, announced);
  }

  #isTimely(announced: AnnouncedFlow, slot: number): boolean {
    const flows = this.#flows;
    const isTcp = flows.transport(slot) === IP_PROTOCOL.tcp;
    if (isTcp !== (announced.transport === 'tcp')) return false;
    const at = announced.media.announcement.at.time;
    if (flows.firstTime(slot) < at - MOST_EARLY_NS) return false;
    const { stoppedAt, state } = announced.media;
    return state !== 'ended' || stoppedAt === null || flows.firstTime(slot) <= stoppedAt.time + MOST_EARLY_NS;
  }
}

function portsOf({ initiator, responder }: AnnouncedFlow): number[] {
  return [...new Set([initiator.port, responder.port])].filter((port) => port !== null);
}

function append(lists: Map<number, AnnouncedFlow[]>, key: number, announced: AnnouncedFlow): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [announced]);
  else known.push(announced);
}

function drop(lists: Map<number, AnnouncedFlow[]>, key: number, announced: AnnouncedFlow): void {
  const left = (lists.get(key) ?? []).filter((other) => other !== announced);
  if (left.length === 0) lists.delete(key);
  else lists.set(key, left);
}

/** How well two endpoints fit an announcement: 0 not at all; both ends in full are best; one address may be translated. */
function scoreOf(
  announced: AnnouncedFlow,
  nearAddress: string,
  nearPort: number,
  farAddress: string,
  farPort: number,
): number {
  const { initiator, responder, media } = announced;
  const nearPortFits = initiator.port === null || initiator.port === nearPort;
  const farPortFits = responder.port === null || responder.port === farPort;
  const nearAddressFits = initiator.address === nearAddress;
  const farAddressFits = responder.address === farAddress;
  if (media.announcement.isMulticast) return farAddressFits && responder.port === farPort ? 5 : 0;
  const known = (initiator.port === null ? 0 : 1) + (responder.port === null ? 0 : 1);
  if (nearPortFits && farPortFits && nearAddressFits && farAddressFits) return 3 + known;
  // Address translation of one side: both ports must tell, and the other side's address.
  if (nearPortFits && farPortFits && known === 2 && (nearAddressFits || farAddressFits)) return 3;
  // Port translation, or a sender that uses another port than it said: the receiving end in full and the other address.
  const receivesAtInitiator = media.announcement.sends !== 'toResponder';
  if (receivesAtInitiator && initiator.port !== null && nearPortFits && nearAddressFits && farAddressFits) return 2;
  const receivesAtResponder = media.announcement.sends !== 'toInitiator';
  if (receivesAtResponder && responder.port !== null && farPortFits && nearAddressFits && farAddressFits) return 2;
  // Ports that were translated on the receiver's side: the sending end in full and the other address.
  if (initiator.port !== null && nearPortFits && nearAddressFits && farAddressFits) return 1;
  if (responder.port !== null && farPortFits && nearAddressFits && farAddressFits) return 1;
  // Media of another host than the one that spoke of it, as in a farm of servers: the receiving end in full.
  if (receivesAtInitiator && initiator.port !== null && nearPortFits && nearAddressFits) return 0.5;
  if (receivesAtResponder && responder.port !== null && farPortFits && farAddressFits) return 0.5;
  return 0;
}
