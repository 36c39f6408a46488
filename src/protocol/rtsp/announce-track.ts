/** An agreed transport of one track as announcements: RTP and RTCP, RealNetworks' data or a multicast group. */

import { formatAddress, isMulticast, parseAddress } from '../../format/address.ts';
import { type AnnouncedMedia, type Announcement, type ControlRecord, isSameFlow } from '../control-record.ts';
import { type Direction, type Moment, TO_RESPONDER } from '../dissector.ts';
import { isUsuallySilent } from '../sdp/media-kind.ts';
import type { SdpMedia } from '../sdp/parse-sdp.ts';
import type { PortPair, TransportSpec } from './transport-header.ts';

/** What an agreement needs besides the transport itself. */
export interface Agreement {
  readonly spec: TransportSpec;
  /** The medium of the description that the track is, null when no description was seen. */
  readonly media: SdpMedia | null;
  /** Direction in which the client's requests travel. */
  readonly client: Direction;
  readonly isClientSending: boolean;
  /** True where the client may speak, and need not. */
  readonly isBackchannel: boolean;
  /** True when no answer was seen. */
  readonly isAssumed: boolean;
  readonly at: Moment;
}

/** Empty when the media stays in the control connection, or no port was told. */
export function announceTrack(record: ControlRecord, agreement: Agreement): AnnouncedMedia[] {
  const { spec } = agreement;
  if (spec.lower === 'tcp') {
    record.embed(agreement.media?.formats ?? []);
    return [];
  }
  const group = groupOf(agreement);
  const announcements = group || spec.isMulticast ? describeGroup(agreement, group) : describeUnicast(agreement);
  const announced = announcements.flatMap((each) => findSame(record, each) ?? record.announce(each) ?? []);
  const [first, rtcp] = announced;
  if (first !== undefined && rtcp !== undefined) first.rtcp = rtcp;
  return announced;
}

/** Windows Media sends all streams of a session to one port: they are one flow, and so one announcement. */
function findSame(record: ControlRecord, announcement: Announcement): AnnouncedMedia | undefined {
  return record.media.find((known) => known.state !== 'ended' && isSameFlow(known.announcement, announcement));
}

function describeUnicast(agreement: Agreement): Announcement[] {
  const { spec, client } = agreement;
  const { clientPorts, serverPorts } = spec;
  if (!clientPorts && !serverPorts) return [];
  const isClientInitiator = client === TO_RESPONDER;
  const pair = (clientPort: number | null, serverPort: number | null) => {
    // Servers name themselves as the source and the client as the destination even when the client sends.
    const clientEnd = { address: spec.destination, port: clientPort };
    const serverEnd = { address: spec.source, port: serverPort };
    return isClientInitiator
      ? { initiator: clientEnd, responder: serverEnd }
      : { initiator: serverEnd, responder: clientEnd };
  };
  const media = {
    ...common(agreement),
    ...pair(clientPorts?.first ?? null, serverPorts?.first ?? null),
    sends: wayOfMedia(agreement),
  };
  if (!hasRtcp(spec)) return [media];
  const rtcp = { ...media, ...pair(rtcpPort(clientPorts), rtcpPort(serverPorts)) };
  return [media, asRtcp(rtcp)];
}

/** The answer's, whatever it calls the transport, else the description's; null when neither is a group. */
function groupOf({ spec, media }: Agreement): string | null {
  const told = spec.destination ?? (spec.isMulticast ? media?.connection?.address : null) ?? '';
  const address = parseAddress(told);
  return address && isMulticast(address) ? formatAddress(address) : null;
}

function describeGroup(agreement: Agreement, group: string | null): Announcement[] {
  const { spec, media: described } = agreement;
  const ports = spec.groupPorts ?? spec.clientPorts ?? spec.serverPorts ?? portsOf(described);
  if (!group || !ports) return [];
  const media = {
    ...common(agreement),
    initiator: { address: spec.source, port: null },
    responder: { address: group, port: ports.first },
    sends: wayOfMedia(agreement),
    isMulticast: true,
    ttl: spec.ttl ?? described?.connection?.ttl ?? null,
  };
  if (!hasRtcp(spec)) return [media];
  const rtcp = asRtcp({ ...media, responder: { address: group, port: rtcpPort(ports) } });
  return [media, { ...rtcp, sends: media.sends }];
}

function common(agreement: Agreement): Omit<Announcement, 'initiator' | 'responder' | 'sends'> {
  const { spec, media, at } = agreement;
  return {
    at,
    protocol: spec.protocol,
    transport: 'udp',
    isMulticast: false,
    ttl: null,
    how: 'RTSP SETUP',
    media: media?.media ?? '',
    formats: media?.formats ?? [],
    mayBeSilent: agreement.isAssumed || agreement.isBackchannel || (media !== null && isUsuallySilent(media)),
    certainty: 'parsed',
  };
}

/** Toward which end of the control connection the media goes; to a group, from which end it comes. */
function wayOfMedia({ client, isClientSending }: Agreement): 'toResponder' | 'toInitiator' {
  return isClientSending === (client === TO_RESPONDER) ? 'toResponder' : 'toInitiator';
}

function asRtcp(announcement: Announcement): Announcement {
  return { ...announcement, protocol: 'rtcp', sends: 'both', formats: [], mayBeSilent: true };
}

function hasRtcp(spec: TransportSpec): boolean {
  return spec.protocol === 'rtp' && !spec.isRtcpMuxed;
}

/** Of a single port, RTCP is on the next (RFC 3550 section 11). */
function rtcpPort(ports: PortPair | null): number | null {
  if (!ports) return null;
  return ports.second ?? Math.min(ports.first + 1, 0xffff);
}

function portsOf(media: SdpMedia | null): PortPair | null {
  return media && media.port > 0 ? { first: media.port, second: media.rtcp?.port ?? null } : null;
}
