/** IGMP: RFC 1112 appendix I, RFC 2236 section 2, RFC 3376 section 4; and what else has its protocol number. */

import { readUint8, readUint16, readUint32 } from '../../bytes/read.ts';
import { formatIpv4 } from '../../format/address.ts';
import {
  decodeResponseCode,
  groupRecord,
  type MembershipMessage,
  type MembershipRecord,
  readRecords,
  readSources,
} from './membership.ts';

const BASE_BYTES = 8;
const QUERY_V3_BYTES = 12;
const ADDRESS_BYTES = 4;

const TYPE = { query: 0x11, reportV1: 0x12, reportV2: 0x16, leave: 0x17, reportV3: 0x22 } as const;

/** Protocols that use IGMP's number for messages of their own, by type. */
const OTHERS: ReadonlyMap<number, string> = new Map([
  [0x13, 'DVMRP'],
  [0x14, 'PIMv1'],
  [0x15, 'Cisco trace'],
  [0x1e, 'mtrace response'],
  [0x1f, 'mtrace'],
  [0x30, 'MRD advertisement'],
  [0x31, 'MRD solicitation'],
  [0x32, 'MRD termination'],
  [0xfc, 'RGMP leave'],
  [0xfd, 'RGMP join'],
  [0xfe, 'RGMP bye'],
  [0xff, 'RGMP hello'],
]);

export type IgmpMessage = MembershipMessage;

/** The message in the payload of IP protocol 2; null when it is cut or of a type that nobody uses. */
export function readIgmp(bytes: Uint8Array, start: number, end: number): IgmpMessage | null {
  if (end - start < BASE_BYTES) return null;
  const type = readUint8(bytes, start);
  switch (type) {
    case TYPE.query:
      return readQuery(bytes, start, end);
    case TYPE.reportV1:
      return oneGroup('IGMPv1', 'report', groupRecord('join', formatIpv4(bytes, start + 4)));
    case TYPE.reportV2:
      return oneGroup('IGMPv2', 'report', groupRecord('join', formatIpv4(bytes, start + 4)));
    case TYPE.leave:
      return oneGroup('IGMPv2', 'leave', groupRecord('leave', formatIpv4(bytes, start + 4)));
    case TYPE.reportV3: {
      const listed = readRecords(bytes, start + BASE_BYTES, end, readUint16(bytes, start + 6), ADDRESS_BYTES);
      return { name: 'IGMPv3 report', version: 'IGMPv3', maxResponseMs: null, ...listed };
    }
    default: {
      const name = OTHERS.get(type);
      if (name === undefined) return null;
      const [version = name] = name.split(' ');
      return { name, version, maxResponseMs: null, records: [], recordsDropped: 0 };
    }
  }
}

/** Section 7.1 of RFC 3376: version 3 is longer, version 1 has no response time. */
function readQuery(bytes: Uint8Array, start: number, end: number): IgmpMessage {
  const code = readUint8(bytes, start + 1);
  const group = readUint32(bytes, start + 4) === 0 ? '' : formatIpv4(bytes, start + 4);
  if (end - start >= QUERY_V3_BYTES) {
    const sources = readSources(bytes, start + QUERY_V3_BYTES, end, readUint16(bytes, start + 10), ADDRESS_BYTES);
    const record = { ...groupRecord('query', group), ...sources };
    return { ...oneGroup('IGMPv3', 'query', record), maxResponseMs: decodeResponseCode(code, 4) * 100 };
  }
  const record = groupRecord('query', group);
  // Version 1 says nothing of the time; RFC 2236 section 4 takes 10 s for it.
  if (code === 0) return { ...oneGroup('IGMPv1', 'query', record), maxResponseMs: 10_000 };
  return { ...oneGroup('IGMPv2', 'query', record), maxResponseMs: code * 100 };
}

function oneGroup(version: string, name: string, record: MembershipRecord): IgmpMessage {
  return { name: `${version} ${name}`, version, maxResponseMs: null, records: [record], recordsDropped: 0 };
}
