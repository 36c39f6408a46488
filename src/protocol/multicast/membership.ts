/** What hosts and queriers say of groups, in the words that IGMP and MLD share; and the records both write alike. */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import { formatAddressAt } from '../../format/address.ts';

/**
 * `join`: wants the group, from `sources` alone where there are any (or from all but them when `isExcluding`).
 * `leave`: wants it no more, or the named `sources` of it no more. `query`: asks; the general query has an empty group.
 */
export interface MembershipRecord {
  readonly kind: 'query' | 'join' | 'leave';
  /** Canonical text, empty in a general query. */
  readonly group: string;
  /** Bounded; `sourcesDropped` were left out. */
  readonly sources: readonly string[];
  readonly sourcesDropped: number;
  readonly isExcluding: boolean;
}

export interface MembershipMessage {
  /** As people write it: `IGMPv3 report`, `MLDv1 done`. */
  readonly name: string;
  /** `IGMPv2`, `MLDv1`; of other protocols that share IGMP's number their name. */
  readonly version: string;
  /** Milliseconds that hosts may take to answer a query; null in other messages. */
  readonly maxResponseMs: number | null;
  readonly records: readonly MembershipRecord[];
  /** Records that were left out because of the bound, or because the message is cut. */
  readonly recordsDropped: number;
}

const MOST_RECORDS = 200;
const MOST_SOURCES = 64;
const RECORD_HEADER_BYTES = 4;

/** Record types of RFC 3376 section 4.2.12 and RFC 3810 section 5.2.12. */
const RECORD = { isInclude: 1, isExclude: 2, toInclude: 3, toExclude: 4, allow: 5, block: 6 } as const;

export function groupRecord(kind: MembershipRecord['kind'], group: string): MembershipRecord {
  return { kind, group, sources: [], sourcesDropped: 0, isExcluding: false };
}

/** Source addresses of `length` bytes each; those that do not fit are counted as dropped. */
export function readSources(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
  length: number,
): Pick<MembershipRecord, 'sources' | 'sourcesDropped'> {
  const there = Math.min(count, MOST_SOURCES, Math.max(0, Math.floor((end - start) / length)));
  const sources: string[] = [];
  for (let i = 0; i < there; i++) sources.push(formatAddressAt(bytes, start + i * length, length));
  return { sources, sourcesDropped: count - there };
}

/** The records of a report of IGMPv3 or MLDv2: they differ in the `length` of their addresses only. */
export function readRecords(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
  length: number,
): Pick<MembershipMessage, 'records' | 'recordsDropped'> {
  const records: MembershipRecord[] = [];
  let at = start;
  let read = 0;
  while (read < count && records.length < MOST_RECORDS && at + RECORD_HEADER_BYTES + length <= end) {
    const sourceCount = readUint16(bytes, at + 2);
    const group = formatAddressAt(bytes, at + RECORD_HEADER_BYTES, length);
    const sourcesStart = at + RECORD_HEADER_BYTES + length;
    const { sources, sourcesDropped } = readSources(bytes, sourcesStart, end, sourceCount, length);
    const meaning = meaningOf(readUint8(bytes, at), sourceCount);
    if (meaning !== null) records.push({ ...meaning, group, sources, sourcesDropped });
    at = sourcesStart + sourceCount * length + readUint8(bytes, at + 1) * 4;
    read++;
  }
  return { records, recordsDropped: count - read };
}

/** Including nothing is leaving; including something is joining it; excluding is joining the rest. */
function meaningOf(type: number, sourceCount: number): Pick<MembershipRecord, 'kind' | 'isExcluding'> | null {
  switch (type) {
    case RECORD.isInclude:
    case RECORD.toInclude:
      return { kind: sourceCount > 0 ? 'join' : 'leave', isExcluding: false };
    case RECORD.isExclude:
    case RECORD.toExclude:
      return { kind: 'join', isExcluding: true };
    case RECORD.allow:
      return { kind: 'join', isExcluding: false };
    case RECORD.block:
      return { kind: 'leave', isExcluding: false };
    default:
      return null;
  }
}

/** Codes from 128 on are a floating point number (RFC 3376 section 4.1.1): mantissa and exponent above `mantissaBits`. */
export function decodeResponseCode(code: number, mantissaBits: number): number {
  const exponentStart = mantissaBits + 3;
  if (code >> exponentStart === 0) return code;
  const mantissa = code & ((1 << mantissaBits) - 1);
  const exponent = (code >> mantissaBits) & 0x07;
  return (mantissa | (1 << mantissaBits)) << (exponent + 3);
}
