/** Multicast listener discovery: RFC 2710 section 3 and RFC 3810 section 5, types 130 to 132 and 143 of ICMPv6. */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import { formatIpv6 } from '../../format/address.ts';
import { decodeResponseCode, groupRecord, type MembershipMessage, readRecords, readSources } from './membership.ts';

const BASE_BYTES = 24;
const QUERY_V2_BYTES = 28;
const ADDRESS_BYTES = 16;
const REPORT_HEADER_BYTES = 8;

const TYPE = { query: 130, reportV1: 131, done: 132, reportV2: 143 } as const;

export type MldMessage = MembershipMessage;

/** The message that begins with the ICMPv6 header at `start`; null when it is cut or not of MLD. */
export function readMld(bytes: Uint8Array, start: number, end: number): MldMessage | null {
  const type = readUint8(bytes, start);
  if (type === TYPE.reportV2 && end - start >= REPORT_HEADER_BYTES) {
    const listed = readRecords(bytes, start + REPORT_HEADER_BYTES, end, readUint16(bytes, start + 6), ADDRESS_BYTES);
    return { name: 'MLDv2 report', version: 'MLDv2', maxResponseMs: null, ...listed };
  }
  if (end - start < BASE_BYTES) return null;
  const address = formatIpv6(bytes, start + 8);
  if (type === TYPE.query) return readQuery(bytes, start, end, address === '::' ? '' : address);
  if (type !== TYPE.reportV1 && type !== TYPE.done) return null;
  return {
    name: type === TYPE.done ? 'MLDv1 done' : 'MLDv1 report',
    version: 'MLDv1',
    maxResponseMs: null,
    records: [groupRecord(type === TYPE.done ? 'leave' : 'join', address)],
    recordsDropped: 0,
  };
}

/** RFC 3810 section 8.1: version 2 is longer. */
function readQuery(bytes: Uint8Array, start: number, end: number, group: string): MldMessage {
  const code = readUint16(bytes, start + 4);
  const isVersion2 = end - start >= QUERY_V2_BYTES;
  const count = isVersion2 ? readUint16(bytes, start + 26) : 0;
  const sources = readSources(bytes, start + QUERY_V2_BYTES, end, count, ADDRESS_BYTES);
  return {
    name: isVersion2 ? 'MLDv2 query' : 'MLDv1 query',
    version: isVersion2 ? 'MLDv2' : 'MLDv1',
    maxResponseMs: isVersion2 ? decodeResponseCode(code, 12) : code,
    records: [{ ...groupRecord('query', group), ...sources }],
    recordsDropped: 0,
  };
}
