/**
 * Messages of the network itself with pseudonyms, in place: ICMP errors with the packet that they quote, neighbour discovery,
 * membership reports, ARP. Each function says how many bytes from `start` on it understood: nothing else may be shown.
 */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import { disguiseIpv4, disguiseIpv6, replaceAddress } from './anonymous-ip.ts';
import { writeUint16 } from './checksum.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const HEADER_BYTES = 8;
const MAC_BYTES = 6;
const QUOTED_PORTS = 8;
const QUOTED_UDP_CHECKSUM = 6;
const [TCP, UDP] = [6, 17];

const ICMP_REDIRECT = 5;
const ICMP_ERRORS = [3, 4, ICMP_REDIRECT, 11, 12];

/** RFC 792. */
export function disguiseIcmp(bytes: Uint8Array, start: number, end: number, pseudonyms: Pseudonyms): number {
  const type = readUint8(bytes, start);
  if (!ICMP_ERRORS.includes(type)) return HEADER_BYTES;
  if (type === ICMP_REDIRECT) replaceAddress(bytes, start + 4, 4, pseudonyms);
  return HEADER_BYTES + disguiseQuoted(bytes, start + HEADER_BYTES, end, pseudonyms);
}

const LAST_ICMPV6_ERROR = 4;
const MLD = { first: 130, last: 132, version2Report: 143 } as const;
const NEIGHBOUR = {
  routerSolicitation: 133,
  routerAdvertisement: 134,
  solicitation: 135,
  advertisement: 136,
  redirect: 137,
};

/** RFC 4443; RFC 4861; RFC 2710 and RFC 3810. */
export function disguiseIcmpv6(bytes: Uint8Array, start: number, end: number, pseudonyms: Pseudonyms): number {
  const type = readUint8(bytes, start);
  const body = start + HEADER_BYTES;
  const address = (offset: number): void => replaceAddress(bytes, offset, 16, pseudonyms);
  if (type <= LAST_ICMPV6_ERROR) return HEADER_BYTES + disguiseQuoted(bytes, body, end, pseudonyms);
  if (type >= MLD.first && type <= MLD.last) {
    address(body);
    return HEADER_BYTES + 16;
  }
  switch (type) {
    case MLD.version2Report:
      return disguiseRecords(bytes, start, end, 16, pseudonyms);
    case NEIGHBOUR.routerSolicitation:
      return disguiseOptions(bytes, start, body, end, pseudonyms);
    case NEIGHBOUR.routerAdvertisement:
      return disguiseOptions(bytes, start, body + 8, end, pseudonyms);
    case NEIGHBOUR.solicitation:
    case NEIGHBOUR.advertisement:
      address(body);
      return disguiseOptions(bytes, start, body + 16, end, pseudonyms);
    case NEIGHBOUR.redirect:
      address(body);
      address(body + 16);
      return disguiseOptions(bytes, start, body + 32, end, pseudonyms);
    default:
      return HEADER_BYTES;
  }
}

const IGMP_QUERY = 0x11;
const IGMP_VERSION_3_REPORT = 0x22;

/** RFC 2236, RFC 3376. Sources that a query names are left out. */
export function disguiseIgmp(bytes: Uint8Array, start: number, end: number, pseudonyms: Pseudonyms): number {
  if (readUint8(bytes, start) === IGMP_VERSION_3_REPORT) return disguiseRecords(bytes, start, end, 4, pseudonyms);
  replaceAddress(bytes, start + 4, 4, pseudonyms);
  const hasSources = readUint8(bytes, start) === IGMP_QUERY && end - start >= HEADER_BYTES + 4;
  if (!hasSources) return HEADER_BYTES;
  writeUint16(bytes, start + HEADER_BYTES + 2, 0);
  return HEADER_BYTES + 4;
}

const ARP_BYTES = 28;

/** RFC 826, for Ethernet and IPv4; 0 for other kinds. */
export function disguiseArp(bytes: Uint8Array, start: number, end: number, pseudonyms: Pseudonyms): number {
  const isPlain = readUint8(bytes, start + 4) === MAC_BYTES && readUint8(bytes, start + 5) === 4;
  if (!isPlain || end - start < ARP_BYTES) return 0;
  for (const offset of [8, 18]) replaceMac(bytes, start + offset, pseudonyms);
  for (const offset of [14, 24]) replaceAddress(bytes, start + offset, 4, pseudonyms);
  return ARP_BYTES;
}

export function replaceMac(bytes: Uint8Array, offset: number, pseudonyms: Pseudonyms): void {
  if (offset + MAC_BYTES > bytes.length) bytes.fill(0, Math.min(offset, bytes.length));
  else bytes.set(pseudonyms.mac(bytes.subarray(offset, offset + MAC_BYTES)), offset);
}

/** The IP header, and ports and sequence number of what it carries. */
function disguiseQuoted(bytes: Uint8Array, start: number, end: number, pseudonyms: Pseudonyms): number {
  const version = readUint8(bytes, start) >> 4;
  const headerEnd = start + (version === 4 ? (readUint8(bytes, start) & 15) * 4 : 40);
  if ((version !== 4 && version !== 6) || headerEnd > end || headerEnd - start < 20) return 0;
  const protocol = readUint8(bytes, start + (version === 4 ? 9 : 6));
  if (version === 4) disguiseIpv4(bytes, start, headerEnd, pseudonyms);
  else disguiseIpv6(bytes, start, headerEnd, pseudonyms);
  if (protocol !== TCP && protocol !== UDP) return headerEnd - start;
  const quotedEnd = Math.min(end, headerEnd + QUOTED_PORTS);
  if (protocol === UDP) bytes.fill(0, Math.min(headerEnd + QUOTED_UDP_CHECKSUM, quotedEnd), quotedEnd);
  return quotedEnd - start;
}

/** IGMPv3 and MLDv2 have the same records; auxiliary data ends what is shown. */
function disguiseRecords(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
  pseudonyms: Pseudonyms,
): number {
  const count = readUint16(bytes, start + 6);
  let at = start + HEADER_BYTES;
  for (let record = 0; record < count; record++) {
    const addresses = 1 + readUint16(bytes, at + 2);
    const recordEnd = at + 4 + addresses * length;
    if (recordEnd > end || readUint8(bytes, at + 1) !== 0) break;
    for (let each = 0; each < addresses; each++) replaceAddress(bytes, at + 4 + each * length, length, pseudonyms);
    at = recordEnd;
  }
  return at - start;
}

const OPTION = { sourceMac: 1, targetMac: 2, prefix: 3, mtu: 5 } as const;

/** Of neighbour discovery; the first option that is not known ends what is shown. */
function disguiseOptions(bytes: Uint8Array, start: number, from: number, end: number, pseudonyms: Pseudonyms): number {
  let at = from;
  while (at + 8 <= end) {
    const optionEnd = at + readUint8(bytes, at + 1) * 8;
    if (optionEnd > end || optionEnd === at) break;
    const kind = readUint8(bytes, at);
    if ((kind === OPTION.sourceMac || kind === OPTION.targetMac) && optionEnd === at + 8) {
      replaceMac(bytes, at + 2, pseudonyms);
    } else if (kind === OPTION.prefix && optionEnd === at + 32) {
      replaceAddress(bytes, at + 16, 16, pseudonyms);
    } else if (kind !== OPTION.mtu) {
      break;
    }
    at = optionEnd;
  }
  return at - start;
}
