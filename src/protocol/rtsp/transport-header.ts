/** The Transport header, RFC 2326 section 12.39 and RFC 7826 section 18.54, with what servers add to it. */

import { formatAddress, parseAddress } from '../../format/address.ts';

const MOST_SPECS = 16;

export interface PortPair {
  readonly first: number;
  /** Of RTCP; null when only one was told. */
  readonly second: number | null;
}

/** One offer of a request, or the agreement of an answer. */
export interface TransportSpec {
  /** As it stands. */
  readonly text: string;
  /** Protocol id of what it carries. */
  readonly protocol: 'rtp' | 'rdt' | 'mpegts';
  readonly lower: 'udp' | 'tcp';
  readonly isMulticast: boolean;
  /** Where media goes and comes from, by address; null when not told: the other end of the control connection. */
  readonly destination: string | null;
  readonly source: string | null;
  readonly clientPorts: PortPair | null;
  readonly serverPorts: PortPair | null;
  /** Of the group. */
  readonly groupPorts: PortPair | null;
  /** Channels in the control connection. */
  readonly interleaved: PortPair | null;
  readonly ttl: number | null;
  readonly isRtcpMuxed: boolean;
  /** True when the client sends. */
  readonly isRecord: boolean;
}

/** Offers in the client's order of preference. */
export function parseTransportHeader(value: string): TransportSpec[] {
  return splitOutsideQuotes(value, ',')
    .slice(0, MOST_SPECS)
    .flatMap((text) => parseSpec(text) ?? []);
}

function parseSpec(text: string): TransportSpec | null {
  const [token = '', ...rest] = splitOutsideQuotes(text, ';');
  const protocol = protocolOf(token.toLowerCase());
  if (!protocol) return null;
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf('=');
    const name = (equals < 0 ? parameter : parameter.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? '' : parameter.slice(equals + 1).trim();
    if (!parameters.has(name)) parameters.set(name, value);
  }
  const parameterOf = (name: string) => parameters.get(name) ?? '';
  const toAddresses = parseAddresses(parameterOf('dest_addr'));
  const fromAddresses = parseAddresses(parameterOf('src_addr'));
  const isMulticast = parameters.has('multicast');
  const destinationPorts = toAddresses.ports;
  return {
    text,
    protocol,
    lower: /\/tcp$/i.test(token) || parameters.has('interleaved') ? 'tcp' : 'udp',
    isMulticast,
    destination: readAddress(parameterOf('destination')) ?? toAddresses.address,
    source: readAddress(parameterOf('source')) ?? fromAddresses.address,
    clientPorts: parsePorts(parameterOf('client_port')) ?? (isMulticast ? null : destinationPorts),
    serverPorts: parsePorts(parameterOf('server_port')) ?? fromAddresses.ports,
    groupPorts: parsePorts(parameterOf('port')) ?? (isMulticast ? destinationPorts : null),
    interleaved: parsePorts(parameterOf('interleaved')),
    ttl: /^\d{1,3}$/.test(parameterOf('ttl')) ? Number(parameterOf('ttl')) : null,
    isRtcpMuxed: parameters.has('rtcp-mux'),
    // RFC 2326 says `RECORD`; `receive` comes from an older draft.
    isRecord: /record|receive/i.test(parameterOf('mode')),
  };
}

/** Null for a transport that carries nothing known here. */
function protocolOf(token: string): TransportSpec['protocol'] | null {
  if (token.startsWith('rtp/')) return 'rtp';
  // Both names are RealNetworks' own.
  if (token.startsWith('x-real-rdt/') || token.startsWith('x-pn-tng/')) return 'rdt';
  if (token.startsWith('mp2t/') || token.startsWith('raw/raw')) return 'mpegts';
  return null;
}

function parsePorts(value: string): PortPair | null {
  const parts = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value);
  if (!parts || Number(parts[1]) > 0xffff) return null;
  const second = parts[2] === undefined || Number(parts[2]) > 0xffff ? null : Number(parts[2]);
  return { first: Number(parts[1]), second };
}

/** `"192.0.2.5:3456"/"192.0.2.5:3457"`; a host may be absent. */
function parseAddresses(value: string): { readonly address: string | null; readonly ports: PortPair | null } {
  const ends = [...value.matchAll(/"([^"]*):(\d{1,5})"/g)].slice(0, 2);
  const ports = ends.map((end) => Number(end[2]));
  const [first, second = null] = ports;
  if (first === undefined || ports.some((port) => port > 0xffff)) return { address: null, ports: null };
  return { address: readAddress(ends[0]?.[1] ?? ''), ports: { first, second } };
}

/** Null for names, for what is no address, and for the address of nowhere. */
function readAddress(value: string): string | null {
  const bytes = parseAddress(value.replace(/^["[]+|["\]]+$/g, ''));
  return bytes?.some((byte) => byte !== 0) ? formatAddress(bytes) : null;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (isQuoted || text[at] !== separator) continue;
    parts.push(text.slice(start, at).trim());
    start = at + 1;
  }
  parts.push(text.slice(start).trim());
  return parts;
}
