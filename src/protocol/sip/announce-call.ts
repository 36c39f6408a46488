/** An offer and its answer (RFC 3264) as announcements: RTP and RTCP of each medium that both ends accept. */

import { formatAddress, parseAddress } from '../../format/address.ts';
import { type AnnouncedEndpoint, type Announcement, isSameFlow } from '../control-record.ts';
import { type Direction, type Moment, TO_RESPONDER } from '../dissector.ts';
import { isUsuallySilent, protocolOfMedia } from '../sdp/media-kind.ts';
import { rtcpPortOf, type SdpMedia, type SessionDescription } from '../sdp/parse-sdp.ts';
import { COMPONENT, pairCandidates } from './candidate-pairs.ts';

/** What one end said, and in which direction it was sent. */
export interface Side {
  readonly direction: Direction;
  readonly description: SessionDescription;
}

export interface CallMedium {
  readonly announcement: Announcement;
  /** False while both ends are on hold. */
  readonly isActive: boolean;
  /** Its RTCP, which is among the media too; null where it has none, or another path is taken. */
  readonly rtcp: Announcement | null;
}

/** ICE without candidates yet puts the discard port (RFC 8840 section 4.1.1). */
const DISCARD_PORT = 9;

export function describeCall(offer: Side, answer: Side, at: Moment): CallMedium[] {
  return answer.description.media.flatMap((answered, index) => {
    const offered = offer.description.media[index];
    const protocol = protocolOfMedia(answered);
    if (!offered || protocol === null || !isWanted(offered) || !isWanted(answered)) return [];
    return describeMedium(offered, answered, offer.direction, protocol, at);
  });
}

function describeMedium(
  offered: SdpMedia,
  answered: SdpMedia,
  offerDirection: Direction,
  protocol: string,
  at: Moment,
): CallMedium[] {
  const offererSends = canSend(offered) && canReceive(answered);
  const answererSends = canSend(answered) && canReceive(offered);
  const isOffererInitiator = offerDirection === TO_RESPONDER;
  const place = (fromOffer: AnnouncedEndpoint, fromAnswer: AnnouncedEndpoint) =>
    isOffererInitiator
      ? { initiator: fromOffer, responder: fromAnswer }
      : { initiator: fromAnswer, responder: fromOffer };
  const isBoth = offererSends === answererSends;
  const sends = offererSends === isOffererInitiator ? 'toResponder' : 'toInitiator';
  const hasIce = offered.candidates.length > 0 && answered.candidates.length > 0;
  const media: Announcement = {
    at,
    protocol,
    transport: 'udp',
    ...place(mediaEnd(offered), mediaEnd(answered)),
    sends: isBoth ? 'both' : sends,
    isMulticast: false,
    ttl: null,
    how: 'SIP',
    media: answered.media,
    formats: answered.formats,
    // ICE may choose another path than the one in the description.
    mayBeSilent: isUsuallySilent(answered) || hasIce,
    certainty: 'parsed',
  };
  const isActive = offererSends || answererSends;
  const isMuxed = protocol !== 'rtp' || (offered.isRtcpMuxed && answered.isRtcpMuxed);
  const beside: Announcement = { ...media, protocol: 'rtcp', sends: 'both', formats: [], mayBeSilent: true };
  const rtcp = isMuxed ? null : { ...beside, ...place(rtcpEnd(offered), rtcpEnd(answered)) };
  const usual = rtcp === null ? [media] : [media, rtcp];
  const pathsOf = (announced: Announcement, component: number): Announcement[] =>
    pairCandidates(offered, answered, component)
      .map((pair) => ({ ...announced, ...place(...pair), mayBeSilent: true, isAlternative: true as const }))
      .filter((path) => !usual.some((one) => isSameFlow(one, path)));
  const paths = [...pathsOf(media, COMPONENT.rtp), ...(isMuxed ? [] : pathsOf(beside, COMPONENT.rtcp))];
  const announced = hasPort(offered) && hasPort(answered) ? [...usual, ...paths] : paths;
  return announced.map((announcement) => ({ announcement, isActive, rtcp: announcement === media ? rtcp : null }));
}

/** Port 0 refuses a medium; the discard port leaves it to candidates. */
function isWanted(media: SdpMedia): boolean {
  return media.port !== 0 && (hasPort(media) || media.candidates.length > 0);
}

function hasPort(media: SdpMedia): boolean {
  return media.port !== 0 && media.port !== DISCARD_PORT;
}

/** The address of nowhere is how old clients say hold (RFC 3264 section 8.4): nothing can be sent there. */
function canReceive(media: SdpMedia): boolean {
  return /recv/.test(media.direction) && media.connection?.address !== '0.0.0.0';
}

function canSend(media: SdpMedia): boolean {
  return /send/.test(media.direction);
}

function mediaEnd(media: SdpMedia): AnnouncedEndpoint {
  return { address: canonical(media.connection?.address ?? ''), port: media.port };
}

function rtcpEnd(media: SdpMedia): AnnouncedEndpoint {
  return { address: canonical(media.rtcp?.address ?? media.connection?.address ?? ''), port: rtcpPortOf(media) };
}

/** Null for host names and the address of nowhere. */
function canonical(text: string): string | null {
  const bytes = parseAddress(text);
  return bytes?.some((byte) => byte !== 0) ? formatAddress(bytes) : null;
}
