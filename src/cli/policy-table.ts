/** The rules of a policy for people and for programs. */

import { formatNetwork } from '../format/address.ts';
import { describePorts, describeSource } from '../policy/catalogue.ts';
import { formatDay } from '../policy/describe-policy.ts';
import type { PolicySide, SitePolicy, SiteRule } from '../policy/site-policy.ts';
import { alignColumns } from './align-columns.ts';

const HEAD = ['Id', 'Transport', 'Ports', 'Of', 'From', 'To', 'Protocol', 'Firewall', 'Source'];

export function policyTable({ rules }: SitePolicy): string {
  return `${alignColumns([HEAD, ...rules.map(cellsOf)]).join('\n')}\n`;
}

function cellsOf(rule: SiteRule): string[] {
  const { id, row, transports, ports, opener, acceptor, isBothWays } = rule;
  return [
    id,
    transports.join(','),
    describePorts(ports),
    ownerOf(rule),
    isBothWays && transports.includes('udp') ? `${opener.label} (or back)` : opener.label,
    acceptor.label,
    row.protocol,
    permissionOf(rule),
    describeSource(row),
  ];
}

function ownerOf({ portEnd, opener, acceptor }: SiteRule): string {
  if (portEnd === 'either') return 'either side';
  return portEnd === 'opener' ? opener.label : acceptor.label;
}

function permissionOf({ permission, group, endsAt }: SiteRule): string {
  if (permission === 'never') return 'closed';
  if (group !== null) return `one of ${group}`;
  return endsAt === null ? 'permit' : `until ${formatDay(endsAt - 1)}`;
}

export function policyAsJson({ name, networks, servers, rules }: SitePolicy): unknown {
  return {
    name,
    networks: networks.map(sideAsJson),
    servers: servers.map((server) => ({ ...server, networks: server.networks.map(formatNetwork) })),
    rules: rules.map(({ row, opener, acceptor, endsAt, ...rule }) => ({
      ...rule,
      from: sideAsJson(opener),
      to: sideAsJson(acceptor),
      until: endsAt === null ? null : formatDay(endsAt - 1),
      row: row.id,
      protocol: row.protocol,
      source: describeSource(row),
      note: row.note,
    })),
  };
}

function sideAsJson({ label, networks }: PolicySide): unknown {
  return { name: label, networks: networks.map(formatNetwork) };
}
