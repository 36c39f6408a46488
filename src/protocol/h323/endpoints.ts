/** Transport addresses and aliases of H.225.0 and H.245 as endpoints and text. */

import { formatAddress } from '../../format/address.ts';
import { formatEndpoint } from '../../format/endpoint.ts';
import type {
  AliasAddress,
  EndpointType,
  TransportAddress as H225TransportAddress,
  VendorIdentifier,
} from './h225-elements.ts';
import type { TransportAddress as H245TransportAddress } from './h245-elements.ts';

/** Where one side listens. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly isMulticast: boolean;
}

/** Null for what is no IP endpoint; an address or a port of zeros says that nobody listens. */
export function listenerOfH225(address: H225TransportAddress | undefined): Listener | null {
  const ip = address?.ipAddress ?? address?.ip6Address ?? address?.ipSourceRoute;
  return listener(ip?.ip, ip?.port, false);
}

export function listenerOfH245(address: H245TransportAddress | undefined): Listener | null {
  const unicast = address?.unicastAddress;
  const multicast = address?.multicastAddress;
  const group = multicast?.iPAddress ?? multicast?.iP6Address;
  const ip = group ?? unicast?.iPAddress ?? unicast?.iP6Address ?? unicast?.iPSourceRouteAddress;
  return listener(ip?.network, ip?.tsapIdentifier, group !== undefined);
}

function listener(ip: Uint8Array | undefined, port: number | undefined, isMulticast: boolean): Listener | null {
  if (ip === undefined || !port || ip.every((byte) => byte === 0)) return null;
  return { address: formatAddress(ip), port, isMulticast };
}

/** Empty when there is none. */
export function listenerText(listener: Listener | null): string {
  return listener === null ? '' : formatEndpoint(listener.address, listener.port);
}

/** The name or number of an alias; empty for kinds that say nothing to people. */
function aliasText(alias: AliasAddress): string {
  const party = alias.partyNumber;
  return (
    alias['h323-ID'] ??
    alias.dialledDigits ??
    alias['url-ID'] ??
    alias['email-ID'] ??
    party?.e164Number?.publicNumberDigits ??
    party?.privateNumber?.privateNumberDigits ??
    listenerText(listenerOfH225(alias.transportID))
  );
}

export function aliasesText(aliases: readonly AliasAddress[] | undefined): string {
  const texts = (aliases ?? []).map(aliasText).filter((text) => text !== '');
  return texts.join(', ');
}

/** Product and version as the vendor wrote them, or its T.35 numbers where it wrote nothing. */
export function vendorText(vendor: VendorIdentifier | undefined): string {
  if (vendor === undefined) return '';
  const words = [vendor.productId, vendor.versionId].map(octetText).filter((text) => text !== '');
  if (words.length > 0) return words.join(' ');
  const { t35CountryCode = 0, t35Extension = 0, manufacturerCode = 0 } = vendor.vendor ?? {};
  return `T.35 vendor ${t35CountryCode}/${t35Extension}/${manufacturerCode}`;
}

export function productText(endpoint: EndpointType | undefined): string {
  return vendorText(endpoint?.vendor);
}

/** Some fill these fields up with NUL. */
function octetText(octets: Uint8Array | undefined): string {
  return Buffer.from(octets ?? [])
    .toString('latin1')
    .replaceAll('\0', '')
    .trim();
}
