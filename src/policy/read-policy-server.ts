/** One server of a policy: its addresses, its roles, who may use it. */

import type { Network } from '../format/address.ts';
import { MULTICAST_SIDE } from './expand-roles.ts';
import type { NameTable } from './policy-names.ts';
import { type Entry, type Place, type PolicyText, short } from './policy-text.ts';
import { type PortOverrides, readPorts } from './read-policy-ports.ts';
import type { PolicySide, SiteServer } from './site-policy.ts';
import { findRole, PEERS, type Peer, ROLES, rowsOfRole } from './site-roles.ts';

const SERVER_KEYS = ['address', 'roles', ...PEERS, 'groups', 'ports', 'viewers', 'processes', 'windows-media'] as const;

export interface ServerEntry {
  readonly server: SiteServer;
  readonly peers: Partial<Record<Peer, PolicySide>>;
  readonly groups: PolicySide;
  readonly ports: PortOverrides;
}

type Fields = ReadonlyMap<string, Entry>;

/** Defines the server's name; what it returns reads the rest, once all names are defined. */
export function readServer(source: PolicyText, entry: Entry, names: NameTable): () => ServerEntry {
  const what = `server ${short(entry.key)}`;
  const fields = source.fields(entry, what, SERVER_KEYS);
  const addresses = source.items(fields.get('address'));
  const networks = addresses.flatMap((item): Network[] => {
    const network = names.network(item, 'address');
    return network === null ? [] : [network];
  });
  if (addresses.length === 0) source.wrong(entry.keyOffset, `${what} needs 'address'`);
  names.define(entry, 'server', { label: entry.key, networks });
  return () => {
    const server: SiteServer = {
      name: entry.key,
      networks,
      roles: readRoles(source, entry, fields.get('roles')),
      windowsMedia: readChoice(source, fields.get('windows-media')),
      viewers: readCount(source, fields.get('viewers'), 'viewers'),
      processes: readCount(source, fields.get('processes'), 'processes'),
    };
    const groups = fields.get('groups');
    return {
      server,
      peers: readPeers(source, entry, fields, server, names),
      groups: groups === undefined ? MULTICAST_SIDE : names.side(groups, 'groups'),
      ports: readPorts(source, fields.get('ports')),
    };
  };
}

function readRoles(source: PolicyText, entry: Entry, place: Place | undefined): string[] {
  const all = ROLES.map(({ id }) => id);
  if (place === undefined) source.wrong(entry.keyOffset, `server ${short(entry.key)} needs 'roles': ${all.join(', ')}`);
  const roles = source.items(place).map((item) => source.choice(item, 'role', all));
  return [...new Set(roles.filter((role) => role !== null))];
}

function readChoice(source: PolicyText, place: Place | undefined): SiteServer['windowsMedia'] {
  if (place === undefined) return '9';
  return source.choice(place, 'windows-media', ['9', '4.1']) ?? '9';
}

const MOST_COUNTED = 60_000;

function readCount(source: PolicyText, place: Place | undefined, what: string): number | null {
  if (place === undefined) return null;
  const text = source.word(place, what);
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_COUNTED) return count;
  if (text !== null) source.wrong(place, `${what} must be a whole number from 1 to ${MOST_COUNTED}`);
  return null;
}

/** Whoever a role serves besides the site's clients must be named: a default would open ports for everybody. */
function readPeers(
  source: PolicyText,
  entry: Entry,
  fields: Fields,
  server: SiteServer,
  names: NameTable,
): Partial<Record<Peer, PolicySide>> {
  const peers: Partial<Record<Peer, PolicySide>> = {};
  for (const peer of PEERS) {
    const place = fields.get(peer);
    if (place !== undefined) peers[peer] = names.side(place, peer);
    else if (peer !== 'clients') {
      const role = server.roles.find((id) => needsPeer(id, server, peer));
      if (role !== undefined) {
        source.wrong(entry.keyOffset, `role ${role} of ${entry.key} needs '${peer}': who they are, or [] for nobody`);
      }
    }
  }
  return peers;
}

function needsPeer(id: string, { windowsMedia }: SiteServer, peer: Peer): boolean {
  const role = findRole(id);
  return role !== null && rowsOfRole(role, windowsMedia).some((row) => row.peer === peer);
}
