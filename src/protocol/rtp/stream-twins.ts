/** Streams that come twice: by two paths on purpose (SMPTE ST 2022-7), or seen before and behind an address translation. */

import { FIELD, fieldAt } from './stream-record.ts';

const FEWEST_PACKETS = 50;
/** How far apart both may be at the end of the capture. */
const MOST_NUMBERS_APART = 256;
const MOST_APART_NS = 1e9;
const MOST_UNITS_APART = 90_000;

/**
 * Whether two records are of the same packets. Some servers use one SSRC for all they send; their numbers and timestamps, which
 * begin by chance, still differ.
 */
export function areTwins(record: Float64Array, one: number, other: number): boolean {
  const differenceOf = (field: number) => fieldAt(record, one + field) - fieldAt(record, other + field);
  const isShort = (at: number) => fieldAt(record, at + FIELD.packets) < FEWEST_PACKETS;
  if (isShort(one) || isShort(other) || differenceOf(FIELD.ssrc) !== 0 || differenceOf(FIELD.flow) === 0) return false;
  if (Math.abs(differenceOf(FIELD.lastTime)) > MOST_APART_NS) return false;
  const numbersApart = (differenceOf(FIELD.highestSequence) << 16) >> 16;
  const unitsApart = differenceOf(FIELD.previousTimestamp) | 0;
  return Math.abs(numbersApart) <= MOST_NUMBERS_APART && Math.abs(unitsApart) <= MOST_UNITS_APART;
}
