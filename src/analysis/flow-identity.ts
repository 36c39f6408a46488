/** What a flow is, how that is known, and which row of the port tables lists it. */

import { isMulticastFlow } from '../flow/multicast-flow.ts';
import { IP_PROTOCOL } from '../packet/decoded-packet.ts';
import { CATALOGUE, narrowRowsForPort } from '../policy/catalogue.ts';
import { acceptsProtocol, type FlowPortFacts, rowListing, streamingPortRow } from '../policy/flow-rows.ts';
import type { PortRow } from '../policy/port-row.ts';
import { protocolIdsOfRow } from '../policy/row-protocols.ts';
import type { Dissector } from '../protocol/dissector.ts';
import { DISSECTORS } from '../protocol/registry.ts';
import { confidenceOf, ROUTE, routeOf } from './flow-mark.ts';
import type { Pipeline } from './pipeline.ts';
import { serviceOfPort } from './service-names.ts';
import type { Confidence } from './snapshot.ts';

export const DISSECTOR_BY_ID: ReadonlyMap<string, Dissector> = new Map(DISSECTORS.map((each) => [each.id, each]));

const TRANSPORT_NAMES: ReadonlyMap<number, string> = new Map([
  [IP_PROTOCOL.icmp, 'icmp'],
  [IP_PROTOCOL.igmp, 'igmp'],
  [IP_PROTOCOL.tcp, 'tcp'],
  [IP_PROTOCOL.udp, 'udp'],
  [IP_PROTOCOL.ipInIp, 'ipip'],
  [IP_PROTOCOL.ipv6, '6in4'],
  [IP_PROTOCOL.gre, 'gre'],
  [IP_PROTOCOL.esp, 'esp'],
  [IP_PROTOCOL.ah, 'ah'],
  [IP_PROTOCOL.icmpv6, 'icmpv6'],
  [IP_PROTOCOL.ospf, 'ospf'],
  [IP_PROTOCOL.pim, 'pim'],
  [IP_PROTOCOL.vrrp, 'vrrp'],
  [IP_PROTOCOL.l2tp, 'l2tp'],
  [IP_PROTOCOL.sctp, 'sctp'],
]);

/** `tcp`, `udp`, the IP protocol's usual name, or `ip-N`. */
export function transportName(protocol: number): string {
  return TRANSPORT_NAMES.get(protocol) ?? `ip-${protocol}`;
}

export interface Identity {
  readonly protocol: string | null;
  readonly label: string;
  readonly confidence: Confidence;
  /** By protocol, announcement or the streaming port that it is for. */
  readonly isStreaming: boolean;
  readonly row: PortRow | null;
}

/** Neighbours of media: not streaming protocols themselves, but a block of them is a block of media. */
const MEDIA_NEIGHBOURS: ReadonlySet<string> = new Set(['sip', 'stun', 'dtls', 'srt']);

/** What control channels announce beside media. */
const ANNOUNCED_STRANGERS: ReadonlySet<string> = new Set(['ftp-data']);

/** Whether a failure of this protocol is a failure of media. */
export function isMediaProtocol(dissector: Dissector | undefined): boolean {
  return dissector !== undefined && (dissector.isStreaming || MEDIA_NEIGHBOURS.has(dissector.id));
}

/** Whether TLS on this port hides the streaming protocol that the port is for, as RTMPS on 1935 does. */
function isEncryptedStreaming(port: number): boolean {
  return streamingPortRow('tcp', port) !== null && acceptsProtocol('tcp', port, 'tls');
}

/** Ports that the registry gives to streaming beside those of the port tables: 8554 is rtsp-alt. */
const ALTERNATE_TCP_PORTS: ReadonlyMap<number, string> = new Map([[8554, 'rtsp']]);

/** Whether an attempt on this port, of which nothing more is known, is one to stream. */
export function isForStreaming(transport: 'tcp' | 'udp', port: number): boolean {
  return narrowRowsForPort(transport, port).length > 0 || (transport === 'tcp' && ALTERNATE_TCP_PORTS.has(port));
}

/** Ports on which a viewer may be served, though most of what is there is not streaming: judged when it fails. */
const WEB_PORTS: ReadonlySet<number> = new Set([80, 8080]);

export function identify(pipeline: Pipeline, slot: number): Identity {
  const { flows, tcp, contents } = pipeline;
  const transport = flows.transport(slot);
  if (transport !== IP_PROTOCOL.tcp && transport !== IP_PROTOCOL.udp) {
    const name = transportName(transport);
    return { protocol: name, label: labelOf(name), confidence: 'content', isStreaming: false, row: null };
  }
  const dissector = contents.dissectorOf(slot);
  if (dissector !== null) return identityByDissector(pipeline, slot, dissector);
  const announced = contents.announcements.of(slot)[0];
  if (announced !== undefined) {
    const id = announced.media.announcement.protocol;
    return {
      protocol: id,
      label: DISSECTOR_BY_ID.get(id)?.label ?? id.toUpperCase(),
      confidence: 'announced',
      isStreaming: !ANNOUNCED_STRANGERS.has(id),
      row: rowListing(portFacts(pipeline, slot, id)),
    };
  }
  // Payload that no recognizer knew is not what the port is for; and without a handshake the port may be an ephemeral one.
  const isUnseen = routeOf(flows.mark(slot)) === ROUTE.fresh && flows.payload(slot, 0) + flows.payload(slot, 1) === 0;
  const isOpening = transport === IP_PROTOCOL.tcp && tcp.syns(slot, 0) + tcp.syns(slot, 1) > 0 && isUnseen;
  if (isOpening) return identityByTcpPort(flows.port(slot, 1));
  return identityByService(transport === IP_PROTOCOL.tcp ? 'tcp' : 'udp', flows.port(slot, 0), flows.port(slot, 1));
}

function identityByDissector(pipeline: Pipeline, slot: number, dissector: Dissector): Identity {
  const { flows, contents } = pipeline;
  const record = contents.controls.get(slot)?.record;
  const confidence = confidenceOf(flows.mark(slot));
  if (record === undefined && confidence === 'content' && isOfNoInterest(dissector)) return strangerIdentity(dissector);
  const id = record?.identity ?? dissector.id;
  const known = DISSECTOR_BY_ID.get(id) ?? dissector;
  return {
    protocol: id,
    label: known.label,
    confidence,
    isStreaming:
      isMediaProtocol(known) ||
      record?.carriesMedia === true ||
      (id === 'tls' && isEncryptedStreaming(flows.port(slot, 1))),
    row: rowListing(portFacts(pipeline, slot, id)),
  };
}

/** Neither streaming nor in any row of the port tables, on whatever port. */
function isOfNoInterest(dissector: Dissector): boolean {
  return !isMediaProtocol(dissector) && !LISTED_IDS.has(dissector.id);
}

const LISTED_IDS: ReadonlySet<string> = new Set(CATALOGUE.flatMap(protocolIdsOfRow));

const STRANGERS = new Map<Dissector, Identity>();

/** One identity for all flows of such a protocol: a capture may hold a hundred thousand of them. */
function strangerIdentity(dissector: Dissector): Identity {
  const known = STRANGERS.get(dissector);
  if (known !== undefined) return known;
  const { id, label } = dissector;
  const identity: Identity = { protocol: id, label, confidence: 'content', isStreaming: false, row: null };
  STRANGERS.set(dissector, identity);
  return identity;
}

/** As people write it. */
function labelOf(transport: string): string {
  return transport === 'icmpv6' ? 'ICMPv6' : transport.toUpperCase();
}

const UNKNOWN: Identity = { protocol: null, label: 'unknown', confidence: 'none', isStreaming: false, row: null };

const BY_TCP_PORT = new Map<number, Identity>();

/** Nothing but the number of a port that was asked for: what the catalogue's row says should be there. */
function identityByTcpPort(port: number): Identity {
  const known = BY_TCP_PORT.get(port);
  if (known !== undefined) return known;
  const row = streamingPortRow('tcp', port);
  const id = row === null ? ALTERNATE_TCP_PORTS.get(port) : protocolIdsOfRow(row)[0];
  let identity = UNKNOWN;
  if (id !== undefined) {
    const label = DISSECTOR_BY_ID.get(id)?.label ?? row?.protocol ?? id;
    identity = { protocol: id, label, confidence: 'port', isStreaming: true, row };
  } else if (WEB_PORTS.has(port)) {
    const webRow = narrowRowsForPort('tcp', port)[0] ?? null;
    identity = { protocol: 'http', label: 'HTTP', confidence: 'port', isStreaming: true, row: webRow };
  }
  if (identity === UNKNOWN) identity = identityByService('tcp', 0xffff, port);
  BY_TCP_PORT.set(port, identity);
  return identity;
}

/** The registered name of the responder's port, where it is the lower one; never the name of a streaming protocol. */
function identityByService(transport: 'tcp' | 'udp', initiatorPort: number, port: number): Identity {
  const service = port < initiatorPort ? serviceOfPort(transport, port) : null;
  if (service === null || isMediaProtocol(DISSECTOR_BY_ID.get(service.id))) return UNKNOWN;
  return { protocol: service.id, label: service.label, confidence: 'port', isStreaming: false, row: null };
}

function portFacts(pipeline: Pipeline, slot: number, protocolId: string | null): FlowPortFacts {
  const { flows, contents } = pipeline;
  return {
    transport: flows.transport(slot) === IP_PROTOCOL.tcp ? 'tcp' : 'udp',
    protocolId,
    initiatorPort: flows.port(slot, 0),
    responderPort: flows.port(slot, 1),
    isMulticast: isMulticastFlow(flows, slot),
    announced: contents.announcements.of(slot).length > 0,
    responderSends: flows.packets(slot, 1) > 0,
    isOverHttp: contents.controls.get(slot)?.record.variant.includes('HTTP') === true,
  };
}
