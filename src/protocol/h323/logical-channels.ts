/** The logical channels of a call: opened by one end, accepted by the other, then media flows until one closes them. */

import type { AnnouncedMedia, ControlRecord, MediaFormat } from '../control-record.ts';
import { type Direction, type Moment, opposite, TO_RESPONDER } from '../dissector.ts';
import { type Agreement, announceConnection, announceMedia, announceRtcp, type MediaWay } from './announce.ts';
import { type Answer, contentOfSession, type Offer } from './channel-terms.ts';
import { type ChannelContent, withPayloadType } from './codecs.ts';
import type { Listener } from './endpoints.ts';

const MOST_CHANNELS = 128;
const MOST_CODECS = 16;
/** Between the first and the last channel that is closed at the end of a call. */
const LONGEST_CLOSING_NS = 5e9;

/** A flow that a channel needs, and which way the channel sends in it; null for RTCP and T.120. */
interface Part {
  readonly media: AnnouncedMedia;
  readonly travels: Direction | null;
}

interface Channel {
  /** Null where the opening was not seen. */
  readonly offer: Offer | null;
  readonly parts: readonly Part[];
  isHeld: boolean;
}

/** Channels are numbered by the end that opens them: `opener` is the direction in which it speaks. */
export class LogicalChannels {
  readonly #record: ControlRecord;
  readonly #channels = new Map<string, Channel>();
  /** When a flow that went both ways began to go one way only. */
  readonly #narrowedAt = new Map<AnnouncedMedia, number>();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  open(opener: Direction, offer: Offer, at: Moment): void {
    this.#end(keyOf(opener, offer.number), at);
    this.#put(keyOf(opener, offer.number), { offer, parts: [], isHeld: false }, at);
  }

  offered(opener: Direction, number: number): Offer | null {
    return this.#channels.get(keyOf(opener, number))?.offer ?? null;
  }

  /**
   * Announces what the channel carries, also of one that was not seen to be opened. `extra` are formats that the receiver
   * takes besides.
   */
  accept(
    opener: Direction,
    number: number,
    answer: Answer,
    agreement: Agreement,
    extra: readonly MediaFormat[] = [],
  ): void {
    const offer = this.offered(opener, number);
    const content = withAnswer(offer?.forward.content ?? contentOfSession(answer.session), answer, extra);
    const onward: MediaWay = {
      travels: opener,
      content,
      // A group is chosen by the sender, everything else by the receiver.
      media: answer.media ?? groupOnly(offer?.forward.media),
      control: answer.control ?? groupOnly(offer?.forward.control),
      senderControl: offer?.forward.control ?? null,
    };
    const parts = [
      ...this.#announceStack(content, opener, offer, answer, agreement),
      ...this.#announce(onward, agreement),
    ];
    if (offer?.reverse) {
      const { reverse } = offer;
      const back = { ...reverse, travels: opposite(opener), senderControl: answer.reverseControl };
      parts.push(...this.#announce(back, agreement));
    }
    this.#put(keyOf(opener, number), { offer, parts, isHeld: answer.isHeld }, agreement.at);
    this.#noteCodecs(content.formats);
  }

  /** From here on the media of all accepted channels has to flow. */
  start(at: Moment): void {
    for (const channel of this.#channels.values()) this.#settle(channel, at);
  }

  /** Silence is normal while the sender is muted, its picture is off or the receiver wants nothing. */
  hold(opener: Direction, number: number, isHeld: boolean, at: Moment): void {
    const channel = this.#channels.get(keyOf(opener, number));
    if (channel === undefined) return;
    channel.isHeld = isHeld;
    this.#settle(channel, at);
  }

  close(opener: Direction, number: number, at: Moment): void {
    this.#end(keyOf(opener, number), at);
  }

  closeAll(at: Moment): void {
    const ended = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of ended) this.#settle(channel, at);
  }

  #put(key: string, channel: Channel, at: Moment): void {
    const [oldest] = this.#channels.keys();
    if (this.#channels.size >= MOST_CHANNELS && oldest !== undefined && !this.#channels.has(key)) this.#end(oldest, at);
    this.#channels.set(key, channel);
  }

  #noteCodecs(formats: readonly MediaFormat[]): void {
    const known = this.#record.facts.get('codec')?.split(', ') ?? [];
    const codecs = new Set([...known, ...formats.map((format) => format.encoding)]);
    this.#record.replaceFact('codec', [...codecs].slice(0, MOST_CODECS).join(', '));
  }

  #announce(way: MediaWay, agreement: Agreement): Part[] {
    const media = announceMedia(this.#record, way, agreement);
    if (media === null) return [];
    const rtcp = announceRtcp(this.#record, way, agreement);
    const formats = [...media.announcement.formats, ...way.content.formats.filter((format) => isNew(media, format))];
    media.redirect(media.announcement.sends, formats);
    const part = { media, travels: way.travels };
    if (rtcp === null) return [part];
    media.rtcp = rtcp;
    return [part, { media: rtcp, travels: null }];
  }

  /** T.120 is TCP: an end that names an address waits there to be connected to. */
  #announceStack(
    content: ChannelContent,
    opener: Direction,
    offer: Offer | null,
    answer: Answer,
    agreement: Agreement,
  ): Part[] {
    if (offer !== null && content.protocol !== 't120') return [];
    const found = [
      answer.stack && announceConnection(this.#record, 't120', opener, answer.stack, agreement),
      offer?.stack && announceConnection(this.#record, 't120', opposite(opener), offer.stack, agreement),
    ];
    return found.flatMap((media) => (media ? [{ media, travels: null }] : []));
  }

  #end(key: string, at: Moment): void {
    const channel = this.#channels.get(key);
    if (channel === undefined) return;
    this.#channels.delete(key);
    this.#settle(channel, at);
  }

  /** Brings the flows of a channel to where all channels that share them want them. */
  #settle(channel: Channel, at: Moment): void {
    for (const { media } of channel.parts) {
      const users = [...this.#channels.values()].flatMap((other) =>
        other.parts.filter((part) => part.media === media).map((part) => ({ ...part, isHeld: other.isHeld })),
      );
      const active = users.filter((user) => !user.isHeld);
      if (users.length === 0) this.#endMedia(media, at);
      else if (active.length === 0) media.pause(at);
      else media.start(at);
      const { sends } = media.announcement;
      redirect(media, active);
      if (sends === 'both' && media.announcement.sends !== 'both') this.#narrowedAt.set(media, at.time);
    }
  }

  /** At the end of a call its channels are closed one after the other: that is no change of what was agreed. */
  #endMedia(media: AnnouncedMedia, at: Moment): void {
    const narrowedAt = this.#narrowedAt.get(media);
    this.#narrowedAt.delete(media);
    if (narrowedAt !== undefined && at.time - narrowedAt <= LONGEST_CLOSING_NS) media.redirect('both');
    media.end(at);
  }
}

/** A flow that two channels share goes both ways for as long as both are up. */
function redirect(media: AnnouncedMedia, active: readonly Part[]): void {
  const ways = new Set(active.map((part) => part.travels));
  if (ways.size === 0 || ways.has(null) || media.announcement.isMulticast) return;
  if (ways.size === 2) media.redirect('both');
  else media.redirect(ways.has(TO_RESPONDER) ? 'toResponder' : 'toInitiator');
}

function keyOf(opener: Direction, number: number): string {
  return `${opener} ${number}`;
}

function groupOnly(listener: Listener | null | undefined): Listener | null {
  return listener?.isMulticast ? listener : null;
}

function withAnswer(content: ChannelContent, answer: Answer, extra: readonly MediaFormat[]): ChannelContent {
  if (content.protocol !== 'rtp') return content;
  const agreed = withPayloadType(content, answer.payloadType);
  return content.media === 'audio' ? { ...agreed, formats: [...agreed.formats, ...extra] } : agreed;
}

function isNew(media: AnnouncedMedia, format: MediaFormat): boolean {
  return !media.announcement.formats.some(
    (known) => known.encoding === format.encoding && known.payloadType === format.payloadType,
  );
}
