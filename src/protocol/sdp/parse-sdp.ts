/** Session descriptions, RFC 8866 (attributes: RFC 3605 rtcp, RFC 5761 rtcp-mux, RFC 4570 source-filter, RFC 8839 ICE, RFC 2326 C.1 control). */

import type { MediaFormat } from '../control-record.ts';
import { formatOfStaticPayloadType } from '../rtp/payload-types.ts';

const MOST_LINES = 4000;
const MOST_MEDIA = 64;
const MOST_FORMATS = 64;
const MOST_CANDIDATES = 32;
const MOST_SOURCES = 16;

interface SdpConnection {
  readonly address: string;
  /** Multicast scope of IPv4; null when not told. */
  readonly ttl: number | null;
  /** Contiguous addresses, one for each layer; 1 when not told. */
  readonly count: number;
}

/** `a=source-filter`: which sources of a group are wanted (`incl`) or not (`excl`). */
interface SdpSourceFilter {
  readonly mode: 'incl' | 'excl';
  /** `*` for every address of the description. */
  readonly group: string;
  readonly sources: readonly string[];
}

interface SdpCandidate {
  /** 1 is RTP, 2 RTCP. */
  readonly component: number;
  readonly transport: string;
  readonly address: string;
  readonly port: number;
  /** `host`, `srflx`, `prflx`, `relay`. */
  readonly kind: string;
}

type SdpDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface SdpMedia {
  /** `audio`, `video`, `application`. */
  readonly media: string;
  /** 0 in answers: refused; 0 in RTSP: left to SETUP. */
  readonly port: number;
  /** Port pairs, each two above the one before. */
  readonly portCount: number;
  /** `RTP/AVP`, `UDP/TLS/RTP/SAVPF`, `udp`. */
  readonly protocol: string;
  readonly formats: readonly MediaFormat[];
  /** Its own, else the session's. */
  readonly connection: SdpConnection | null;
  /** `a=rtcp`; null when RTCP follows the rule of the next port. */
  readonly rtcp: { readonly port: number; readonly address: string | null } | null;
  readonly isRtcpMuxed: boolean;
  /** `a=control` as it stands, empty when absent. */
  readonly control: string;
  readonly direction: SdpDirection;
  readonly sourceFilter: SdpSourceFilter | null;
  readonly candidates: readonly SdpCandidate[];
}

/** Text comes from packets: not safe to print. */
export interface SessionDescription {
  readonly name: string;
  readonly information: string;
  readonly origin: { readonly user: string; readonly id: string; readonly version: string; readonly address: string };
  readonly connection: SdpConnection | null;
  readonly control: string;
  /** `a=range`, empty when absent. */
  readonly range: string;
  readonly tool: string;
  readonly media: readonly SdpMedia[];
}

/** Takes what it understands and skips the rest: text that is no description gives one without media. */
export function parseSdp(text: string): SessionDescription {
  const sections = splitSections(text);
  const session = readSection(sections[0] ?? []);
  const origin = (session.lines.get('o')?.[0] ?? '').split(' ');
  return {
    name: session.lines.get('s')?.[0] ?? '',
    information: session.lines.get('i')?.[0] ?? '',
    origin: { user: origin[0] ?? '', id: origin[1] ?? '', version: origin[2] ?? '', address: origin[5] ?? '' },
    connection: parseConnection(session),
    control: session.attribute('control'),
    range: session.attribute('range'),
    tool: session.attribute('tool'),
    media: sections.slice(1, 1 + MOST_MEDIA).flatMap((lines) => parseMedia(readSection(lines), session) ?? []),
  };
}

/** The port of RTCP for a medium with one: told, shared with RTP, or the next one (RFC 3550 section 11). */
export function rtcpPortOf(media: SdpMedia): number {
  if (media.isRtcpMuxed) return media.port;
  return media.rtcp?.port ?? media.port + 1;
}

/** Lines of one kind by letter, attributes by name. */
class Section {
  readonly lines = new Map<string, string[]>();
  readonly attributes = new Map<string, string[]>();

  attribute(name: string): string {
    return this.attributes.get(name)?.[0] ?? '';
  }
}

/** The session's lines, then those of each `m=` with it as the first. */
function splitSections(text: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of text.split(/\r\n|\n|\r/, MOST_LINES)) {
    if (line.startsWith('m=')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

function readSection(lines: readonly string[]): Section {
  const section = new Section();
  for (const line of lines) {
    if (line[1] !== '=') continue;
    const letter = line[0] ?? '';
    const value = line.slice(2).trim();
    if (letter === 'a') addAttribute(section.attributes, value);
    else addTo(section.lines, letter, value);
  }
  return section;
}

function addAttribute(attributes: Map<string, string[]>, value: string): void {
  const colon = value.indexOf(':');
  if (colon < 0) addTo(attributes, value.toLowerCase(), '');
  else addTo(attributes, value.slice(0, colon).toLowerCase(), value.slice(colon + 1).trim());
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** Null when the `m=` line is not one. */
function parseMedia(section: Section, session: Section): SdpMedia | null {
  const line = /^(\S+)\s+(\d{1,5})(?:\/(\d{1,5}))?\s+(\S+)\s*(.*)$/.exec(section.lines.get('m')?.[0] ?? '');
  if (!line) return null;
  const port = Number(line[2]);
  if (port > 0xffff) return null;
  const protocol = line[4] ?? '';
  return {
    media: (line[1] ?? '').toLowerCase(),
    port,
    portCount: Math.max(1, Number(line[3] ?? 1)),
    protocol,
    formats: parseFormats(section, protocol, line[5] ?? ''),
    connection: parseConnection(section) ?? parseConnection(session),
    rtcp: parseRtcp(section.attribute('rtcp')),
    isRtcpMuxed: section.attributes.has('rtcp-mux'),
    control: section.attribute('control'),
    direction: directionOf(section) ?? directionOf(session) ?? 'sendrecv',
    sourceFilter: parseSourceFilter(section.attribute('source-filter') || session.attribute('source-filter')),
    candidates: parseCandidates(section.attributes.get('candidate') ?? []),
  };
}

function parseFormats(section: Section, protocol: string, list: string): MediaFormat[] {
  const names = byFormat(section.attributes.get('rtpmap') ?? []);
  const parameters = byFormat(section.attributes.get('fmtp') ?? []);
  const isRtp = /\bRTP\b/i.test(protocol);
  return list
    .split(/\s+/, MOST_FORMATS)
    .filter((format) => format !== '')
    .map((format) => nameFormat(format, isRtp, names.get(format) ?? '', parameters.get(format) ?? ''));
}

/** `rtpmap` is what follows the payload type there: `H264/90000`, empty when the description has none. */
function nameFormat(format: string, isRtp: boolean, rtpmap: string, parameters: string): MediaFormat {
  const payloadType = isRtp && /^\d{1,3}$/.test(format) && Number(format) <= 127 ? Number(format) : null;
  const fixed = payloadType === null ? null : formatOfStaticPayloadType(payloadType);
  const [encoding = '', clockRate = ''] = rtpmap.split('/');
  return {
    payloadType,
    encoding: encoding || (fixed?.encoding ?? (payloadType === null ? format : '')),
    clockRate: /^[1-9]\d{0,8}$/.test(clockRate) ? Number(clockRate) : (fixed?.clockRate ?? null),
    parameters,
  };
}

/** `96 H264/90000` as 96 -> `H264/90000`. */
function byFormat(values: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const value of values.slice(0, MOST_FORMATS)) {
    const parts = /^(\S+)\s+(.*)$/.exec(value);
    if (parts) map.set(parts[1] ?? '', parts[2] ?? '');
  }
  return map;
}

function parseConnection(section: Section): SdpConnection | null {
  const parts = /^IN\s+IP([46])\s+([^/\s]+)(?:\/(\d{1,5}))?(?:\/(\d{1,5}))?/i.exec(section.lines.get('c')?.[0] ?? '');
  if (!parts) return null;
  const isIpv4 = parts[1] === '4';
  const first = parts[3] === undefined ? null : Number(parts[3]);
  // IPv6 has no TTL here: its one number is the count (RFC 8866 section 5.7).
  const count = isIpv4 ? Number(parts[4] ?? 1) : (first ?? 1);
  return { address: parts[2] ?? '', ttl: isIpv4 ? first : null, count: Math.max(1, count) };
}

function parseRtcp(value: string): SdpMedia['rtcp'] {
  const parts = /^(\d{1,5})(?:\s+IN\s+IP[46]\s+(\S+))?/i.exec(value);
  if (!parts || Number(parts[1]) > 0xffff) return null;
  return { port: Number(parts[1]), address: parts[2] ?? null };
}

function directionOf(section: Section): SdpDirection | null {
  for (const direction of ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const) {
    if (section.attributes.has(direction)) return direction;
  }
  return null;
}

function parseSourceFilter(value: string): SdpSourceFilter | null {
  const parts = /^(incl|excl)\s+IN\s+(?:IP[46]|\*)\s+(\S+)\s+(.+)$/i.exec(value);
  if (!parts) return null;
  const mode = parts[1]?.toLowerCase() === 'excl' ? 'excl' : 'incl';
  return { mode, group: parts[2] ?? '', sources: (parts[3] ?? '').split(/\s+/, MOST_SOURCES) };
}

function parseCandidates(values: readonly string[]): SdpCandidate[] {
  return values.slice(0, MOST_CANDIDATES).flatMap((value) => {
    const parts = /^\S+\s+(\d{1,3})\s+(\S+)\s+\d+\s+(\S+)\s+(\d{1,5})\s+typ\s+(\S+)/i.exec(value);
    if (!parts || Number(parts[4]) > 0xffff) return [];
    const [, component, transport = '', address = '', port, kind = ''] = parts;
    return [{ component: Number(component), transport: transport.toLowerCase(), address, port: Number(port), kind }];
  });
}
