/**
 * A search for endpoints in messages that could not be read to their end, because their encoder or their version is unknown.
 * It takes only what chance hardly makes: the same address twice, with the ports of RTP and RTCP. What it finds is a lower
 * confidence than what was read.
 */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import { formatIpv4 } from '../../format/address.ts';
import type { Listener } from './endpoints.ts';

/** Choice octets of an IPv4 address in H.245: unicast and multicast, each without additions. */
const UNICAST = 0x00;
const MULTICAST = 0x40;
/** Choice octet, address and port. */
const ENDPOINT_BYTES = 7;
const FIRST_USER_PORT = 1024;

/** Where media and their RTCP are received. */
export interface ScannedPair {
  readonly media: Listener;
  readonly control: Listener;
}

/** The first pair of endpoints that follow each other with one address and an even port before an odd one. */
export function scanMediaPair(bytes: Uint8Array): ScannedPair | null {
  for (let at = 0; at + 2 * ENDPOINT_BYTES <= bytes.length; at++) {
    const media = endpointAt(bytes, at);
    if (media === null || media.port % 2 === 1) continue;
    const control = endpointAt(bytes, at + ENDPOINT_BYTES);
    if (control?.address === media.address && control.port === media.port + 1) return { media, control };
  }
  return null;
}

/** An endpoint of H.225.0 whose address is one of those that are known to take part in the call. */
export function scanKnownHost(
  bytes: Uint8Array,
  start: number,
  end: number,
  hosts: ReadonlySet<string>,
): Listener | null {
  for (let at = start; at + ENDPOINT_BYTES <= end; at++) {
    // The choice may share its octet with the end of the field before it (a value below 0x10).
    if ((readUint8(bytes, at) & 0x0f) !== 0) continue;
    const listener = { address: formatIpv4(bytes, at + 1), port: readUint16(bytes, at + 5), isMulticast: false };
    if (listener.port >= FIRST_USER_PORT && hosts.has(listener.address)) return listener;
  }
  return null;
}

function endpointAt(bytes: Uint8Array, at: number): Listener | null {
  const selector = readUint8(bytes, at);
  if (selector !== UNICAST && selector !== MULTICAST) return null;
  const isGroup = readUint8(bytes, at + 1) >> 4 === 14;
  const port = readUint16(bytes, at + 5);
  if (port < FIRST_USER_PORT || isGroup !== (selector === MULTICAST) || readUint8(bytes, at + 1) === 0) return null;
  return { address: formatIpv4(bytes, at + 1), port, isMulticast: isGroup };
}
