/**
 * What a dissection tells of its flow, in words that all protocols share, so that verdicts, joins of media to control and
 * screens need not know any protocol: messages, facts, announced media, questions and refusals. All lists are bounded.
 */

import type { Direction, Moment, Transport } from './dissector.ts';

/** A request, answer or event of a control channel, as a ladder shows it. Text comes from packets: not safe to print. */
export interface ControlMessage {
  readonly at: Moment;
  readonly direction: Direction;
  /** Short: `SETUP`, `200 OK`, `H.225 connect`. */
  readonly name: string;
  /** The one thing worth reading beside it: a URL, a Transport header, a reason. Empty when there is none. */
  readonly detail: string;
}

/** One end of announced media. `null` address: the end of the control flow on that side. `null` port: not told. */
export interface AnnouncedEndpoint {
  readonly address: string | null;
  readonly port: number | null;
}

/** A codec as SDP or a payload type names it. */
export interface MediaFormat {
  readonly payloadType: number | null;
  /** Encoding name such as `H264`, `PCMU`, `x-asf-pf`. */
  readonly encoding: string;
  /** Hz, null when not told. */
  readonly clockRate: number | null;
  /** `a=fmtp` parameters as they stand, empty when none. */
  readonly parameters: string;
}

export interface Announcement {
  readonly at: Moment;
  /** Protocol id of what will flow: `rtp`, `rtcp`, `mmsu`, `h323-h245`. */
  readonly protocol: string;
  readonly transport: Transport;
  /**
   * The end on the initiator's side of the control flow and the end on the responder's, whoever sends. For multicast,
   * `responder` is the group and `initiator` who sends to it; null is the end of the control flow that `sends` tells.
   */
  readonly initiator: AnnouncedEndpoint;
  readonly responder: AnnouncedEndpoint;
  /** Which end sends the media: `toInitiator`, `toResponder`, `both`; TCP channels: the end that is connected to. */
  readonly sends: 'toInitiator' | 'toResponder' | 'both';
  readonly isMulticast: boolean;
  /** Multicast TTL, null when not told. */
  readonly ttl: number | null;
  /** How it was announced, for people: `RTSP SETUP`, `H.245 openLogicalChannelAck`, `MMS funnel`, `SAP`. */
  readonly how: string;
  /** What the announcer calls it, such as the name of an announced session; absent when it has no name of its own. */
  readonly title?: string;
  /** `audio`, `video`, `application`, empty when not told. */
  readonly media: string;
  readonly formats: readonly MediaFormat[];
  /** True where silence is normal: retransmission streams, FEC, metadata, RTCP. */
  readonly mayBeSilent: boolean;
  /** One of several paths of which a single one will be used: that no packet takes it says nothing. */
  readonly isAlternative?: true;
  /** `parsed`, or `scanned` when only a search for addresses found it: a lower confidence. */
  readonly certainty: 'parsed' | 'scanned';
}

/** Where an announced medium stands. The clock of 'never arrived' runs only while it is `playing`. */
export type MediaState = 'announced' | 'playing' | 'paused' | 'ended';

/** Announced media and its life; the dissection that announced it moves it on. */
export class AnnouncedMedia {
  /** Replaced when more is learned of the same flow. */
  announcement: Announcement;
  state: MediaState = 'announced';
  /** When media first had to flow (the answer to PLAY, RECORD or their like), null before. */
  startedAt: Moment | null = null;
  /** When it last stopped having to flow (PAUSE, TEARDOWN, close), null while it has not. */
  stoppedAt: Moment | null = null;
  /** The client gave this transport up for another one: proof in its own words, such as `SETUP RTP/AVP/TCP`. */
  fallBack: { readonly at: Moment; readonly words: string } | null = null;
  /** The RTCP that was agreed on for it, which several media may share; null for none, and where both are one flow. */
  rtcp: AnnouncedMedia | null = null;

  constructor(announcement: Announcement) {
    this.announcement = announcement;
  }

  start(at: Moment): void {
    if (this.state === 'playing' || this.state === 'ended') return;
    this.state = 'playing';
    this.startedAt ??= keep(at);
    this.stoppedAt = null;
  }

  pause(at: Moment): void {
    if (this.state !== 'playing') return;
    this.state = 'paused';
    this.stoppedAt = keep(at);
  }

  end(at: Moment): void {
    if (this.state === 'ended') return;
    if (this.state !== 'paused') this.stoppedAt = keep(at);
    this.state = 'ended';
  }

  /** The same flow carries media both ways, or the other way only, as was told later than the flow itself. */
  redirect(sends: Announcement['sends'], formats: readonly MediaFormat[] = this.announcement.formats): void {
    this.announcement = { ...this.announcement, sends, formats };
  }

  fellBack(at: Moment, words: string): void {
    this.fallBack ??= { at: keep(at), words };
  }
}

/** The other end said no. */
export class Refusal {
  readonly at: Moment;
  readonly direction: Direction;
  /** What was asked: `SETUP`, `admission request`, `connect`. */
  readonly request: string;
  /** The protocol's code: `453`, `callerNotRegistered`, `0xC00D001A`, `NetStream.Play.StreamNotFound`. */
  readonly code: string;
  /** The code in words. */
  readonly words: string;
  /** Set when a later exchange succeeded all the same (401 then 200, 461 then another transport): no longer a failure. */
  overcomeAt: Moment | null = null;

  constructor(at: Moment, direction: Direction, request: string, code: string, words: string) {
    this.at = at;
    this.direction = direction;
    this.request = request;
    this.code = code;
    this.words = words;
  }

  overcome(at: Moment): void {
    this.overcomeAt ??= keep(at);
  }
}

/** A request that waits for its answer, with its repetitions: for protocols over UDP, and silent TCP servers. */
export class Question {
  readonly direction: Direction;
  readonly request: string;
  /** When it was sent and sent again; the first 16 are kept. */
  readonly sentAt: Moment[];
  repetitions = 0;
  /** When it was sent again although an answer had passed; the first 16 are kept. */
  readonly repeatedAt: Moment[] = [];
  answeredAt: Moment | null = null;

  constructor(at: Moment, direction: Direction, request: string) {
    this.direction = direction;
    this.request = request;
    this.sentAt = [at];
  }

  repeat(at: Moment): void {
    this.repetitions++;
    if (this.answeredAt !== null && this.repeatedAt.length < 16) this.repeatedAt.push(keep(at));
    if (this.sentAt.length < 16) this.sentAt.push(keep(at));
  }

  answer(at: Moment): void {
    this.answeredAt ??= keep(at);
  }
}

/** A packet of media carried inside the control connection (RTSP interleaved). Bytes are borrowed. */
export type EmbeddedMediaListener = (
  protocol: 'rtp' | 'rtcp',
  channel: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  at: Moment,
) => void;

const MOST_MESSAGES = 400;
/** Those of one control flow: a trunk between exchanges carries hundreds of calls at a time. */
const MOST_MEDIA = 4096;
const MOST_QUESTIONS = 64;
const MOST_REFUSALS = 64;
const MOST_FACTS = 64;
const MOST_EMBEDDED_FORMATS = 128;
const MOST_FACT_LENGTH = 1024;
const MOST_DETAIL_LENGTH = 512;

export class ControlRecord {
  /** The first `MOST_MESSAGES / 2` and the last ones; `messagesDropped` lie between them. */
  readonly messages: ControlMessage[] = [];
  messagesDropped = 0;
  /** Facts by name, such as `url`, `agent`, `server`, `stream`, `codec`, `sni`. Text comes from packets: not safe to print. */
  readonly facts = new Map<string, string>();
  readonly media: AnnouncedMedia[] = [];
  readonly questions: Question[] = [];
  readonly refusals: Refusal[] = [];
  /** Set where a protocol that is none of media turned out to carry a stream: HLS or Icecast in HTTP. */
  carriesMedia = false;
  /** A variant of the protocol worth its own name on screens: `RTSP over HTTP`, `RTMPE`, `RTSPT`. */
  variant = '';
  /** A more exact protocol id that the content has proved since the flow was recognised: `mmsh` for what began as `http`. */
  identity: string | null = null;
  /** Set where the bytes prove that the flow's initiator is the protocol's server (a capture that starts in mid-stream). */
  clientDirection: Direction | null = null;
  /** When the client or server closed the session in the protocol's own way (TEARDOWN, deleteStream, StopPlaying). */
  closedAt: Moment | null = null;
  /** Where bytes of the flow were last found to be missing from the capture; null when all that was waited for came. */
  missedAt: Moment | null = null;
  /** The last packet of the flow that a snap length has cut; null when none was. */
  cutAt: Moment | null = null;
  /** Who wants packets of media that travel inside this flow; null when nobody does. */
  onEmbeddedMedia: EmbeddedMediaListener | null = null;
  /** What was agreed of the payload types of such packets, the latest first; replaced when more is. */
  embeddedFormats: readonly MediaFormat[] = [];
  /** Called for each announcement, so that the flows it names are known before their first packet. */
  onAnnounce: ((media: AnnouncedMedia) => void) | null = null;

  message(at: Moment, direction: Direction, name: string, detail = ''): void {
    if (this.messages.length >= MOST_MESSAGES) {
      this.messages.splice(MOST_MESSAGES / 2, 1);
      this.messagesDropped++;
    }
    this.messages.push({ at: keep(at), direction, name, detail: detail.slice(0, MOST_DETAIL_LENGTH) });
  }

  /** The first value of a name stays; later ones are for `replaceFact`. Empty values are not facts. */
  fact(name: string, value: string): void {
    if (value === '' || this.facts.has(name) || this.facts.size >= MOST_FACTS) return;
    this.facts.set(name, value.slice(0, MOST_FACT_LENGTH));
  }

  replaceFact(name: string, value: string): void {
    this.facts.delete(name);
    this.fact(name, value);
  }

  /** Media that is agreed to travel inside this flow. */
  embed(formats: readonly MediaFormat[]): void {
    this.embeddedFormats = [...formats, ...this.embeddedFormats].slice(0, MOST_EMBEDDED_FORMATS);
  }

  /** Null when the bound is reached: the announcement is then not followed. */
  announce(announcement: Announcement): AnnouncedMedia | null {
    if (this.media.length >= MOST_MEDIA) return null;
    const media = new AnnouncedMedia({ ...announcement, at: keep(announcement.at) });
    this.media.push(media);
    this.onAnnounce?.(media);
    return media;
  }

  /** Media that ended long ago makes room for other. */
  forget(media: AnnouncedMedia): void {
    const place = this.media.indexOf(media);
    if (place >= 0) this.media.splice(place, 1);
  }

  /** Where there is no place left, the oldest answered question is forgotten: what is open must not be lost. */
  ask(at: Moment, direction: Direction, request: string): Question | null {
    if (!makeRoom(this.questions, MOST_QUESTIONS, (question) => question.answeredAt !== null)) return null;
    const question = new Question(keep(at), direction, request);
    this.questions.push(question);
    return question;
  }

  /** Refusals that were overcome make room for new ones; null when all stand. */
  refuse(at: Moment, direction: Direction, request: string, code: string, words: string): Refusal | null {
    if (!makeRoom(this.refusals, MOST_REFUSALS, (refusal) => refusal.overcomeAt !== null)) return null;
    const refusal = new Refusal(keep(at), direction, request, code, words);
    this.refusals.push(refusal);
    return refusal;
  }
}

/** The caller's `Moment` is reused for the next packet; what is kept needs a copy of its own. */
export function keep(at: Moment): Moment {
  return { capture: at.capture, frame: at.frame, time: at.time };
}

/** True when both name the same flow, whatever else they say of it. */
export function isSameFlow(one: Announcement, other: Announcement): boolean {
  return (
    one.protocol === other.protocol &&
    isSameEnd(one.initiator, other.initiator) &&
    isSameEnd(one.responder, other.responder)
  );
}

function isSameEnd(one: AnnouncedEndpoint, other: AnnouncedEndpoint): boolean {
  return one.address === other.address && one.port === other.port;
}

/** Drops the oldest settled item of a full list; false when none is settled. */
function makeRoom<Item>(items: Item[], most: number, isSettled: (item: Item) => boolean): boolean {
  if (items.length < most) return true;
  const settled = items.findIndex(isSettled);
  if (settled < 0) return false;
  items.splice(settled, 1);
  return true;
}
