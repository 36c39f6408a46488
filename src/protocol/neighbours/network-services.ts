/** Services that keep a network going: NTP (RFC 5905), DHCP (RFC 2131, RFC 8415), PTP (IEEE 1588), RADIUS, TFTP, syslog. */

import { indexOfAscii, readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { nameProtocol } from './neighbour.ts';

const NTP_BYTES = 48;
/** With a key: 4 bytes of its number and an MD5 or SHA-1 digest; with an extension field of RFC 5906 or NTS more. */
const NTP_LENGTHS: ReadonlySet<number> = new Set([48, 68, 72]);
/** Seconds of 1990 in the era of 1900; a clock that was never set sends zero. */
const EARLIEST_NTP_SECONDS = 2_840_140_800;

function recognizeNtp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (end - start < NTP_BYTES || !NTP_LENGTHS.has(context.wireLength)) return 'no';
  const first = readUint8(bytes, start);
  const version = (first >> 3) & 0x07;
  const mode = first & 0x07;
  const isClientOrServer = version >= 1 && version <= 4 && mode >= 1 && mode <= 5;
  if (!isClientOrServer || readUint8(bytes, start + 1) > 16 || readUint8(bytes, start + 2) > 17) return 'no';
  // Root delay and dispersion of more than 256 s are no clock's.
  const hasSmallRoots = readUint8(bytes, start + 4) === 0 && readUint8(bytes, start + 8) === 0;
  const sent = readUint32(bytes, start + 40);
  const isTime = sent >= EARLIEST_NTP_SECONDS || (sent === 0 && mode === 3);
  // Clients that hide their clock send a random time (data minimisation); all else in them is zero.
  const isMinimal = mode === 3 && readUint32(bytes, start + 12) === 0 && readUint32(bytes, start + 16) === 0;
  return hasSmallRoots && (isTime || isMinimal) ? 'yes' : 'no';
}

const DHCP_COOKIE = 0x63825363;
const DHCP_COOKIE_OFFSET = 236;

function recognizeDhcp(bytes: Uint8Array, start: number, end: number): Recognition {
  const operation = readUint8(bytes, start);
  if ((operation !== 1 && operation !== 2) || end - start < DHCP_COOKIE_OFFSET + 4) return 'no';
  return readUint8(bytes, start + 2) <= 16 && readUint32(bytes, start + DHCP_COOKIE_OFFSET) === DHCP_COOKIE
    ? 'yes'
    : 'no';
}

const CLIENT_ID = 1;
const SERVER_ID = 2;
const RELAY_FORWARD = 12;

/** Options from the header to the end, one of them a client's or server's identifier. */
function recognizeDhcpv6(bytes: Uint8Array, start: number, end: number): Recognition {
  const type = readUint8(bytes, start);
  if (type < 1 || type >= RELAY_FORWARD || end - start < 12) return 'no';
  let hasIdentifier = false;
  let at = start + 4;
  while (at + 4 <= end) {
    const option = readUint16(bytes, at);
    if (option === 0 || option > 200) return 'no';
    hasIdentifier ||= option === CLIENT_ID || option === SERVER_ID;
    at += 4 + readUint16(bytes, at + 2);
  }
  return hasIdentifier && at === end ? 'yes' : 'no';
}

/** Lengths of IEEE 1588 messages by type; the others vary. */
const PTP_LENGTHS: ReadonlyMap<number, number> = new Map([
  [0x0, 44],
  [0x1, 44],
  [0x2, 54],
  [0x3, 54],
  [0x8, 44],
  [0x9, 54],
  [0xa, 54],
]);
const PTP_HEADER_BYTES = 34;
const ANNOUNCE = 0xb;

/** IEEE 1588-2008 section 13.3: type, version 2, and a length that is the datagram's and the type's. */
function recognizePtp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (end - start < PTP_HEADER_BYTES || (readUint8(bytes, start + 1) & 0x0f) !== 2) return 'no';
  const type = readUint8(bytes, start) & 0x0f;
  const length = readUint16(bytes, start + 2);
  const fixed = PTP_LENGTHS.get(type);
  const isLength =
    fixed === undefined ? type >= ANNOUNCE && type <= 0xd && length >= PTP_HEADER_BYTES : length >= fixed;
  // Some add two bytes so that a checksum can be corrected on the way (Annex D).
  const isWhole = length === context.wireLength || length + 2 === context.wireLength;
  return isLength && isWhole && isPtpControl(type, readUint8(bytes, start + 32)) ? 'yes' : 'no';
}

/** The control field of version 1 repeats the type: sync, delay request, follow up, delay response, management, others. */
function isPtpControl(type: number, control: number): boolean {
  const expected = type === 0 ? 0 : type === 1 ? 1 : type === 8 ? 2 : type === 9 ? 3 : type === 0xd ? 4 : 5;
  return control === expected;
}

const RADIUS_CODES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 11, 12, 13, 40, 41, 42, 43, 44, 45]);
const RADIUS_HEADER_BYTES = 20;

/** RFC 2865 section 3: attributes fill exactly the length, which is the datagram's. */
function recognizeRadius(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const isHeader = RADIUS_CODES.has(readUint8(bytes, start)) && readUint16(bytes, start + 2) === context.wireLength;
  if (!isHeader || end - start !== context.wireLength || end - start < RADIUS_HEADER_BYTES + 3) return 'no';
  let at = start + RADIUS_HEADER_BYTES;
  while (at + 2 <= end && readUint8(bytes, at + 1) >= 2) at += readUint8(bytes, at + 1);
  return at === end ? 'yes' : 'no';
}

const TFTP_MODES = ['\0netascii\0', '\0octet\0', '\0NETASCII\0', '\0OCTET\0', '\0ocTet\0'];

/** RFC 1350: a request to read or write a named file in a named mode. */
function recognizeTftp(bytes: Uint8Array, start: number, end: number): Recognition {
  const operation = readUint16(bytes, start);
  if (operation !== 1 && operation !== 2) return 'no';
  return TFTP_MODES.some((mode) => indexOfAscii(bytes, start + 3, Math.min(end, start + 300), mode) > 0) ? 'yes' : 'no';
}

/** `<priority>`, then RFC 5424's version or RFC 3164's month. */
function recognizeSyslog(bytes: Uint8Array, start: number, end: number): Recognition {
  if (readUint8(bytes, start) !== 0x3c) return 'no';
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(9, end - start)).toString('latin1');
  const match = /^<(\d{1,3})>(1 \d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/.exec(head);
  return match !== null && Number(match[1]) <= 191 ? 'yes' : 'no';
}

export const ntp = nameProtocol('ntp', 'NTP', ['udp'], recognizeNtp);
export const dhcp = nameProtocol('dhcp', 'DHCP', ['udp'], recognizeDhcp);
export const dhcpv6 = nameProtocol('dhcpv6', 'DHCPv6', ['udp'], recognizeDhcpv6);
export const ptp = nameProtocol('ptp', 'PTP', ['udp'], recognizePtp);
export const radius = nameProtocol('radius', 'RADIUS', ['udp'], recognizeRadius);
export const tftp = nameProtocol('tftp', 'TFTP', ['udp'], recognizeTftp);
export const syslog = nameProtocol('syslog', 'syslog', ['udp'], recognizeSyslog);
