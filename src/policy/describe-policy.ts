/** A policy in words: what each server may do, and what its author should know. */

import { formatNetwork } from '../format/address.ts';
import { counted } from '../format/count.ts';
import { describePorts } from './catalogue.ts';
import type { SitePolicy, SiteRule, SiteServer } from './site-policy.ts';
import { findRole } from './site-roles.ts';

/** The day in UTC. */
export function formatDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

export function endedExceptions({ rules }: SitePolicy, now: number): SiteRule[] {
  return rules.filter(({ endsAt }) => endsAt !== null && endsAt <= now);
}

/** Lines; `now` in seconds since 1970. */
export function describePolicy(policy: SitePolicy, now: number): string[] {
  const own = policy.rules.filter(({ server }) => server === null);
  return [
    `${policy.name ?? 'The policy'} is valid: ${counted(policy.servers.length, 'server')}, ${counted(policy.rules.length, 'rule')}.`,
    ...policy.servers.flatMap((server) => ['', ...describeServer(policy, server)]),
    ...(own.length === 0 ? [] : ['', 'Rows of the site', ...own.map(describeRule)]),
    ...notesOn(policy, now),
  ];
}

function describeServer({ rules }: SitePolicy, server: SiteServer): string[] {
  const roles = server.roles.map((id) => `${id} (${findRole(id)?.summary ?? ''})`);
  return [
    `${server.name}, ${server.networks.map(formatNetwork).join(', ')}: ${roles.join('; ')}`,
    ...rules.filter((rule) => rule.server === server.name).map(describeRule),
  ];
}

/** `  TCP 554 from inside to wms: RTSP (wms/wms9-rtsp)`. */
function describeRule({ id, row, transports, opener, acceptor, ports, portEnd, permission, group }: SiteRule): string {
  const what = `${transports.join('/').toUpperCase()} ${describePorts(ports)}`;
  const owner = portEnd === 'acceptor' ? '' : portEnd === 'opener' ? ` of ${opener.label}` : ' of either side';
  const closed = permission === 'never' ? 'closed: ' : '';
  const choice = group === null ? '' : `, one of ${group}`;
  return `  ${closed}${what}${owner} from ${opener.label} to ${acceptor.label}: ${row.protocol} (${id}${choice})`;
}

/** A range this wide is worth narrowing. */
const WIDE_PORTS = 1000;

function notesOn(policy: SitePolicy, now: number): string[] {
  const notes = [
    ...endedExceptions(policy, now).map(
      ({ id, endsAt }) =>
        `Exception ${id} ended on ${formatDay((endsAt ?? 0) - 1)}: it permits nothing; take it out or renew it.`,
    ),
    ...policy.servers
      .filter(({ name }) => !policy.rules.some(({ server }) => server === name))
      .map(
        ({ name }) =>
          `${name} has no rules: say under 'clients' who may use it, or give its roles the ports that they need.`,
      ),
    ...policy.rules
      .filter(({ ports, row }) => ports.last - ports.first >= WIDE_PORTS && row.portOf !== 'group')
      .map(
        ({ id, row, ports }) =>
          `${id} spans ${describePorts(ports)}: only proven ${row.protocol} is taken as permitted there. Set a narrower range under 'ports'.`,
      ),
  ];
  return notes.length === 0 ? [] : ['', 'To know', ...notes.map((note) => `  ${note}`)];
}
