/** DNS (RFC 1035), multicast DNS (RFC 6762), LLMNR (RFC 4795) and the NetBIOS services (RFC 1002 section 4). */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { hasNetbiosName, isDnsMessage, MOST_ENTRIES, readDnsFlags } from './dns-message.ts';
import { nameProtocol } from './neighbour.ts';

const MDNS_PORT = 5353;
const LLMNR_PORT = 5355;
const HEADER_BYTES = 12;
const DATAGRAM_HEADER_BYTES = 14;
/** Direct unique, direct group and broadcast. */
const FIRST_DATAGRAM_TYPE = 0x10;
const LAST_DATAGRAM_TYPE = 0x12;

function isMessage(bytes: Uint8Array, start: number, end: number, context: PayloadContext): boolean {
  return isDnsMessage(bytes, start, end, start + context.wireLength);
}

function hasPort(context: PayloadContext, port: number): boolean {
  return context.sourcePort === port || context.destinationPort === port;
}

/** The port is its mark; without it a message to a group whose id is 0 (RFC 6762 section 18.1). */
function recognizeMdns(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const isGroupMessage = context.isMulticast && readUint16(bytes, start) === 0;
  const isMdns = isGroupMessage || hasPort(context, MDNS_PORT);
  return isMdns && isMessage(bytes, start, end, context) ? 'yes' : 'no';
}

/** The port is its mark; without it a question to a group with an id and no flags at all (RFC 4795 section 2.1.1). */
function recognizeLlmnr(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const isGroupQuestion = context.isMulticast && readUint16(bytes, start) !== 0 && readDnsFlags(bytes, start) === 0;
  const isLlmnr = isGroupQuestion || hasPort(context, LLMNR_PORT);
  return isLlmnr && isMessage(bytes, start, end, context) ? 'yes' : 'no';
}

function recognizeNbns(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (!hasNetbiosName(bytes, start + HEADER_BYTES, end)) return 'no';
  return isMessage(bytes, start, end, context) ? 'yes' : 'no';
}

/** Type, flags, id, source address and port, length of what follows, offset, then the two names. */
function recognizeNbdgm(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const type = readUint8(bytes, start);
  if (type < FIRST_DATAGRAM_TYPE || type > LAST_DATAGRAM_TYPE || end - start < DATAGRAM_HEADER_BYTES) return 'no';
  const length = readUint16(bytes, start + 10);
  // RFC 1002 counts what follows the header; some senders count the header too.
  const isWhole = length === context.wireLength - DATAGRAM_HEADER_BYTES || length === context.wireLength;
  return isWhole && hasNetbiosName(bytes, start + DATAGRAM_HEADER_BYTES, end) ? 'yes' : 'no';
}

/** Over TCP a message follows its length (section 4.2.2). */
function recognizeDns(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  if (context.transport === 'udp') return isMessage(bytes, start, end, context) ? 'yes' : 'no';
  const length = readUint16(bytes, start);
  if (end - start < 2 + HEADER_BYTES || length < HEADER_BYTES) return 'no';
  return isDnsMessage(bytes, start + 2, Math.min(end, start + 2 + length), start + 2 + length) ? 'yes' : 'no';
}

/** Upper half of the number of questions. */
const MESSAGE_BYTES = { laterBytes: { udp: { 4: [[0, MOST_ENTRIES >> 8]] } } } as const;

export const mdns = nameProtocol('mdns', 'mDNS', ['udp'], recognizeMdns, MESSAGE_BYTES);
export const llmnr = nameProtocol('llmnr', 'LLMNR', ['udp'], recognizeLlmnr, MESSAGE_BYTES);
export const nbns = nameProtocol('nbns', 'NetBIOS name service', ['udp'], recognizeNbns, MESSAGE_BYTES);
export const nbdgm = nameProtocol('nbdgm', 'NetBIOS datagram service', ['udp'], recognizeNbdgm, {
  firstBytes: { udp: [[FIRST_DATAGRAM_TYPE, LAST_DATAGRAM_TYPE]] },
});
export const dns = nameProtocol('dns', 'DNS', ['udp', 'tcp'], recognizeDns, MESSAGE_BYTES);
