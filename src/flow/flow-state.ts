/**
 * The state word of a flow's record, bit by bit.
 *
 *   0-5 TCP flags seen from the low end | 6-11 from the high end | 12-14 below | 16-31 mark of the table's owner
 */

const FLAGS_MASK = 0x3f;
const HIGH_FLAGS_SHIFT = 6;
const MARK_SHIFT = 16;
const OWN_STATE = 0xffff;

export const INITIATOR_IS_HIGH = 1 << 12;
/** The initiator is known by a SYN or SYN-ACK, not only by who was seen first. */
export const INITIATOR_PROVEN = 1 << 13;
export const IS_FREE = 1 << 14;

/** All TCP flags seen from one side: 0 is the low end. */
export function flagsFrom(state: number, side: 0 | 1): number {
  return (side === 0 ? state : state >>> HIGH_FLAGS_SHIFT) & FLAGS_MASK;
}

export function withFlags(state: number, side: 0 | 1, flags: number): number {
  return state | (side === 0 ? flags & FLAGS_MASK : (flags & FLAGS_MASK) << HIGH_FLAGS_SHIFT);
}

/** `side` has sent a SYN; who was proven before stays. */
export function withInitiator(state: number, side: 0 | 1): number {
  if ((state & INITIATOR_PROVEN) !== 0) return state;
  return (state & ~INITIATOR_IS_HIGH) | INITIATOR_PROVEN | (side === 0 ? 0 : INITIATOR_IS_HIGH);
}

export function markIn(state: number): number {
  return state >>> MARK_SHIFT;
}

/** `mark` has sixteen bits. */
export function withMarkIn(state: number, mark: number): number {
  return (state & OWN_STATE) | (mark << MARK_SHIFT);
}
