/**
 * How long the headers of records are where the magic number does not tell: Nokia's IPSO wrote longer ones under that of the
 * plain format, Red Hat 6.1 those of the modified format, and SuSE 6.3 longer ones under that of the modified format.
 */

import { MAX_FRAME_BYTES } from './capture-format.ts';

const PLAIN_BYTES = 16;
const OTHERS_OF_PLAIN = [20, 24];
const OTHERS_OF_MODIFIED = [28];

/** Records that are looked at; two are the fewest that tell anything. */
const MOST_RECORDS = 4;
const FEWEST_RECORDS = 2;
/** Records that follow each other are not further apart, as far as they speak for another length than the usual one. */
const MOST_APART_SECONDS = 86_400;

export interface RecordLayout {
  readonly isLittleEndian: boolean;
  readonly unitsPerSecond: number;
  /** As the magic number says. */
  readonly recordHeaderBytes: number;
}

/** By the records within [start, end); what the magic number says unless another length alone makes sense of them. */
export function findRecordHeaderBytes(view: DataView, start: number, end: number, layout: RecordLayout): number {
  const said = layout.recordHeaderBytes;
  if (listRecords(view, start, end, said, layout).every((record) => isPossible(record, layout))) return said;
  const others = said === PLAIN_BYTES ? OTHERS_OF_PLAIN : OTHERS_OF_MODIFIED;
  return others.find((bytes) => isProven(listRecords(view, start, end, bytes, layout), layout)) ?? said;
}

interface RecordHeader {
  readonly seconds: number;
  readonly units: number;
  readonly captured: number;
  readonly wire: number;
}

/** The first ones, if headers are that long; ends with one that is not possible. */
function listRecords(
  view: DataView,
  start: number,
  end: number,
  headerBytes: number,
  layout: RecordLayout,
): RecordHeader[] {
  const records: RecordHeader[] = [];
  for (let at = start; records.length < MOST_RECORDS && end - at >= headerBytes; ) {
    const field = (offset: number): number => view.getUint32(at + offset, layout.isLittleEndian);
    const record = { seconds: field(0), units: field(4), captured: field(8), wire: field(12) };
    records.push(record);
    if (!isPossible(record, layout)) break;
    at += headerBytes + record.captured;
  }
  return records;
}

/** Some writers let the fraction run over the second. */
function isPossible({ units, captured, wire }: RecordHeader, { unitsPerSecond }: RecordLayout): boolean {
  return units < 2 * unitsPerSecond && captured <= MAX_FRAME_BYTES && wire <= MAX_FRAME_BYTES;
}

function isProven(records: readonly RecordHeader[], layout: RecordLayout): boolean {
  const first = records[0]?.seconds ?? 0;
  return (
    records.length >= FEWEST_RECORDS &&
    records.every(
      (record) =>
        isPossible(record, layout) &&
        record.captured > 0 &&
        record.captured <= record.wire &&
        Math.abs(record.seconds - first) <= MOST_APART_SECONDS,
    )
  );
}
