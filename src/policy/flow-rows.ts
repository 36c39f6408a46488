/**
 * What the catalogue says of one flow: which row lists it, whether its port belongs to another protocol, whether its
 * protocol belongs on another port. Pure; no verdict is made here.
 */

import { compareSpecificity, holdsPort, narrowRowsForPort, wideRowsForPort } from './catalogue.ts';
import type { PortRow } from './port-row.ts';
import { protocolIdsOfRow } from './row-protocols.ts';

/** What the catalogue needs to know of a flow. */
export interface FlowPortFacts {
  readonly transport: 'tcp' | 'udp';
  readonly protocolId: string | null;
  readonly initiatorPort: number;
  readonly responderPort: number;
  /** True when the responder is a multicast group. */
  readonly isMulticast: boolean;
  /** True when a control channel named this flow. */
  readonly announced: boolean;
  /** True when the responder has sent anything. */
  readonly responderSends: boolean;
  /** True for RTSP inside HTTP, which belongs on HTTP's ports. */
  readonly isOverHttp: boolean;
}

/** Ports on which so much else runs that another protocol there proves nothing. */
const SHARED_PORTS: ReadonlySet<number> = new Set([80, 135, 161, 443, 445, 3389, 8080]);

export function isSharedPort(port: number): boolean {
  return SHARED_PORTS.has(port);
}

const STREAMING_NAMES: ReadonlySet<string> = new Set([
  'RTSP',
  'RTP',
  'RTCP',
  'MMS',
  'MMST',
  'MSBD',
  'RTMP',
  'H.323 gatekeeper discovery',
  'H.323 RAS',
  'H.323 Q.931',
]);

/** Other protocols that may stand on a port without being strangers there, by the document's protocol name. */
const TOLERATED_IDS: Readonly<Record<string, readonly string[]>> = {
  RTSP: ['tls'],
  // RTMPS; and Wowza serves RTSP and HLS on the same port by default.
  RTMP: ['tls', 'rtsp', 'http', 'mmsh'],
  'H.323 Q.931': ['tls', 'h323-h245'],
  // One pair of ports may carry all of a media session (RFC 7983), and any medium may be sent to 5004.
  RTP: ['rtcp', 'rdt', 'mpegts', 'msb', 'mmsu', 'stun', 'dtls', 'srt'],
  RTCP: ['rtp', 'rdt', 'mpegts', 'msb', 'mmsu', 'stun', 'dtls', 'srt'],
};

/** Protocols with a port of their own. Media goes where its control channel says, so no port is wrong for it. */
const CONTROL_IDS: ReadonlySet<string> = new Set([
  'rtsp',
  'mms',
  'mmsh',
  'msbd',
  'rtmp',
  'rtmpt',
  'h323-ras',
  'h323-q931',
]);

/** Media of one maker: RTP goes to any port of any server, so that a wide range of one of them says nothing of it. */
const WINDOWS_MEDIA_ONLY: ReadonlySet<string> = new Set(['MMSU', 'MSB']);

const HTTP_PORTS: ReadonlySet<number> = new Set([80, 443, 8080]);
const LAST_PRIVILEGED_PORT = 1023;

/** The row that gives this responder port to one streaming protocol, or null: shared ports and wide ranges name none. */
export function streamingPortRow(transport: 'tcp' | 'udp', responderPort: number): PortRow | null {
  if (SHARED_PORTS.has(responderPort)) return null;
  return narrowRowsForPort(transport, responderPort).find((row) => STREAMING_NAMES.has(row.protocol)) ?? null;
}

/** True when `protocolId` is one of the protocols, or a variant of one, that belong on this port. */
export function acceptsProtocol(transport: 'tcp' | 'udp', port: number, protocolId: string): boolean {
  return narrowRowsForPort(transport, port).some(
    (row) => protocolIdsOfRow(row).includes(protocolId) || (TOLERATED_IDS[row.protocol]?.includes(protocolId) ?? false),
  );
}

/** The row of the streaming protocol whose port this flow's other protocol uses, or null when nothing is wrong. */
export function contradictedRow(flow: FlowPortFacts): PortRow | null {
  const { transport, protocolId, initiatorPort, responderPort } = flow;
  if (protocolId === null || flow.isMulticast || flow.announced) return null;
  // A service below 1024 that seems to have begun is one whose client the capture missed: the other port is ephemeral.
  if (initiatorPort <= LAST_PRIVILEGED_PORT && responderPort > LAST_PRIVILEGED_PORT) return null;
  if (acceptsProtocol(transport, responderPort, protocolId)) return null;
  return streamingPortRow(transport, responderPort);
}

/** True for a control protocol of streaming on a port that no row gives it. */
export function isOnUnlistedPort(flow: FlowPortFacts): boolean {
  const { transport, protocolId, initiatorPort, responderPort } = flow;
  if (protocolId === null || !CONTROL_IDS.has(protocolId) || flow.isMulticast || flow.announced) return false;
  const travelsInHttp = flow.isOverHttp || protocolId === 'rtmpt';
  if (travelsInHttp && HTTP_PORTS.has(responderPort)) return false;
  // The port of a server that seems to have begun, because the capture starts later, counts too.
  const isAtHome = [responderPort, initiatorPort].some((port) => acceptsProtocol(transport, port, protocolId));
  return !isAtHome && rowListing(flow) === null;
}

/**
 * The row that lists this flow: its protocol, the owner of the port and the direction all match. The most specific one
 * when several do, null when none does. A wide range lists only announced media that nobody but its maker's servers send.
 */
export function rowListing(flow: FlowPortFacts): PortRow | null {
  let best: PortRow | null = null;
  for (const row of candidateRows(flow)) {
    if (!listsFlow(row, flow)) continue;
    if (best === null || compareListing(row, best) < 0) best = row;
  }
  return best;
}

function candidateRows(flow: FlowPortFacts): readonly PortRow[] {
  const { transport, initiatorPort, responderPort } = flow;
  const ofResponder = narrowRowsForPort(transport, responderPort);
  const ofInitiator = narrowRowsForPort(transport, initiatorPort);
  // Most flows are on a port of nobody's: they cost no array.
  const narrow = ofInitiator.length === 0 ? ofResponder : [...ofResponder, ...ofInitiator];
  if (!flow.announced) return narrow;
  const wide = [...wideRowsForPort(transport, responderPort), ...wideRowsForPort(transport, initiatorPort)];
  return [...narrow, ...wide.filter((row) => WINDOWS_MEDIA_ONLY.has(row.protocol))];
}

/** A row that means exactly this protocol says more than one that also allows it, whatever the ports. */
function compareListing(a: PortRow, b: PortRow): number {
  return protocolIdsOfRow(a).length - protocolIdsOfRow(b).length || compareSpecificity(a, b);
}

function listsFlow(row: PortRow, flow: FlowPortFacts): boolean {
  if (flow.protocolId === null || !protocolIdsOfRow(row).includes(flow.protocolId)) return false;
  if (flow.isMulticast) return listsGroup(row, flow);
  if (row.portOf === 'server' || row.portOf === 'origin server') return listsServer(row, flow);
  // Nothing in a capture shows that an end is an encoder or a distribution server.
  return row.portOf === 'client' && holdsPort(row, clientPort(flow));
}

/** The catalogue's address ranges are all of multicast, so that the group itself need not be looked at. */
function listsGroup(row: PortRow, flow: FlowPortFacts): boolean {
  const isForGroups = row.portOf === 'group' || row.protocol === 'H.323 gatekeeper discovery';
  return isForGroups && holdsPort(row, flow.responderPort);
}

/** A TCP server is who answers. Over UDP the server may speak first, unless the row lets nothing but requests in. */
function listsServer(row: PortRow, flow: FlowPortFacts): boolean {
  const isResponder = holdsPort(row, flow.responderPort);
  if (flow.transport === 'tcp' || row.direction === 'in') return isResponder;
  if (holdsPort(row, flow.initiatorPort)) return true;
  return isResponder && (row.direction !== 'out' || flow.responderSends);
}

/** The port of the end that is not the media server: the other one has a server's port, or answers, or is not known yet. */
function clientPort(flow: FlowPortFacts): number {
  const { transport, initiatorPort, responderPort } = flow;
  const isInitiatorServer = initiatorPort === 0 || narrowRowsForPort(transport, initiatorPort).length > 0;
  const isResponderServer = responderPort === 0 || narrowRowsForPort(transport, responderPort).length > 0;
  if (isInitiatorServer !== isResponderServer) return isInitiatorServer ? responderPort : initiatorPort;
  return flow.responderSends ? initiatorPort : responderPort;
}

/** The row that keeps this server port closed to the outside; it speaks only for a host known to be a content server. */
export function rowNotForOutside(transport: 'tcp' | 'udp', responderPort: number): PortRow | null {
  return narrowRowsForPort(transport, responderPort).find((row) => row.openOnFirewall === 'no') ?? null;
}
