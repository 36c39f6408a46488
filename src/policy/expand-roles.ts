/** From a server and its roles to rules: which end begins, whose port it is, who is at the other end. */

import { type Network, parseNetwork } from '../format/address.ts';
import { findRow } from './catalogue.ts';
import type { PortRange, PortRow } from './port-row.ts';
import type { PolicySide, SiteRule, SiteServer } from './site-policy.ts';
import { findRole, type Peer, type RoleRow, rowsOfRole } from './site-roles.ts';
import { STANDARD_ROWS } from './standard-rows.ts';

const STANDARD = new Map(STANDARD_ROWS.map((row) => [row.id, row]));

/** A row of the catalogue or of a standard. */
export function findRoleRow(id: string): PortRow | null {
  return findRow(id) ?? STANDARD.get(id) ?? null;
}

/** The document names no transport for what the site configures. */
const SITE_TRANSPORTS: Readonly<Record<string, readonly ('tcp' | 'udp')[]>> = {
  'cs-h323-range': ['tcp', 'udp'],
  'cs-network-pull': ['tcp'],
  'cs-streaming-range': ['udp'],
};

/** Multicast of both families, for rows whose groups the site does not name. */
export const MULTICAST_SIDE: PolicySide = { label: 'multicast', networks: networks('224.0.0.0/4', 'ff00::/8') };
export const ANY_SIDE: PolicySide = { label: 'any', networks: networks('0.0.0.0/0', '::/0') };

/** Endpoints ask all gatekeepers by this group (H.225.0 annex D). */
const GATEKEEPER_GROUP = networks('224.0.1.41');

function networks(...texts: string[]): Network[] {
  return texts.map(parseNetwork).filter((network) => network !== null);
}

/** What a server's rules are made of besides the server itself. */
export interface ServerSurroundings {
  readonly peers: Readonly<Partial<Record<Peer, PolicySide>>>;
  readonly groups: PolicySide;
  readonly cluster: PolicySide;
  /** Ports that the site has set, by row. */
  readonly ports: ReadonlyMap<string, PortRange>;
}

export function rulesOfServer(server: SiteServer, around: ServerSurroundings): SiteRule[] {
  const side: PolicySide = { label: server.name, networks: server.networks };
  const rules: SiteRule[] = [];
  for (const role of server.roles.map(findRole)) {
    if (role === null) continue;
    for (const need of rowsOfRole(role, server.windowsMedia)) {
      const rule = ruleOfRow(need, server, side, around);
      if (rule !== null && !rules.some(({ id }) => id === rule.id)) rules.push(rule);
    }
  }
  return rules;
}

/** Null for a port that the site has to set and has not, and where nobody is at the other end. */
function ruleOfRow(need: RoleRow, server: SiteServer, side: PolicySide, around: ServerSurroundings): SiteRule | null {
  const row = findRoleRow(need.row);
  const ports = around.ports.get(need.row) ?? row?.ports ?? null;
  const peer = peerOf(need, around);
  if (row === null || ports === null || peer.networks.length === 0) return null;
  return {
    id: `${server.name}/${row.id}${need.suffix === undefined ? '' : `-${need.suffix}`}`,
    row,
    server: server.name,
    transports: SITE_TRANSPORTS[row.id] ?? row.transports,
    ...sidesOf(row, need, side, peer, around.groups),
    ports,
    permission: row.openOnFirewall === 'no' && need.peer === 'any' ? 'never' : 'permit',
    group: need.group === undefined ? null : `${server.name}/${need.group}`,
    endsAt: null,
  };
}

function peerOf({ peer }: RoleRow, { peers, cluster }: ServerSurroundings): PolicySide {
  if (peer === 'any') return ANY_SIDE;
  return peer === 'cluster' ? cluster : (peers[peer] ?? { label: peer, networks: [] });
}

type Sides = Pick<SiteRule, 'opener' | 'acceptor' | 'portEnd' | 'isBothWays'>;

function sidesOf(row: PortRow, need: RoleRow, server: PolicySide, peer: PolicySide, groups: PolicySide): Sides {
  const toPeer: Sides = { opener: server, acceptor: peer, portEnd: 'acceptor', isBothWays: false };
  const toServer: Sides = { opener: peer, acceptor: server, portEnd: 'acceptor', isBothWays: false };
  if (need.isTowardPeer === true) return toPeer;
  switch (row.portOf) {
    case 'client':
    case 'encoder':
    case 'origin server':
      return toPeer;
    case 'distribution server':
      return toServer;
    case 'group':
      return { ...toPeer, opener: row.direction === 'in' ? peer : server, acceptor: groups };
    case 'either side':
      return { ...toServer, portEnd: 'either', isBothWays: true };
    case 'server':
      break;
  }
  if (row.protocol === 'H.323 gatekeeper discovery') {
    return { ...toServer, acceptor: { ...server, networks: [...server.networks, ...GATEKEEPER_GROUP] } };
  }
  // On TCP `in/out` is one connection that the other end opens; only over UDP may the server speak first.
  if (row.transports.includes('tcp') || row.direction === 'in') {
    return { ...toServer, isBothWays: row.direction === null && row.transports.includes('udp') };
  }
  return row.direction === 'out' ? { ...toPeer, portEnd: 'opener' } : { ...toServer, isBothWays: true };
}
