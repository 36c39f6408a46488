/** Reads a site's policy from its YAML text: every name is looked up, every number bounded, nothing unknown is passed over. */

import { rulesOfServer } from './expand-roles.ts';
import { NameTable } from './policy-names.ts';
import { type Entry, PolicyText, short } from './policy-text.ts';
import { readPorts } from './read-policy-ports.ts';
import { readOwnRows } from './read-policy-rows.ts';
import { readServer, type ServerEntry } from './read-policy-server.ts';
import type { PolicySide, SitePolicy } from './site-policy.ts';

const POLICY_KEYS = ['name', 'networks', 'clients', 'servers', 'ports', 'rows', 'exceptions'] as const;

const MOST_RULES = 5000;

/** Throws a `PolicyError` that names every mistake. */
export function readSitePolicy(text: string): SitePolicy {
  const source = new PolicyText(text);
  const fields = source.fields(source.root, 'the policy', POLICY_KEYS);
  if (fields.size === 0) source.wrong(source.root, `the policy is empty: it may have ${POLICY_KEYS.join(', ')}`);
  const title = fields.get('name');
  const name = title === undefined ? null : source.word(title, 'name');
  const names = new NameTable(source);
  const networks = readNetworks(source, fields.get('networks'), names);
  const servers = readServers(source, fields.get('servers'), names);
  const clients = names.side(fields.get('clients'), 'clients');
  const ports = readPorts(source, fields.get('ports'));
  const rules = servers.flatMap((entry) =>
    rulesOfServer(entry.server, {
      peers: { clients, ...entry.peers },
      groups: entry.groups,
      cluster: clusterAround(entry, servers),
      ports: new Map([...ports.forServer(entry.server), ...entry.ports.forServer(entry.server)]),
    }),
  );
  const own = readOwnRows(source, fields, names);
  const all = [...own, ...rules];
  if (all.length > MOST_RULES) source.wrong(source.root, `more than ${MOST_RULES} rules: split the policy by site`);
  source.throwProblems();
  return {
    name: name === null ? null : short(name),
    networks,
    servers: servers.map(({ server }) => server),
    rules: all,
  };
}

function readNetworks(source: PolicyText, place: Entry | undefined, names: NameTable): PolicySide[] {
  if (place === undefined) return [];
  return source.entries(place, 'networks', null).map((entry) => {
    const { networks } = names.side(entry, `network ${short(entry.key)}`);
    if (source.items(entry).length === 0) {
      source.wrong(entry, `network '${short(entry.key)}' needs addresses, such as 10.0.0.0/8`);
    }
    const side = { label: entry.key, networks };
    names.define(entry, 'network', side);
    return side;
  });
}

function readServers(source: PolicyText, place: Entry | undefined, names: NameTable): ServerEntry[] {
  if (place === undefined) return [];
  const entries = source.entries(place, 'servers', null);
  // Names first: a server may name another one that stands below it.
  const read = entries.map((entry) => readServer(source, entry, names));
  return read.map((finish) => finish());
}

/** The other content servers. */
function clusterAround(entry: ServerEntry, servers: readonly ServerEntry[]): PolicySide {
  const others = servers.filter((other) => other !== entry && other.server.roles.includes('content-server-cluster'));
  return { label: 'cluster', networks: others.flatMap(({ server }) => server.networks) };
}
