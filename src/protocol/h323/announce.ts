/** Announces what the two ends of a call agreed on, each flow once. */

import type { AnnouncedEndpoint, AnnouncedMedia, Announcement, ControlRecord } from '../control-record.ts';
import { type Direction, type Moment, opposite, TO_RESPONDER } from '../dissector.ts';
import type { ChannelContent } from './codecs.ts';
import type { Listener } from './endpoints.ts';

/** How and when it came to be agreed. */
export interface Agreement {
  readonly at: Moment;
  readonly how: string;
  readonly certainty: 'parsed' | 'scanned';
}

/** Media on its way from a sender to a receiver: only the receiver knows where it listens. */
export interface MediaWay {
  /** In which direction of the control flow the media travels. */
  readonly travels: Direction;
  readonly content: ChannelContent;
  /** Where the receiver, or a group, takes the media and its RTCP; null where it did not say so. */
  readonly media: Listener | null;
  readonly control: Listener | null;
  /** Where the sender takes RTCP. */
  readonly senderControl: Listener | null;
}

/** The end of the control flow itself, with a port that nobody told. */
const UNTOLD: AnnouncedEndpoint = { address: null, port: null };

/** Null for what is no flow of UDP, or goes nobody knows where. */
export function announceMedia(record: ControlRecord, way: MediaWay, agreement: Agreement): AnnouncedMedia | null {
  const { content, travels, media, senderControl } = way;
  if (media === null || content.protocol === null || content.protocol === 't120') return null;
  return announceOnce(record, {
    ...between(agreement, travels, rtpEndOf(senderControl), media),
    protocol: content.protocol,
    transport: 'udp',
    media: content.media,
    formats: content.formats,
    mayBeSilent: content.mayBeSilent,
  });
}

/** Both ends send RTCP; an end that named no port for it may still send. */
export function announceRtcp(record: ControlRecord, way: MediaWay, agreement: Agreement): AnnouncedMedia | null {
  const { content, travels, control, senderControl } = way;
  if (content.protocol !== 'rtp') return null;
  const ends =
    control !== null
      ? between(agreement, travels, endOf(senderControl), control)
      : senderControl !== null && between(agreement, opposite(travels), UNTOLD, senderControl);
  if (!ends) return null;
  return announceOnce(record, {
    ...ends,
    protocol: 'rtcp',
    transport: 'udp',
    sends: 'both',
    media: content.media,
    formats: [],
    mayBeSilent: true,
  });
}

/**
 * A TCP connection that the other end is to open to `target`; `travels` is the direction toward it. `isAlternative`: one of two
 * places, of which a single one will be used.
 */
export function announceConnection(
  record: ControlRecord,
  protocol: 'h323-q931' | 'h323-h245' | 't120',
  travels: Direction,
  target: Listener,
  agreement: Agreement,
  { mayBeSilent = false, isAlternative = false } = {},
): AnnouncedMedia | null {
  return announceOnce(record, {
    ...between(agreement, travels, UNTOLD, target),
    ...(isAlternative ? { isAlternative } : {}),
    protocol,
    transport: 'tcp',
    media: protocol === 't120' ? 'application' : '',
    formats: [],
    mayBeSilent,
  });
}

function between(agreement: Agreement, travels: Direction, source: AnnouncedEndpoint, target: Listener) {
  const { at, how, certainty } = agreement;
  const common = { at, how, certainty, ttl: null, isMulticast: target.isMulticast };
  const end = { address: target.address, port: target.port };
  // A group stands at the responder's end by custom.
  return travels === TO_RESPONDER || target.isMulticast
    ? { ...common, initiator: source, responder: end, sends: 'toResponder' as const }
    : { ...common, initiator: end, responder: source, sends: 'toInitiator' as const };
}

/**
 * The same flow is told again and again: an address in message after message, and media in both directions by two
 * channels. What is up already is found, not announced anew.
 */
function announceOnce(record: ControlRecord, announcement: Announcement): AnnouncedMedia | null {
  const same = record.media.find(
    ({ state, announcement: known }) =>
      state !== 'ended' &&
      known.protocol === announcement.protocol &&
      known.media === announcement.media &&
      couldBeSame(known.initiator, announcement.initiator) &&
      couldBeSame(known.responder, announcement.responder) &&
      (isSame(known.initiator, announcement.initiator) || isSame(known.responder, announcement.responder)),
  );
  return same ?? record.announce(announcement);
}

/** True when both tell the same address and port. */
function isSame(one: AnnouncedEndpoint, other: AnnouncedEndpoint): boolean {
  return one.port !== null && one.port === other.port && one.address === other.address;
}

/** What one of them does not tell is no difference. */
function couldBeSame(one: AnnouncedEndpoint, other: AnnouncedEndpoint): boolean {
  return (
    (one.address === null || other.address === null || one.address === other.address) &&
    (one.port === null || other.port === null || one.port === other.port)
  );
}

function endOf(listener: Listener | null): AnnouncedEndpoint {
  return listener === null || listener.isMulticast ? UNTOLD : { address: listener.address, port: listener.port };
}

/** Media leaves from the port below that of RTCP (RFC 3550 section 11), so that both directions are one flow. */
function rtpEndOf(control: Listener | null): AnnouncedEndpoint {
  const { address, port } = endOf(control);
  return { address, port: port !== null && port % 2 === 1 ? port - 1 : null };
}
