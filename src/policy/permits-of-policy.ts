/** The least set of permits that a site's policy needs. */

import { isMulticast, type Network } from '../format/address.ts';
import { describeSource } from './catalogue.ts';
import { type DcomSettings, type Helper, leastPermits, type Permit, type RuleSet } from './permit.ts';
import type { PortRange } from './port-row.ts';
import { portsToOpen, sizedRange } from './port-sizing.ts';
import type { SitePolicy, SiteRule, SiteServer } from './site-policy.ts';

/** Most at once that a capture shows; 0 where it shows none. */
export interface ObservedAtOnce {
  readonly mmsu: number;
  readonly dcom: number;
}

/** `now` in seconds since 1970: exceptions that have ended permit nothing. */
export function permitsOfPolicy(policy: SitePolicy, observed: ObservedAtOnce, now: number): RuleSet {
  const servers = new Map(policy.servers.map((server) => [server.name, server]));
  const notes = new Set<string>();
  const dcom = new Map<string, DcomSettings>();
  const groupsOpened = new Map<string, string>();
  const permits: Permit[] = [];
  for (const rule of policy.rules) {
    if (rule.permission === 'never' || (rule.endsAt !== null && rule.endsAt <= now)) continue;
    const server = servers.get(rule.server ?? '') ?? null;
    const sized = sizeOf(rule, server, observed);
    if (sized.note !== null) notes.add(sized.note);
    if (isDcom(rule) && server !== null) {
      dcom.set(server.name, { server: server.name, version: server.windowsMedia, ports: sized.ports });
    }
    permits.push(...permitsOfRule(rule, sized.ports, alternativeOf(rule, groupsOpened)));
  }
  for (const note of generalNotes(policy)) notes.add(note);
  return {
    title: policy.name ?? 'policy of the site',
    permits: leastPermits(permits),
    notes: [...notes],
    windowsServers: policy.servers
      // The document of 4.1 knows no exception for a program.
      .filter(({ roles, windowsMedia }) => windowsMedia === '9' && roles.some(isWindowsMedia))
      .map(({ name }) => name),
    dcom: [...dcom.values()],
  };
}

function isWindowsMedia(role: string): boolean {
  return role.startsWith('windows-media-');
}

/** The first of a group is enough; `opened` has it by group. */
function alternativeOf({ id, group }: SiteRule, opened: Map<string, string>): string | null {
  if (group === null) return null;
  const first = opened.get(group);
  if (first !== undefined) return `instead of ${first} or besides it`;
  opened.set(group, id);
  return null;
}

function permitsOfRule(rule: SiteRule, ports: PortRange, alternative: string | null): Permit[] {
  const { opener, acceptor, portEnd, isBothWays, id, row, transports } = rule;
  return transports.flatMap((transport): Permit[] => {
    const base = { transport, rules: [id], what: `${row.protocol}, ${describeSource(row)}`, alternative };
    const forward: Permit = {
      ...base,
      from: opener.networks,
      to: acceptor.networks,
      fromPorts: portEnd === 'opener' ? ports : null,
      toPorts: portEnd === 'opener' ? null : ports,
      helper: helperOf(rule, transport),
    };
    if (transport === 'tcp' && row.protocol === 'RTSP') return [forward, ...agreedMedia(rule, forward)];
    if (transport === 'tcp' || !isBothWays || REQUESTS_ONLY.has(row.protocol)) return [forward];
    // Whoever speaks first, it is the server's port that the other end answers to.
    const back: Permit = {
      ...forward,
      from: acceptor.networks,
      to: opener.networks,
      fromPorts: ports,
      toPorts: null,
      helper: null,
    };
    return [forward, back];
  });
}

/** Nothing but answers comes back, which a stateful firewall lets through. */
const REQUESTS_ONLY: ReadonlySet<string> = new Set(['RPC', 'DCOM', 'SNMP', 'H.323 gatekeeper discovery']);

/** Windows Media servers send from 5004, which has a row of its own; other servers agree upon ports with the player. */
function agreedMedia({ row, id }: SiteRule, control: Permit): Permit[] {
  if (row.id.startsWith('wms')) return [];
  return [
    {
      ...control,
      transport: 'udp',
      from: control.to,
      to: control.from,
      toPorts: AGREED_PORTS,
      rules: [id],
      what: 'RTP and RTCP on ports that RTSP agrees upon',
      helper: null,
      alternative: 'only without a helper for RTSP, and for players that cannot take media inside RTSP',
    },
  ];
}

const AGREED_PORTS: PortRange = { first: 1024, last: 65535 };

function helperOf({ row }: SiteRule, transport: 'tcp' | 'udp'): Helper | null {
  if (row.protocol === 'RTSP' && transport === 'tcp') return 'rtsp';
  if (row.protocol === 'H.323 Q.931' && transport === 'tcp') return 'h323-call';
  return row.protocol === 'H.323 RAS' ? 'h323-ras' : null;
}

function isDcom({ row }: SiteRule): boolean {
  return row.protocol === 'DCOM' && row.ports !== null && row.ports.first !== row.ports.last;
}

const MMSU_ROWS: ReadonlySet<string> = new Set(['wms9-mmsu', 'wms41-udp-data']);
/** The example of both documents: ten ports from here. */
const DCOM_EXAMPLE: PortRange = { first: 3001, last: 3010 };
/** "Port 8080 is used by default." */
const ENCODER_PORT: PortRange = { first: 8080, last: 8080 };

interface Sized {
  readonly ports: PortRange;
  readonly note: string | null;
}

/** Ports that the site has set stand; a dynamic range of the tables shrinks to what is expected of it. */
function sizeOf(rule: SiteRule, server: SiteServer | null, observed: ObservedAtOnce): Sized {
  const { row, ports, id } = rule;
  if (ports !== row.ports) return { ports, note: null };
  const say = (expected: number, what: string, from: string): string =>
    `${id}: ${portsToOpen(expected)} ports for ${expected} ${what} ${from} and 10 percent more.`;
  if (MMSU_ROWS.has(row.id)) {
    const expected = server?.viewers ?? observed.mmsu;
    if (expected === 0) {
      return {
        ports,
        note: `${id}: the whole range, because neither 'viewers' nor a capture says how many ports are needed.`,
      };
    }
    const from = server?.viewers == null ? 'seen at once' : 'expected';
    return {
      ports: sizedRange(ports, expected),
      note: `${say(expected, 'viewers', from)} The player chooses the port: set the same range in its network options.`,
    };
  }
  if (isDcom(rule)) {
    const expected = server?.processes ?? observed.dcom;
    if (expected === 0)
      return {
        ports: DCOM_EXAMPLE,
        note: `${id}: the ten ports of the document's example; give 'processes' for a range of another size.`,
      };
    const from = server?.processes == null ? 'seen at once' : 'expected';
    return { ports: sizedRange(ports, expected, DCOM_EXAMPLE.first), note: say(expected, 'processes', from) };
  }
  return row.id === 'wms9-encoder-pull' ? { ports: ENCODER_PORT, note: null } : { ports, note: null };
}

/** Any address has groups among it too, and is not meant. */
function isGroups({ address, prefixLength }: Network): boolean {
  return prefixLength > 0 && isMulticast(address);
}

function generalNotes({ servers, rules }: SitePolicy): string[] {
  const notes: string[] = [];
  const hasRole = (role: string): boolean => servers.some(({ roles }) => roles.includes(role));
  if (hasRole('content-server')) {
    notes.push('A content server redirects requests for streams on port 80 to 8080: a player needs both.');
  }
  if (rules.some(({ acceptor }) => acceptor.networks.some(isGroups))) {
    notes.push('Multicast needs routers that forward it and IGMP between them; a permit alone brings no stream.');
  }
  if (rules.some(({ permission }) => permission === 'never')) {
    notes.push(
      'Ports marked closed have no permit here: a firewall that permits by default needs a rule against them.',
    );
  }
  return notes;
}
