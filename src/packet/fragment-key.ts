/** What tells the fragments of one datagram from those of others: RFC 791 section 3.2, RFC 8200 section 4.5. */

import type { DecodedPacket } from './decoded-packet.ts';
import { HASH_SEED, hashWord } from './hash-word.ts';

/** IP version and protocol (IPv4 only), tunnel path, identification, source and destination of up to four words each. */
export const KEY_WORDS = 11;
const IDENTIFICATION = 2;
const SOURCE = 3;
const DESTINATION = 7;
const IPV6_ADDRESS_WORDS = 4;

/** `fragmentHeader`: offset of the IPv6 fragment header, unused for IPv4. */
export function writeFragmentKey(key: Int32Array, packet: DecodedPacket, fragmentHeader: number): void {
  const view = packet.view;
  const isIpv4 = packet.ipVersion === 4;
  const words = isIpv4 ? 1 : IPV6_ADDRESS_WORDS;
  key.fill(0);
  // In IPv6 the fragments may name different next headers.
  key[0] = isIpv4 ? (4 << 8) | packet.transport : 6 << 8;
  key[1] = packet.tunnel;
  key[IDENTIFICATION] = isIpv4 ? packet.ipId : view.getInt32(fragmentHeader + 4);
  for (let i = 0; i < words; i++) {
    key[SOURCE + i] = view.getInt32(packet.sourceAddress + 4 * i);
    key[DESTINATION + i] = view.getInt32(packet.destinationAddress + 4 * i);
  }
}

export function isSameKey(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < KEY_WORDS; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

export function hashKey(key: Int32Array): number {
  let hash = HASH_SEED;
  for (let i = 0; i < KEY_WORDS; i++) hash = hashWord(hash, key[i] ?? 0);
  return hash >>> 0;
}
