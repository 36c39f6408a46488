/**
 * IP headers with pseudonyms, in place: IPv4 (RFC 791) without what its options say, IPv6 (RFC 8200) without what its
 * extension headers say, with the checksums that follow from it.
 */

import { foldChecksum, sumWords, writeUint16 } from './checksum.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const IPV4_BYTES = 20;
const IPV4_CHECKSUM = 10;
const IPV4_ADDRESSES = [12, 16];
const IPV6_BYTES = 40;
const IPV6_ADDRESSES = [8, 24];
const NO_OPERATION = 1;
const PAD_N = 1;
const ROUTER_ALERT = [5, 2];

const EXTENSION = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destinationOptions: 60 } as const;

/** Of the address of `length` bytes at `offset`; what is there of one that is not whole is blanked. */
export function replaceAddress(bytes: Uint8Array, offset: number, length: number, pseudonyms: Pseudonyms): void {
  if (offset + length > bytes.length) bytes.fill(0, Math.min(offset, bytes.length));
  else bytes.set(pseudonyms.address(bytes.subarray(offset, offset + length)), offset);
}

/** `start` is that of a whole IPv4 header; `end` is where it ends. */
export function disguiseIpv4(bytes: Uint8Array, start: number, end: number, pseudonyms: Pseudonyms): void {
  for (const offset of IPV4_ADDRESSES) replaceAddress(bytes, start + offset, 4, pseudonyms);
  bytes.fill(NO_OPERATION, Math.min(start + IPV4_BYTES, end), end);
  writeUint16(bytes, start + IPV4_CHECKSUM, 0);
  writeUint16(bytes, start + IPV4_CHECKSUM, foldChecksum(sumWords(bytes, start, end)));
}

/** `start` is that of a whole IPv6 header; `end` is where its last extension header ends. */
export function disguiseIpv6(bytes: Uint8Array, start: number, end: number, pseudonyms: Pseudonyms): void {
  for (const offset of IPV6_ADDRESSES) replaceAddress(bytes, start + offset, 16, pseudonyms);
  let next = bytes[start + 6] ?? 0;
  let at = start + IPV6_BYTES;
  while (at + 8 <= end) {
    const length = next === EXTENSION.authentication ? ((bytes[at + 1] ?? 0) + 2) * 4 : ((bytes[at + 1] ?? 0) + 1) * 8;
    const headerEnd = next === EXTENSION.fragment ? at + 8 : Math.min(end, at + length);
    blankExtension(bytes, next, at, headerEnd);
    next = bytes[at] ?? 0;
    at = headerEnd;
  }
  bytes.fill(0, Math.min(at, end), end);
}

function blankExtension(bytes: Uint8Array, kind: number, start: number, end: number): void {
  switch (kind) {
    case EXTENSION.fragment:
      return;
    case EXTENSION.hopByHop:
    case EXTENSION.destinationOptions:
      padOptions(bytes, start + 2, end);
      return;
    case EXTENSION.routing:
      bytes.fill(0, start + 4, end);
      return;
    case EXTENSION.authentication:
      bytes.fill(0, Math.min(start + 12, end), end);
      return;
    default:
      bytes.fill(0, start + 2, end);
  }
}

/** A router alert stays: it makes membership reports what they are (RFC 2711). */
function padOptions(bytes: Uint8Array, start: number, end: number): void {
  const hasAlert = end - start >= 4 && bytes[start] === ROUTER_ALERT[0] && bytes[start + 1] === ROUTER_ALERT[1];
  const from = hasAlert ? start + 4 : start;
  if (end - from < 2) return;
  bytes[from] = PAD_N;
  bytes[from + 1] = end - from - 2;
  bytes.fill(0, from + 2, end);
}

/** The sum of the pseudo header over which TCP, UDP and ICMPv6 count (RFC 9293 section 3.1, RFC 8200 section 8.1). */
export function sumPseudoHeader(bytes: Uint8Array, ipStart: number, protocol: number, length: number): number {
  const isIpv4 = (bytes[ipStart] ?? 0) >> 4 === 4;
  const [from, until] = isIpv4 ? [12, IPV4_BYTES] : [8, IPV6_BYTES];
  return sumWords(bytes, ipStart + from, ipStart + until, protocol + length);
}
