/** The calls that a SIP flow carries: their offers and answers (RFC 3264), and the media that follows from them. */

import { type AnnouncedMedia, type Announcement, type ControlRecord, isSameFlow } from '../control-record.ts';
import { type Direction, type Moment, opposite } from '../dissector.ts';
import { describeCall, type Side } from './announce-call.ts';
import type { SipMessage } from './sip-message.ts';

/** At a time, of one flow: a trunk between exchanges carries hundreds. */
const MOST_CALLS = 1024;
/** Messages whose description is part of an offer and answer. */
const MEDIA_METHODS = new Set(['INVITE', 'ACK', 'UPDATE', 'PRACK']);

class Call {
  offer: Side | null = null;
  isEstablished = false;
  /**
   * CSeq of the last answer that nothing acknowledged yet. One that is repeated has not come (RFC 3261 section 13.3.1.4):
   * then who called does not know whom to send media to.
   */
  answered = { sequence: '', isLost: false };
  /** Media in use, and whether anyone sends it. */
  media = new Map<AnnouncedMedia, boolean>();
}

export class SipCalls {
  readonly #record: ControlRecord;
  /** By Call-ID. */
  readonly #calls = new Map<string, Call>();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  message(direction: Direction, message: SipMessage, at: Moment): void {
    const { line, method } = message;
    if (method === 'BYE' && line.kind === 'request') {
      this.#end(message.callId, at);
      return;
    }
    if (!MEDIA_METHODS.has(method)) return;
    const call = this.#callOf(message.callId, at);
    const isFailure = line.kind === 'answer' && line.status >= 300;
    if (isFailure && method === 'INVITE' && !call.isEstablished) {
      this.#end(message.callId, at);
      return;
    }
    if (message.description && !isFailure) {
      const mayAnswer = line.kind === 'answer' || method === 'ACK' || method === 'PRACK';
      this.#describe(call, { direction, description: message.description }, mayAnswer, at);
    }
    const isAccepted = line.kind === 'answer' && line.status >= 200 && line.status < 300 && method === 'INVITE';
    if (method === 'ACK') call.answered = { sequence: '', isLost: false };
    if (isAccepted) {
      call.isEstablished = true;
      call.answered = { sequence: message.sequence, isLost: call.answered.sequence === message.sequence };
    }
    if (call.answered.isLost) for (const media of call.media.keys()) media.pause(at);
    else if (call.isEstablished) this.#apply(call, at);
  }

  close(at: Moment): void {
    for (const id of [...this.#calls.keys()]) this.#end(id, at);
  }

  /** The first description is the offer; one that goes back the other way is its answer, unless it opens a new round. */
  #describe(call: Call, side: Side, mayAnswer: boolean, at: Moment): void {
    if (!call.offer || !mayAnswer || call.offer.direction !== opposite(side.direction)) {
      call.offer = side;
      return;
    }
    const media = new Map<AnnouncedMedia, boolean>();
    const described = describeCall(call.offer, side, at);
    for (const { announcement, isActive } of described) {
      const known = findSame([...call.media.keys()], announcement);
      const announced = known ?? this.#record.announce(announcement);
      if (announced) media.set(announced, isActive);
    }
    for (const { announcement, rtcp } of described) {
      const announced = findSame([...media.keys()], announcement);
      if (announced) announced.rtcp = (rtcp && findSame([...media.keys()], rtcp)) ?? null;
    }
    for (const former of call.media.keys()) {
      if (!media.has(former)) former.end(at);
    }
    call.media = media;
  }

  #apply(call: Call, at: Moment): void {
    for (const [media, isActive] of call.media) {
      if (isActive) media.start(at);
      else media.pause(at);
    }
  }

  #end(id: string, at: Moment): void {
    for (const media of this.#calls.get(id)?.media.keys() ?? []) media.end(at);
    this.#calls.delete(id);
  }

  /** Of one call more than there is room for, the oldest is followed no more: nothing is waited for in it. */
  #callOf(id: string, at: Moment): Call {
    const known = this.#calls.get(id);
    if (known) return known;
    const call = new Call();
    this.#calls.set(id, call);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > MOST_CALLS && oldest !== undefined) this.#end(oldest, at);
    return call;
  }
}

function findSame(media: readonly AnnouncedMedia[], announcement: Announcement): AnnouncedMedia | undefined {
  return media.find((one) => isSameFlow(one.announcement, announcement));
}
