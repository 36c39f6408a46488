/** What multicast addresses mean: scopes and the well-known groups (IANA registries; RFC 5771, RFC 2365, RFC 4291). */

import { parseAddress } from './address.ts';

export interface GroupDescription {
  /** Name of a well-known group, null for others. */
  readonly name: string | null;
  /** How far packets to it may go, in words. */
  readonly scope: string;
  /** Control and discovery: ordinary background, no medium is expected there. */
  readonly isControl: boolean;
}

/** Groups whose names help; all are control or discovery. */
const WELL_KNOWN: ReadonlyMap<string, string> = new Map([
  ['224.0.0.1', 'all hosts'],
  ['224.0.0.2', 'all routers'],
  ['224.0.0.4', 'DVMRP routers'],
  ['224.0.0.5', 'OSPF routers'],
  ['224.0.0.6', 'OSPF designated routers'],
  ['224.0.0.9', 'RIPv2 routers'],
  ['224.0.0.10', 'EIGRP routers'],
  ['224.0.0.13', 'PIM routers'],
  ['224.0.0.18', 'VRRP'],
  ['224.0.0.22', 'IGMPv3 reports'],
  ['224.0.0.102', 'HSRPv2, GLBP'],
  ['224.0.0.107', 'PTP peer delay'],
  ['224.0.0.251', 'mDNS'],
  ['224.0.0.252', 'LLMNR'],
  ['224.0.1.1', 'NTP'],
  ['224.0.1.39', 'Cisco RP announce'],
  ['224.0.1.40', 'Cisco RP discovery'],
  ['224.0.1.41', 'H.323 gatekeeper discovery'],
  ['224.0.1.129', 'PTP'],
  ['224.2.127.254', 'SAP'],
  ['239.255.255.250', 'SSDP and WS-Discovery'],
  ['239.255.255.252', 'MZAP'],
  ['239.255.255.253', 'SLP'],
  ['239.255.255.254', 'MADCAP'],
  ['239.255.255.255', 'SAP, local scope'],
  ['239.195.255.255', 'SAP, organisation scope'],
]);

/** Last four hexadecimal groups of IPv6 ones, whatever their scope. */
const WELL_KNOWN_IPV6: ReadonlyMap<string, string> = new Map([
  ['1', 'all nodes'],
  ['2', 'all routers'],
  ['5', 'OSPF routers'],
  ['6', 'OSPF designated routers'],
  ['9', 'RIPng routers'],
  ['a', 'EIGRP routers'],
  ['c', 'SSDP and WS-Discovery'],
  ['d', 'PIM routers'],
  ['12', 'VRRP'],
  ['16', 'MLDv2 reports'],
  ['6a', 'all snoopers'],
  ['6b', 'PTP peer delay'],
  ['fb', 'mDNS'],
  ['101', 'NTP'],
  ['181', 'PTP'],
  ['1:2', 'DHCPv6 agents'],
  ['1:3', 'LLMNR'],
  ['2:7ffe', 'SAP'],
]);

const IPV6_SCOPES: Readonly<Record<string, string>> = {
  1: 'interface-local',
  2: 'link-local',
  3: 'realm-local',
  4: 'admin-local',
  5: 'site-local',
  8: 'organisation-local',
  e: 'global',
};

/** `group` in canonical text. */
export function describeGroup(group: string): GroupDescription {
  if (group.includes(':')) return describeIpv6(group);
  const name = WELL_KNOWN.get(group) ?? null;
  const [first = 0, second = 0, third = 0] = parseAddress(group) ?? [];
  const isControlBlock = first === 224 && second === 0 && third <= 1;
  return { name, scope: ipv4Scope(first, second, third), isControl: name !== null || isControlBlock };
}

function ipv4Scope(first: number, second: number, third: number): string {
  if (first === 224 && second === 0 && third === 0) return 'link-local control';
  if (first === 224 && second === 0 && third === 1) return 'internetwork control';
  if (first === 232) return 'source-specific';
  if (first === 233) return 'GLOP';
  if (first === 234) return 'unicast-prefix based';
  if (first !== 239) return 'global';
  if (second === 255) return 'administrative, local';
  return second >= 192 && second <= 195 ? 'administrative, organisation' : 'administrative';
}

function describeIpv6(group: string): GroupDescription {
  const scope = IPV6_SCOPES[group[3] ?? ''] ?? 'reserved scope';
  const isPermanent = /^ff0[0-9a-f]::/.test(group);
  const name = isPermanent ? (WELL_KNOWN_IPV6.get(group.slice(6)) ?? null) : null;
  // Solicited-node groups (RFC 4291 section 2.7.1) belong to neighbour discovery.
  const isSolicitedNode = group.startsWith('ff02::1:ff');
  return { name: isSolicitedNode ? 'solicited node' : name, scope, isControl: name !== null || isSolicitedNode };
}
