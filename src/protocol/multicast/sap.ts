/**
 * Session announcements, RFC 2974: descriptions of sessions sent again and again to a group.
 *
 *  0 |V=1|A|R|T|E|C|  1 words of authentication  2 message id hash  4 origin (4 or 16 bytes)  [authentication, type, NUL] SDP
 *
 * With C all behind the authentication is compressed by zlib, with E all of it is encrypted.
 */

import { inflateWithin } from '../../bytes/inflate.ts';
import { indexOfByte, readUint8, readUint16, readUtf8, startsWithAscii } from '../../bytes/read.ts';
import { formatAddressAt, isMulticast, parseAddress } from '../../format/address.ts';
import type { AnnouncedMedia, ControlRecord } from '../control-record.ts';
import { keep } from '../control-record.ts';
import type { Dissection, Dissector, Moment, PayloadContext, Recognition } from '../dissector.ts';
import { isUsuallySilent, protocolOfMedia } from '../sdp/media-kind.ts';
import { parseSdp, rtcpPortOf, type SdpMedia, type SessionDescription } from '../sdp/parse-sdp.ts';

const SAP_PORT = 9875;
const HEADER_BYTES = 8;
const FLAG = { ipv6: 0x10, deletion: 0x04, encrypted: 0x02, compressed: 0x01 } as const;
const MIME_TYPE = 'application/sdp';
const SDP_OPENING = 'v=0';
const LONGEST_MIME_TYPE = 64;
/** Of a description that is compressed; one that is not fits into a datagram. */
const MOST_INFLATED = 65_536;
const MOST_SESSIONS = 200;
const MOST_PORT_PAIRS = 8;
/** A session that is not announced any more is over after an hour (section 4). */
const TIMEOUT_NS = 3600e9;

interface Session {
  readonly media: readonly AnnouncedMedia[];
  heardAt: number;
}

/** Offset of what is announced, after the headers; -1 when they do not fit. */
function findPayload(bytes: Uint8Array, start: number, end: number): number {
  const first = readUint8(bytes, start);
  if (end - start < HEADER_BYTES || first >> 5 !== 1) return -1;
  const originBytes = (first & FLAG.ipv6) === 0 ? 4 : 16;
  const payload = start + 4 + originBytes + readUint8(bytes, start + 1) * 4;
  return payload < end ? payload : -1;
}

/** What is encrypted, or compressed in an unknown way, shows nothing of its own; there the port must do. */
function recognizeSap(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const payload = findPayload(bytes, start, end);
  if (payload < 0) return 'no';
  if (isDescription(bytes, payload, end)) return 'yes';
  const flags = readUint8(bytes, start) & (FLAG.encrypted | FLAG.compressed);
  const inflated = flags === FLAG.compressed ? inflateWithin(bytes, payload, end, MOST_INFLATED) : null;
  if (inflated !== null && isDescription(inflated, 0, inflated.length)) return 'yes';
  const isOpaque = flags !== 0;
  return isOpaque && context.isMulticast && context.destinationPort === SAP_PORT ? 'yes' : 'no';
}

function isDescription(bytes: Uint8Array, start: number, end: number): boolean {
  return startsWithAscii(bytes, start, end, MIME_TYPE) || startsWithAscii(bytes, start, end, SDP_OPENING);
}

class SapDissection implements Dissection {
  readonly #record: ControlRecord;
  /** By message id and origin, which name a session until it is deleted or changed. */
  readonly #sessions = new Map<string, Session>();

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const payload = findPayload(bytes, start, end);
    if (payload < 0) return;
    const flags = readUint8(bytes, start);
    const origin = formatAddressAt(bytes, start + 4, (flags & FLAG.ipv6) === 0 ? 4 : 16);
    const key = `${readUint16(bytes, start + 2)} ${origin}`;
    if ((flags & FLAG.deletion) !== 0) {
      this.#delete(key, context);
      return;
    }
    const known = this.#sessions.get(key);
    if (known !== undefined) known.heardAt = context.at.time;
    if (known !== undefined || !this.#makeRoom(context.at)) return;
    const text = readText(bytes, payload, end, flags);
    if (text !== null) {
      this.#announce(key, parseSdp(text), context);
      return;
    }
    this.#sessions.set(key, { media: [], heardAt: context.at.time });
    const why = (flags & FLAG.encrypted) === 0 ? 'compressed in an unknown way' : 'encrypted';
    this.#record.fact('content', why);
    this.#record.message(context.at, context.direction, 'announce', `${why}, from ${origin}`);
  }

  #delete(key: string, context: PayloadContext): void {
    const session = this.#sessions.get(key);
    if (session === undefined) return;
    this.#end(key, session, context.at);
    this.#record.message(context.at, context.direction, 'delete', session.media[0]?.announcement.title ?? '');
  }

  #end(key: string, { media }: Session, at: Moment): void {
    this.#sessions.delete(key);
    for (const announced of media) announced.end(at);
  }

  /** Where all places are taken, those of sessions that timed out are free; false when there are none. */
  #makeRoom(at: Moment): boolean {
    if (this.#sessions.size < MOST_SESSIONS) return true;
    for (const [key, session] of this.#sessions) {
      if (at.time - session.heardAt > TIMEOUT_NS) this.#end(key, session, at);
    }
    return this.#sessions.size < MOST_SESSIONS;
  }

  #announce(key: string, session: SessionDescription, context: PayloadContext): void {
    this.#record.message(context.at, context.direction, 'announce', session.name);
    this.#record.fact('stream', session.name);
    this.#record.fact('agent', session.tool);
    const announced = session.media.flatMap((media) => this.#announceMedia(media, session.name, context));
    this.#sessions.set(key, { media: announced, heardAt: context.at.time });
  }

  #announceMedia(media: SdpMedia, title: string, context: PayloadContext): AnnouncedMedia[] {
    const protocol = protocolOfMedia(media);
    const group = parseAddress(media.connection?.address ?? '');
    if (protocol === null || media.connection === null || group === null || !isMulticast(group) || media.port === 0) {
      return [];
    }
    const { address, ttl } = media.connection;
    const announceOn = (id: string, port: number, mayBeSilent: boolean) =>
      this.#record.announce({
        at: keep(context.at),
        protocol: id,
        transport: 'udp',
        initiator: { address: null, port: null },
        responder: { address, port },
        sends: 'toResponder',
        isMulticast: true,
        ttl,
        how: 'SAP',
        media: media.media,
        formats: id === 'rtcp' ? [] : media.formats,
        mayBeSilent,
        certainty: 'parsed',
        title,
      });
    const announced: AnnouncedMedia[] = [];
    for (let pair = 0; pair < Math.min(media.portCount, MOST_PORT_PAIRS); pair++) {
      const medium = announceOn(protocol, media.port + 2 * pair, isUsuallySilent(media));
      if (medium === null) break;
      announced.push(medium);
      const rtcpPort = rtcpPortOf(media) + 2 * pair;
      if (protocol !== 'rtp' || rtcpPort === media.port) continue;
      medium.rtcp = announceOn('rtcp', rtcpPort, true);
      if (medium.rtcp !== null) announced.push(medium.rtcp);
    }
    return announced;
  }
}

/** The description; null where it cannot be read. Some compress the type with it, some leave it before it. */
function readText(bytes: Uint8Array, payload: number, end: number, flags: number): string | null {
  if ((flags & FLAG.encrypted) !== 0) return null;
  const isTyped = startsWithAscii(bytes, payload, end, MIME_TYPE);
  const start = (flags & FLAG.compressed) === 0 || isTyped ? skipMimeType(bytes, payload, end) : payload;
  if ((flags & FLAG.compressed) === 0) return readUtf8(bytes, start, end);
  const inflated = inflateWithin(bytes, start, end, MOST_INFLATED);
  return inflated === null ? null : readUtf8(inflated, skipMimeType(inflated, 0, inflated.length), inflated.length);
}

/** Older senders leave the type out. */
function skipMimeType(bytes: Uint8Array, payload: number, end: number): number {
  if (startsWithAscii(bytes, payload, end, SDP_OPENING)) return payload;
  const nul = indexOfByte(bytes, payload, Math.min(end, payload + LONGEST_MIME_TYPE), 0);
  return nul < 0 ? payload : nul + 1;
}

export const sap: Dissector = {
  id: 'sap',
  label: 'SAP',
  transports: ['udp'],
  isStreaming: true,
  firstBytes: { udp: [[0x20, 0x3f]] },
  recognize: recognizeSap,
  open: (record) => new SapDissection(record),
};
