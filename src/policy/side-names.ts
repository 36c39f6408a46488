/** What the policy of a site calls an address: its servers and its networks by their names. */

import { networkContains, parseAddress } from '../format/address.ts';
import type { SitePolicy } from './site-policy.ts';

/** Null for an address that has no name, and for what is none. */
export type SideNames = (address: string) => string | null;

export const NO_NAMES: SideNames = () => null;

/** A server or a network, and what it lies in: more would be a list and no name. */
const MOST_LABELS = 2;

/** The narrowest first: `wms in dmz`. */
export function sideNames(policy: SitePolicy | null | undefined): SideNames {
  if (policy == null) return NO_NAMES;
  const sides = [...policy.servers.map(({ name, networks }) => ({ label: name, networks })), ...policy.networks];
  return (text) => {
    const address = parseAddress(text);
    if (address === null) return null;
    const labels = sides
      .flatMap(({ label, networks }) =>
        networks
          .filter((network) => networkContains(network, address))
          .map(({ prefixLength }) => ({ label, prefixLength })),
      )
      .toSorted((a, b) => b.prefixLength - a.prefixLength)
      .map(({ label }) => label);
    return labels.length === 0 ? null : [...new Set(labels)].slice(0, MOST_LABELS).join(' in ');
  };
}
