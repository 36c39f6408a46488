/** Where the capture point lies between two hosts, as far as TTLs and MACs tell. */

import type { CaptureCase } from './flow-case.ts';

/** Values that operating systems start from; a unicast packet that still has one has not passed a router. */
export const INITIAL_TTLS: readonly number[] = [64, 128, 255];

/**
 * Whether a host is on the segment that was captured: its own packets still have their initial TTL. Null when it sent none
 * that tell.
 */
export function isOnSegment(address: string, capture: CaptureCase): boolean | null {
  const own = capture.hosts.host(address)?.ttls ?? [];
  if (own.length === 0) return null;
  return own.some((sighting) => INITIAL_TTLS.includes(sighting.ttl));
}

/** Evidence that a router passed this host's packets on, in words; null when there is none. */
export function findRouterBefore(
  address: string,
  capture: CaptureCase,
): { readonly fact: string; readonly frame: number } | null {
  const host = capture.hosts.host(address);
  for (const id of host?.macs ?? []) {
    const mac = capture.hosts.macs.byId(id);
    if (mac === null) continue;
    if (mac.router !== null) {
      return { fact: `MAC ${mac.mac} is a router's: ${mac.router.fact}`, frame: mac.router.frame };
    }
    if (mac.resolvedAs !== null && mac.resolvedAs !== address && !address.includes(':')) {
      return { fact: `MAC ${mac.mac} belongs to ${mac.resolvedAs}`, frame: host?.sent?.frame ?? 0 };
    }
  }
  return null;
}
