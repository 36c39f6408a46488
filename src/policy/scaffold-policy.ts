/** A first policy from what a capture shows: servers by what they said, clients by their networks. YAML text for a person to finish. */

import { formatNetwork, isPrivate, type Network, parseNetwork } from '../format/address.ts';
import { printable } from '../format/text.ts';
import { narrowRowsForPort } from './catalogue.ts';
import { CONFIGURABLE_PORTS } from './configurable-ports.ts';
import { withoutContained } from './permit.ts';
import { findRole, PEERS, type Peer } from './site-roles.ts';

/** A flow with a server's protocol. */
export interface SeenFlow {
  readonly transport: string;
  readonly protocol: string | null;
  readonly initiator: string;
  readonly responder: string;
  readonly port: number;
  readonly isMulticast: boolean;
  /** What the server says it is, empty when it does not. */
  readonly software: string;
  /** Whether the initiator sends media to the server, as far as the control channel says. */
  readonly isPublisher: boolean;
  /** False where nothing but the port says so. */
  readonly isProven: boolean;
}

interface SeenServer {
  readonly address: string;
  readonly protocols: ReadonlySet<string>;
  readonly flows: readonly SeenFlow[];
}

const MOST_SERVERS = 200;
const MOST_NETWORKS = 50;
const CONTROL: ReadonlySet<string> = new Set(['rtsp', 'mms', 'mmsu', 'mmsh', 'rtmp', 'rtmpt', 'h323-ras', 'h323-q931']);
const MULTICAST_MEDIA: ReadonlySet<string> = new Set(['rtp', 'mpegts', 'msb']);

/** Valid as it stands, so that `policy check` takes it before anybody has edited it. */
export function scaffoldPolicy(flows: readonly SeenFlow[], captureName: string): string {
  const servers = findServers(flows).slice(0, MOST_SERVERS);
  const addresses = new Set(servers.map(({ address }) => address));
  const clients = flows.filter(({ responder }) => addresses.has(responder)).map(({ initiator }) => initiator);
  const networks = clientNetworks(clients);
  const rows = multicastRows(flows);
  return `${[
    `# A first policy, made from ${printable(captureName, 200)}: what was seen, not what should be. Read every line before it judges anything.`,
    '# mediatap policy check FILE says what it means; mediatap ports lists the rows behind the roles.',
    'networks:',
    ...networkLines('inside', networks.inside),
    ...networkLines('outside', networks.outside),
    ...(networks.inside.length + networks.outside.length === 0 ? ['  inside: [10.0.0.0/8]  # no client was seen'] : []),
    `clients: [${clientNames(networks).join(', ')}]`,
    servers.length === 0 ? 'servers: {}  # none was seen' : 'servers:',
    ...servers.flatMap(serverLines),
    ...(rows.length === 0 ? [] : ['rows:', ...rows]),
    '# exceptions:',
    '#   - { id: old-player, transport: tcp, ports: 1755, from: inside, to: any, until: 2099-12-31, reason: ask the owner }',
  ].join('\n')}\n`;
}

function findServers(flows: readonly SeenFlow[]): SeenServer[] {
  const servers = new Map<string, { readonly address: string; readonly flows: SeenFlow[] }>();
  for (const flow of flows) {
    if (flow.protocol === null || flow.isMulticast || !CONTROL.has(flow.protocol)) continue;
    const known = servers.get(flow.responder) ?? { address: flow.responder, flows: [] };
    servers.set(flow.responder, known);
    known.flows.push(flow);
  }
  return [...servers.values()].map(({ address, flows: seen }) => {
    // A player tries ports that the server never had: what is proven speaks first.
    const proven = seen.filter(({ isProven }) => isProven);
    const telling = proven.length > 0 ? proven : seen;
    return { address, flows: telling, protocols: new Set(telling.flatMap(({ protocol }) => protocol ?? [])) };
  });
}

/** By the software that answered where it did, else by the protocols that were spoken. */
function rolesOf({ protocols, flows }: SeenServer): string[] {
  const has = (...names: string[]): boolean => names.some((name) => protocols.has(name));
  const says = (pattern: RegExp): boolean => flows.some(({ software }) => pattern.test(software));
  const roles: string[] = [];
  const isCaller = has('h323-ras', 'h323-q931');
  const isWindows = has('mms', 'mmsu', 'mmsh') || says(/WMServer|Windows Media/i);
  const isContentServer = isCaller && (isWindows || has('rtsp'));
  if (has('rtsp', 'rtmp') && says(/Wowza/i)) return ['wowza'];
  if (isContentServer) roles.push('content-server');
  else if (isWindows) roles.push('windows-media-unicast');
  else if (has('rtsp') && says(/DSS|QTSS|Darwin/i)) roles.push('darwin');
  else if (has('rtsp')) roles.push('rtsp-server');
  if (has('rtmp', 'rtmpt')) {
    const publishers = flows.filter(({ isPublisher }) => isPublisher).length;
    if (publishers > 0) roles.push('rtmp-ingest');
    if (publishers < flows.filter(({ protocol }) => protocol?.startsWith('rtmp')).length) roles.push('rtmp-server');
  }
  if (isContentServer) return roles;
  if (has('h323-ras')) roles.push('h323-gatekeeper');
  else if (has('h323-q931')) roles.push('h323-endpoint');
  return roles;
}

function serverLines(server: SeenServer, index: number): string[] {
  const roles = rolesOf(server);
  const proof = server.flows.some(({ isProven }) => isProven) ? 'by what it said' : 'by its port alone';
  const software = server.flows.find((flow) => flow.software !== '')?.software ?? '';
  return [
    `  server-${index + 1}:  # ${[...server.protocols].join(', ')}, ${proof}${software === '' ? '' : `; says ${printable(software, 60)}`}`,
    `    address: ${quote(server.address)}`,
    `    roles: [${roles.join(', ')}]`,
    ...PEERS.flatMap((peer) => peerLine(peer, roles, server)),
    ...portLines(server, roles),
  ];
}

function peerLine(peer: Peer, roles: readonly string[], { flows }: SeenServer): string[] {
  const isNeeded = roles.some((id) => findRole(id)?.rows.some((row) => row.peer === peer) === true);
  if (peer === 'clients' || !isNeeded) return [];
  const seen = peer === 'publishers' ? flows.filter(({ isPublisher }) => isPublisher) : [];
  const who = [...new Set(seen.map(({ initiator }) => initiator))].slice(0, MOST_NETWORKS);
  return [`    ${peer}: [${who.map(quote).join(', ')}]${who.length === 0 ? '  # nobody yet: say who' : ''}`];
}

/** Ports other than the usual one, where the row's port may be set. */
function portLines({ flows }: SeenServer, roles: readonly string[]): string[] {
  const rows = roles.flatMap((id) => findRole(id)?.rows ?? []).map(({ row }) => row);
  const odd = flows.filter(
    ({ transport, port }) =>
      (transport === 'tcp' || transport === 'udp') && narrowRowsForPort(transport, port).length === 0,
  );
  const set = new Map<string, number>();
  for (const { protocol, port } of odd) {
    const row = rows.find((id) => CONFIGURABLE_PORTS.has(id) && PROTOCOL_OF_ROW[id] === protocol);
    if (row !== undefined && !set.has(row)) set.set(row, port);
  }
  return set.size === 0 ? [] : [`    ports: { ${[...set].map(([row, port]) => `${row}: ${port}`).join(', ')} }`];
}

const PROTOCOL_OF_ROW: Readonly<Record<string, string>> = {
  'std-rtsp': 'rtsp',
  'std-rtmp': 'rtmp',
  'std-h323-ras': 'h323-ras',
  'std-h323-call': 'h323-q931',
  'wms9-rtsp': 'rtsp',
  'wms9-mms-tcp': 'mms',
  'wms9-http': 'mmsh',
  'ext-darwin-rtsp': 'rtsp',
  'ext-wowza-rtsp': 'rtsp',
  'ext-wowza-rtmp': 'rtmp',
};

interface ClientNetworks {
  readonly inside: readonly Network[];
  readonly outside: readonly Network[];
}

/** /24 and /64: the usual size of one segment. */
function clientNetworks(clients: readonly string[]): ClientNetworks {
  const networks = withoutContained(
    clients.flatMap((text): Network[] => {
      const network = parseNetwork(`${text}/${text.includes(':') ? 64 : 24}`);
      return network === null ? [] : [network];
    }),
  ).slice(0, MOST_NETWORKS);
  return {
    inside: networks.filter(({ address }) => isPrivate(address)),
    outside: networks.filter(({ address }) => !isPrivate(address)),
  };
}

function networkLines(name: string, networks: readonly Network[]): string[] {
  return networks.length === 0 ? [] : [`  ${name}: [${networks.map(formatNetwork).map(quote).join(', ')}]`];
}

function clientNames({ inside, outside }: ClientNetworks): string[] {
  const names = [...(inside.length > 0 ? ['inside'] : []), ...(outside.length > 0 ? ['outside'] : [])];
  return names.length === 0 ? ['inside'] : names;
}

function multicastRows(flows: readonly SeenFlow[]): string[] {
  const streams = flows.filter(
    ({ isMulticast, protocol, port }) => isMulticast && port > 0 && protocol !== null && MULTICAST_MEDIA.has(protocol),
  );
  const unique = new Map(streams.map((flow) => [`${flow.initiator} ${flow.responder} ${flow.port}`, flow]));
  return [...unique.values()].slice(0, MOST_SERVERS).map(({ protocol, initiator, responder, port }, i) => {
    const name = protocol === 'mpegts' ? 'MPEG-TS' : (protocol ?? '').toUpperCase();
    return `  - { id: multicast-${i + 1}, protocol: ${name}, transport: udp, ports: ${portPair(port, protocol)}, from: ${quote(initiator)}, to: ${quote(responder)} }`;
  });
}

/** RTCP goes to the port after that of RTP. */
function portPair(port: number, protocol: string | null): string {
  return protocol === 'rtp' && port < 65535 ? `${port}-${port + 1}` : `${port}`;
}

/** IPv6 addresses hold colons, which YAML takes for keys. */
function quote(address: string): string {
  return address.includes(':') ? `'${address}'` : address;
}
