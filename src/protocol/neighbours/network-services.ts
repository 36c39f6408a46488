/** Services that keep a network going: NTP (RFC 5905), DHCP (RFC 2131, RFC 8415), PTP (IEEE 1588), RADIUS, TFTP, syslog, BACnet. */

import { indexOfAscii, readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { eachByte, firstBytesOf } from '../first-bytes.ts';
import { nameProtocol } from './neighbour.ts';

const NTP_BYTES = 48;
/** With a key: 4 bytes of its number and an MD5 or SHA-1 digest; with an extension field of RFC 5906 or NTS more. */
const NTP_LENGTHS: ReadonlySet<number> = new Set([48, 68, 72]);
/** Any leap indicator, version 1 to 4, mode 1 to 5. */
const NTP_FIRST_BYTES = [
  [0x09, 0x25],
  [0x49, 0x65],
  [0x89, 0xa5],
  [0xc9, 0xe5],
] as const;
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
/** Up to the client's address; RFC 1542 section 4.1.1 lets a relay drop what has passed more. */
const DHCP_HEAD_BYTES = 16;
const MOST_HOPS = 16;

/** The cookie proves it; a snap length may cut it off, and then an Ethernet client's head must do. */
function recognizeDhcp(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const operation = readUint8(bytes, start);
  if ((operation !== 1 && operation !== 2) || context.wireLength < DHCP_COOKIE_OFFSET + 4) return 'no';
  if (end - start >= DHCP_COOKIE_OFFSET + 4) {
    return readUint32(bytes, start + DHCP_COOKIE_OFFSET) === DHCP_COOKIE ? 'yes' : 'no';
  }
  const isEthernet = end - start >= DHCP_HEAD_BYTES && readUint16(bytes, start + 1) === 0x0106;
  const hasOnlyBroadcastFlag = (readUint16(bytes, start + 10) & 0x7fff) === 0;
  return isEthernet && readUint8(bytes, start + 3) <= MOST_HOPS && hasOnlyBroadcastFlag ? 'yes' : 'no';
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

const BACNET_IP = 0x81;
const BACNET_LAST_FUNCTION = 0x0c;

/** ASHRAE 135 annex J: BACnet/IP, a function, the length of the datagram; broadcasts carry a network layer of version 1. */
function recognizeBacnet(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (end - start < 6 || readUint8(bytes, start) !== BACNET_IP) return 'no';
  const operation = readUint8(bytes, start + 1);
  const isWhole = operation <= BACNET_LAST_FUNCTION && readUint16(bytes, start + 2) === context.wireLength;
  const carriesPacket = operation === 0x0a || operation === 0x0b;
  return isWhole && carriesPacket && readUint8(bytes, start + 4) === 1 ? 'yes' : 'no';
}

export const bacnet = nameProtocol('bacnet', 'BACnet/IP', ['udp'], recognizeBacnet, {
  firstBytes: { udp: eachByte(BACNET_IP) },
});
export const ntp = nameProtocol('ntp', 'NTP', ['udp'], recognizeNtp, {
  firstBytes: { udp: NTP_FIRST_BYTES },
  laterBytes: { udp: { 4: eachByte(0) } },
});
export const dhcp = nameProtocol('dhcp', 'DHCP', ['udp'], recognizeDhcp, { firstBytes: { udp: [[1, 2]] } });
export const dhcpv6 = nameProtocol('dhcpv6', 'DHCPv6', ['udp'], recognizeDhcpv6, {
  firstBytes: { udp: [[1, RELAY_FORWARD - 1]] },
});
export const ptp = nameProtocol('ptp', 'PTP', ['udp'], recognizePtp);
export const radius = nameProtocol('radius', 'RADIUS', ['udp'], recognizeRadius, {
  firstBytes: { udp: eachByte(...RADIUS_CODES) },
});
export const tftp = nameProtocol('tftp', 'TFTP', ['udp'], recognizeTftp, { firstBytes: { udp: eachByte(0) } });
export const syslog = nameProtocol('syslog', 'syslog', ['udp'], recognizeSyslog, {
  firstBytes: { udp: firstBytesOf(['<']) },
});
