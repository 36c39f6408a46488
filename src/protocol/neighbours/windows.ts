/** SMB and the session service under it (RFC 1002 section 4.3), remote desktop (MS-RDPBCGR) and ISO transport (RFC 1006). */

import { indexOfAscii, readUint8, readUint16, readUint16Le, readUint24, startsWithAscii } from '../../bytes/read.ts';
import type { Recognition } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';
import { hasNetbiosName } from './dns-message.ts';
import { nameProtocol } from './neighbour.ts';

/** A length in front, then 'SMB' behind the byte of its version: 1, 2 and 3, encrypted, compressed. */
function recognizeSmb(bytes: Uint8Array, start: number, end: number): Recognition {
  if (readUint8(bytes, start) !== 0 || end - start < 8) return 'no';
  const version = readUint8(bytes, start + 4);
  const isVersion = version >= 0xfc && startsWithAscii(bytes, start + 5, end, 'SMB');
  return isVersion && readUint24(bytes, start + 1) >= 32 ? 'yes' : 'no';
}

const SESSION_REQUEST = 0x81;
const SESSION_REQUEST_BYTES = 68;

/** A session request of called and calling name; answers are too short to prove anything. */
function recognizeNbss(bytes: Uint8Array, start: number, end: number): Recognition {
  const isRequest =
    readUint16(bytes, start) === SESSION_REQUEST << 8 && readUint16(bytes, start + 2) >= SESSION_REQUEST_BYTES;
  return isRequest && hasNetbiosName(bytes, start + 4, end) ? 'yes' : 'no';
}

const TPKT_HEADER_BYTES = 4;
const TPKT_VERSION = 3;
const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;
/** TPKT header and the fixed part of a connection request or confirm. */
const COTP_FIXED_BYTES = 11;

/** Offset after the fixed part when [start, end) is a TPKT with a connection request or confirm of class 0, else -1. */
function findCotpParameters(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < COTP_FIXED_BYTES || readUint16(bytes, start) !== TPKT_VERSION << 8) return -1;
  const length = readUint16(bytes, start + 2);
  const type = readUint8(bytes, start + 5);
  const isConnect = type === CONNECTION_REQUEST || type === CONNECTION_CONFIRM;
  const fillsPacket = readUint8(bytes, start + 4) === length - TPKT_HEADER_BYTES - 1;
  return isConnect && fillsPacket && end - start >= length ? start + COTP_FIXED_BYTES : -1;
}

/** The cookie that clients send, or a negotiation of type 1 to 3 whose length is 8, at the end of the packet. */
function recognizeRdp(bytes: Uint8Array, start: number, end: number): Recognition {
  const parameters = findCotpParameters(bytes, start, end);
  if (parameters < 0) return 'no';
  const packetEnd = start + readUint16(bytes, start + 2);
  const hasCookie =
    startsWithAscii(bytes, parameters, packetEnd, 'Cookie: ') ||
    indexOfAscii(bytes, parameters, packetEnd, 'tsv://') >= 0;
  const negotiation = packetEnd - 8;
  const type = readUint8(bytes, negotiation);
  const hasNegotiation =
    negotiation >= parameters && type >= 1 && type <= 3 && readUint16Le(bytes, negotiation + 2) === 8;
  return hasCookie || hasNegotiation ? 'yes' : 'no';
}

const TSAP_PARAMETERS: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

/** S7 and ISO 9506 (the other MMS) open with transport selectors, which must fill the packet. */
function recognizeIsoTsap(bytes: Uint8Array, start: number, end: number): Recognition {
  let at = findCotpParameters(bytes, start, end);
  if (at < 0) return 'no';
  const packetEnd = start + readUint16(bytes, start + 2);
  let parameters = 0;
  while (at + 2 <= packetEnd && TSAP_PARAMETERS.has(readUint8(bytes, at))) {
    at += 2 + readUint8(bytes, at + 1);
    parameters++;
  }
  return parameters >= 1 && at === packetEnd ? 'yes' : 'no';
}

export const smb = nameProtocol('smb', 'SMB', ['tcp'], recognizeSmb, { firstBytes: { tcp: eachByte(0) } });
export const nbss = nameProtocol('nbss', 'NetBIOS session service', ['tcp'], recognizeNbss, {
  firstBytes: { tcp: eachByte(SESSION_REQUEST) },
});
export const rdp = nameProtocol('rdp', 'RDP', ['tcp'], recognizeRdp, { firstBytes: { tcp: eachByte(TPKT_VERSION) } });
export const isoTsap = nameProtocol('iso-tsap', 'ISO transport', ['tcp'], recognizeIsoTsap, {
  firstBytes: { tcp: eachByte(TPKT_VERSION) },
});
