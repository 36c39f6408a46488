/**
 * Addresses whose first bits say what they are for: private, multicast, link-local and so on. A pseudonym keeps these bits,
 * so that a private address stays private and nothing else becomes so. (IANA special-purpose and multicast registries.)
 */

import { type Network, parseNetwork } from '../../format/address.ts';

/** Everything behind the prefix is a secret. */
const CLASSES = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/4',
  '224.2.0.0/16',
  '232.0.0.0/8',
  '233.0.0.0/8',
  '234.0.0.0/8',
  '239.192.0.0/14',
  '239.255.0.0/16',
  '240.0.0.0/4',
  '::/8',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '2000::/3',
  '2002::/16',
  'fc00::/8',
  'fd00::/8',
  'fe80::/64',
];

/** The same for everybody, so no secret at all: loopback, all hosts, the groups of NTP, SAP, mDNS and their like. */
const WELL_KNOWN = [
  '0.0.0.0',
  '127.0.0.1',
  '224.0.0.0/23',
  '224.2.127.254/31',
  '239.195.255.255',
  '239.255.255.240/28',
  '255.255.255.255',
  '::',
  '::1',
];

/** IPv6 groups keep flags and scope (RFC 4291 section 2.7). */
const IPV6_GROUP_BITS = 16;
/** Solicited-node groups, and the permanent groups, whose number stands in the last 32 bits. */
const SOLICITED_NODE = networksOf(['ff02::1:ff00:0/104']);
const PERMANENT_GROUPS = networksOf(Array.from({ length: 16 }, (_, scope) => `ff0${scope.toString(16)}::/96`));

const CLASS_NETWORKS = networksOf(CLASSES);
const WELL_KNOWN_NETWORKS = [...networksOf(WELL_KNOWN), ...PERMANENT_GROUPS];

/**
 * How many of an address' first bits its pseudonym has to keep, given networks that stay as they are besides. What lies
 * beside a kept network keeps the bits that they share, and one more: else a pseudonym could be an address of that network.
 */
export function countKeptBits(address: Uint8Array, kept: readonly Network[]): number {
  let bits = address.length === 16 && address[0] === 0xff ? IPV6_GROUP_BITS : 0;
  for (const network of CLASS_NETWORKS) bits = Math.max(bits, bitsBeside(address, network, false));
  for (const network of SOLICITED_NODE) bits = Math.max(bits, bitsBeside(address, network, false));
  for (const network of WELL_KNOWN_NETWORKS) bits = Math.max(bits, bitsBeside(address, network, true));
  for (const network of kept) bits = Math.max(bits, bitsBeside(address, network, true));
  return bits;
}

function bitsBeside(address: Uint8Array, network: Network, isWhollyKept: boolean): number {
  if (network.address.length !== address.length) return 0;
  const shared = Math.min(countSharedBits(address, network.address), network.prefixLength);
  if (shared === network.prefixLength) return isWhollyKept ? address.length * 8 : shared;
  return shared + 1;
}

function countSharedBits(one: Uint8Array, other: Uint8Array): number {
  for (let i = 0; i < one.length; i++) {
    const difference = (one[i] ?? 0) ^ (other[i] ?? 0);
    if (difference !== 0) return 8 * i + Math.clz32(difference) - 24;
  }
  return one.length * 8;
}

function networksOf(texts: readonly string[]): Network[] {
  return texts.flatMap((text) => parseNetwork(text) ?? []);
}
