/** What sequence numbers tell: loss, copies and disorder, in the spirit of RFC 3550 appendix A.1. */

import { addTo, FIELD, fieldAt } from './stream-record.ts';

/** A number that is at most so far behind is told from a copy by the numbers seen. */
const WINDOW = 64;
/** RFC 3550's MAX_DROPOUT: a larger jump is a loss only if the clock agrees. */
const MAX_DROPOUT = 3000;
const HALF_RANGE = 0x8000;
const RANGE = 0x10000;
/** What a clock may be off against the time of arrival before a jump is taken for a new beginning. */
const CLOCK_TOLERANCE_NS = 1e9;

export function beginSequence(record: Float64Array, at: number, sequence: number): void {
  record[at + FIELD.highestSequence] = sequence;
  record[at + FIELD.baseSequence] = sequence;
  record[at + FIELD.seenHigh] = 1;
  record[at + FIELD.seenLow] = 0;
}

/** Counts a packet that has the next number; false, and nothing counted, for any other. */
export function countNext(record: Float64Array, at: number, sequence: number): boolean {
  const next = fieldAt(record, at + FIELD.highestSequence) + 1;
  if ((next & (RANGE - 1)) !== sequence) return false;
  const high = fieldAt(record, at + FIELD.seenHigh);
  record[at + FIELD.highestSequence] = next;
  record[at + FIELD.seenLow] = ((fieldAt(record, at + FIELD.seenLow) << 1) | (high >>> 31)) >>> 0;
  record[at + FIELD.seenHigh] = ((high << 1) | 1) >>> 0;
  return true;
}

/**
 * Counts a packet that `countNext` did not; returns how many more packets are missing for it, -1 where it was missing itself.
 * `mediaNs`: how far its timestamp says that the medium went on since the last; NaN if not known.
 */
export function countSequence(
  record: Float64Array,
  at: number,
  sequence: number,
  arrivalNs: number,
  mediaNs: number,
): number {
  const highest = fieldAt(record, at + FIELD.highestSequence);
  const advance = (sequence - highest) & (RANGE - 1);
  if (advance === 0) {
    addTo(record, at + FIELD.duplicates, 1);
    return 0;
  }
  const missingBefore = missingPackets(record, at);
  const behind = RANGE - advance;
  const isJump = advance > MAX_DROPOUT && behind > WINDOW;
  if (isJump && Math.abs(mediaNs - arrivalNs) > CLOCK_TOLERANCE_NS + arrivalNs / 2) {
    restart(record, at, sequence);
  } else if (advance < HALF_RANGE) {
    goForward(record, at, advance);
  } else {
    countLate(record, at, behind);
  }
  // The packet itself is counted by the caller.
  return missingPackets(record, at) - 1 - missingBefore;
}

/** By more than one: what is between is missing so far. */
function goForward(record: Float64Array, at: number, advance: number): void {
  addTo(record, at + FIELD.highestSequence, advance);
  const high = fieldAt(record, at + FIELD.seenHigh);
  const low = fieldAt(record, at + FIELD.seenLow);
  if (advance < 32) {
    record[at + FIELD.seenHigh] = ((high << advance) | 1) >>> 0;
    record[at + FIELD.seenLow] = ((low << advance) | (high >>> (32 - advance))) >>> 0;
  } else {
    record[at + FIELD.seenHigh] = 1;
    record[at + FIELD.seenLow] = advance < WINDOW ? (high << (advance - 32)) >>> 0 : 0;
  }
  addTo(record, at + FIELD.lossEvents, 1);
  record[at + FIELD.longestLoss] = Math.max(fieldAt(record, at + FIELD.longestLoss), advance - 1);
}

/** A number seen before is a copy; one that was missing so far came late; one too old to tell is taken for late. */
function countLate(record: Float64Array, at: number, behind: number): void {
  if (behind < WINDOW) {
    const half = at + (behind < 32 ? FIELD.seenHigh : FIELD.seenLow);
    const bit = 1 << (behind & 31);
    if ((fieldAt(record, half) & bit) !== 0) {
      addTo(record, at + FIELD.duplicates, 1);
      return;
    }
    record[half] = (fieldAt(record, half) | bit) >>> 0;
    const own = fieldAt(record, at + FIELD.highestSequence) - behind;
    if (own < fieldAt(record, at + FIELD.baseSequence)) record[at + FIELD.baseSequence] = own;
  }
  addTo(record, at + FIELD.reordered, 1);
}

function restart(record: Float64Array, at: number, sequence: number): void {
  record[at + FIELD.expectedBefore] = expectedPackets(record, at);
  addTo(record, at + FIELD.restarts, 1);
  beginSequence(record, at, sequence);
}

/** Expected and not seen so far; below zero where copies too old to tell came. */
export function missingPackets(record: Float64Array, at: number): number {
  const seen = fieldAt(record, at + FIELD.packets) - fieldAt(record, at + FIELD.duplicates);
  return expectedPackets(record, at) - seen;
}

/** Packets that the sequence numbers account for, from the first to the highest. */
export function expectedPackets(record: Float64Array, at: number): number {
  const span = fieldAt(record, at + FIELD.highestSequence) - fieldAt(record, at + FIELD.baseSequence) + 1;
  return fieldAt(record, at + FIELD.expectedBefore) + span;
}
