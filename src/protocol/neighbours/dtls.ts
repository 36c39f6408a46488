/** DTLS by its records, RFC 6347 section 4.1 and RFC 9147 section 4. */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import { nameProtocol } from './neighbour.ts';

const RECORD_HEADER_BYTES = 13;
const LENGTH_OFFSET = 11;
const FIRST_TYPE = 20;
const LAST_TYPE = 23;

/** Change cipher spec to application data, versions 1.0 and 1.2; version 1.3 keeps the numbers of 1.2. */
function isRecordHeader(bytes: Uint8Array, offset: number): boolean {
  const type = readUint8(bytes, offset);
  const version = readUint16(bytes, offset + 1);
  return type >= FIRST_TYPE && type <= LAST_TYPE && (version === 0xfeff || version === 0xfefd);
}

/** True when the datagram is records from its first byte to its last. */
export function isDtlsDatagram(bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  const wireEnd = start + wireLength;
  let at = start;
  while (at + RECORD_HEADER_BYTES <= end) {
    if (!isRecordHeader(bytes, at)) return false;
    at += RECORD_HEADER_BYTES + readUint16(bytes, at + LENGTH_OFFSET);
  }
  return at > start && (at === wireEnd || (at > end && at < wireEnd));
}

export const dtls = nameProtocol(
  'dtls',
  'DTLS',
  ['udp'],
  (bytes, start, end, context) => (isDtlsDatagram(bytes, start, end, context.wireLength) ? 'yes' : 'no'),
  { firstBytes: { udp: [[FIRST_TYPE, LAST_TYPE]] } },
);
