/** Wireshark display filters that show the packets of flows and groups, and no others. */

import type { FlowCase } from './flow-case.ts';

type FilteredFlow = Pick<FlowCase, 'transport' | 'initiator' | 'responder'>;

/** Of exactly this flow. */
export function flowFilter(flow: FilteredFlow): string {
  return filterOfFlows([flow])[0] ?? '';
}

/** Of all of them; what hosts have in common is said once, because people paste this into a field of one line. */
export function displayFilter(flows: readonly FilteredFlow[], groups: Iterable<string>): string {
  return [...filterOfFlows(flows), ...[...groups].map(groupFilter)].join(' || ');
}

function filterOfFlows(flows: readonly FilteredFlow[]): string[] {
  const portsByHosts = new Map<string, Set<string>>();
  for (const flow of flows) {
    const hosts = hostFilter(flow);
    const known = portsByHosts.get(hosts);
    const ports = portFilter(flow);
    if (known === undefined) portsByHosts.set(hosts, new Set([ports]));
    else known.add(ports);
  }
  return [...portsByHosts].map(([hosts, ports]) => {
    // Without ports, all of the hosts' packets of that kind are meant.
    if (ports.has('')) return `(${hosts})`;
    const [first, ...others] = ports;
    return `(${hosts} && ${others.length === 0 ? first : `(${[...ports].map((each) => `(${each})`).join(' || ')})`})`;
  });
}

function hostFilter({ initiator, responder }: FilteredFlow): string {
  const field = initiator.address.includes(':') ? 'ipv6.addr' : 'ip.addr';
  return `${field} == ${initiator.address} && ${field} == ${responder.address}`;
}

function portFilter({ transport, initiator, responder }: FilteredFlow): string {
  if (transport !== 'tcp' && transport !== 'udp') return '';
  return `${transport}.port == ${initiator.port} && ${transport}.port == ${responder.port}`;
}

function groupFilter(group: string): string {
  return group.includes(':') ? `ipv6.addr == ${group} || icmpv6` : `ip.addr == ${group} || igmp`;
}
