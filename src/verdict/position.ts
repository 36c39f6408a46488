/** Where the capture point lies between two hosts, as far as TTLs and MACs tell. */

import type { Sighting } from '../flow/mac-table.ts';
import type { CaptureCase } from './flow-case.ts';

/** Values that operating systems start from; a unicast packet that still has one has not passed a router. */
export const INITIAL_TTLS: readonly number[] = [64, 128, 255];

/** Routers between the sender of a packet and here, for the smallest initial value that its TTL fits. */
export function hopsOf(ttl: number): number {
  return (INITIAL_TTLS.find((initial) => initial >= ttl) ?? ttl) - ttl;
}

/**
 * Whether a host is on the segment that was captured: its own packets still have their initial TTL. Null when it sent none
 * that tell.
 */
export function isOnSegment(address: string, capture: CaptureCase): boolean | null {
  const own = capture.hosts.host(address)?.ttls ?? [];
  if (own.length === 0) return null;
  return own.some((sighting) => INITIAL_TTLS.includes(sighting.ttl));
}

/** Whether two addresses are in one /24 or /64: then both are probably on one segment. */
export function areNear(one: string, other: string): boolean {
  const separator = one.includes(':') ? ':' : '.';
  const count = separator === ':' ? 4 : 3;
  const head = (address: string): string => address.split(separator).slice(0, count).join(separator);
  return head(one) === head(other);
}

/** What shows that a router passes packets on, in words and with its frame. */
export interface RouterSighting extends Sighting {
  readonly fact: string;
}

/** Evidence that a router passed this host's packets on; null when there is none. */
export function findRouterBefore(address: string, capture: CaptureCase): RouterSighting | null {
  for (const id of capture.hosts.host(address)?.macs ?? []) {
    const mac = capture.hosts.macs.byId(id);
    if (mac === null) continue;
    if (mac.router !== null) {
      return { ...mac.router, fact: `MAC ${mac.mac} is a router's: ${mac.router.fact}` };
    }
    if (mac.resolved !== null && mac.resolved.address !== address && !address.includes(':')) {
      return { ...mac.resolved, fact: `MAC ${mac.mac} belongs to ${mac.resolved.address}` };
    }
  }
  return null;
}
