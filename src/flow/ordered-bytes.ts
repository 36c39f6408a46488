/**
 * Puts the bytes of one TCP connection in order, for control channels only: bytes that come in order are passed on where
 * they lie, only those behind a hole are copied and held, and a hole that will not be filled is told and passed over.
 *
 * Overlapping data: the bytes that were passed on first stand.
 */

import { type DecodedPacket, TCP_FLAG } from '../packet/decoded-packet.ts';

/** Bytes and segments held behind a hole, per side. */
const MOST_HELD_BYTES = 256 * 1024;
const MOST_HELD_SEGMENTS = 128;
/** Bytes held by all streams that share a budget. */
const MOST_HELD_BY_ALL = 64 * 1024 * 1024;
/** A segment farther ahead than this is not of this connection. */
const MOST_AHEAD = 64 * 1024 * 1024;
/** Acknowledgements beyond a hole before it counts as lost from the capture: one alone may have overtaken the data. */
const ENOUGH_ACKNOWLEDGEMENTS = 2;

type Side = 0 | 1;

interface Moment {
  readonly capture: number;
  readonly frame: number;
  readonly time: number;
}

export interface StreamListener {
  /** The next bytes of a side; borrowed for the call. */
  onBytes(side: Side, bytes: Uint8Array, start: number, end: number, at: Moment): void;
  /** `length` bytes of a side are missing from the capture. */
  onGap(side: Side, length: number, at: Moment): void;
}

/** What streams may hold behind holes together; where nothing is left, holes are passed over at once. */
export class HoldBudget {
  left = MOST_HELD_BY_ALL;
}

interface HeldSegment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** Length on the wire: more than the bytes when the snap length cut them. */
  readonly length: number;
  readonly at: Moment;
}

interface SideState {
  isStarted: boolean;
  /** Sequence number of the next byte, as a signed 32-bit integer. */
  next: number;
  readonly held: HeldSegment[];
  heldBytes: number;
  acknowledgedHoles: number;
  hasGap: boolean;
}

export class OrderedBytes {
  /** Who is given the bytes from now on; changed by whoever takes the stream over. */
  listener: StreamListener;
  readonly #budget: HoldBudget;
  readonly #sides: readonly [SideState, SideState] = [newSide(), newSide()];

  constructor(listener: StreamListener, budget = new HoldBudget()) {
    this.listener = listener;
    this.#budget = budget;
  }

  /** Sets where a side begins, from its SYN; without it, a side begins at the first segment that is given. */
  begin(side: Side, sequence: number): void {
    const state = this.#sides[side];
    if (state.isStarted) return;
    state.isStarted = true;
    state.next = sequence;
  }

  /** Takes the payload of a packet. */
  take(packet: DecodedPacket, side: Side, at: Moment): void {
    const { bytes, payloadStart, payloadEnd, payloadLength } = packet;
    this.segment(side, payloadSequence(packet), bytes, payloadStart, payloadEnd, payloadLength, at);
  }

  /** Takes the payload of one segment. `length` is its length on the wire; bytes beyond [start, end) were not captured. */
  segment(
    side: Side,
    sequence: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    length: number,
    at: Moment,
  ): void {
    if (length <= 0) return;
    this.begin(side, sequence);
    const state = this.#sides[side];
    const ahead = (sequence - state.next) | 0;
    if (ahead > MOST_AHEAD || ahead < -MOST_AHEAD) return;
    if (ahead > 0) {
      this.#hold(side, state, sequence, bytes.slice(start, end), length, at);
      return;
    }
    this.#pass(side, state, -ahead, bytes, start, end, length, at);
    if (state.held.length > 0) this.#release(side, state);
  }

  /** The other side of `side` has acknowledged up to `sequence`: what the receiver has, the capture will not show later. */
  acknowledged(side: Side, sequence: number): void {
    const state = this.#sides[side];
    const first = state.held[0];
    if (first === undefined || ((sequence - first.sequence) | 0) < 0) return;
    state.acknowledgedHoles++;
    if (state.acknowledgedHoles >= ENOUGH_ACKNOWLEDGEMENTS) this.#skipHole(side, state);
  }

  /** True when every byte of a side before `sequence` has been passed on, since it began. */
  isWholeUpTo(side: Side, sequence: number): boolean {
    const state = this.#sides[side];
    return state.isStarted && !state.hasGap && state.next === sequence;
  }

  /** True when bytes of a side that has begun are still to come before `sequence`. */
  lacksBefore(side: Side, sequence: number): boolean {
    const state = this.#sides[side];
    return state.isStarted && ((sequence - state.next) | 0) > 0;
  }

  /** Forgets what is held: nobody wants it any more. */
  drop(): void {
    for (const state of this.#sides) {
      this.#budget.left += state.heldBytes;
      state.heldBytes = 0;
      state.held.length = 0;
    }
  }

  /** Passes on all that is held, with its gaps: the connection has ended or the capture has. */
  flush(): void {
    for (const side of [0, 1] as const) {
      const state = this.#sides[side];
      while (state.held.length > 0) this.#skipHole(side, state);
    }
  }

  /** Passes on a segment whose first `old` bytes have been passed on before. */
  #pass(
    side: Side,
    state: SideState,
    old: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    length: number,
    at: Moment,
  ): void {
    if (old >= length) return;
    const from = Math.min(start + old, end);
    const captured = end - from;
    const fresh = length - old;
    state.next = (state.next + fresh) | 0;
    if (captured > 0) this.listener.onBytes(side, bytes, from, end, at);
    if (fresh > captured) this.#tellGap(side, state, fresh - captured, at);
  }

  #hold(side: Side, state: SideState, sequence: number, bytes: Uint8Array, length: number, at: Moment): void {
    let place = state.held.length;
    while (place > 0 && ((sequence - (state.held[place - 1] as HeldSegment).sequence) | 0) < 0) place--;
    const before = state.held[place - 1];
    if (before !== undefined && before.sequence === sequence && before.length >= length) return;
    const moment = { capture: at.capture, frame: at.frame, time: at.time };
    state.held.splice(place, 0, { sequence, bytes, length, at: moment });
    state.heldBytes += bytes.length;
    this.#budget.left -= bytes.length;
    const isTooMuch = state.held.length > MOST_HELD_SEGMENTS || state.heldBytes > MOST_HELD_BYTES;
    if (isTooMuch || this.#budget.left < 0) this.#skipHole(side, state);
  }

  #skipHole(side: Side, state: SideState): void {
    const first = state.held[0];
    if (first === undefined) return;
    const hole = (first.sequence - state.next) | 0;
    if (hole > 0) {
      state.next = first.sequence;
      this.#tellGap(side, state, hole, first.at);
    }
    this.#release(side, state);
  }

  #tellGap(side: Side, state: SideState, length: number, at: Moment): void {
    state.hasGap = true;
    this.listener.onGap(side, length, at);
  }

  /** Passes on the held segments that are in order now. */
  #release(side: Side, state: SideState): void {
    for (let first = state.held[0]; first !== undefined; first = state.held[0]) {
      const old = (state.next - first.sequence) | 0;
      if (old < 0) return;
      state.held.shift();
      state.heldBytes -= first.bytes.length;
      this.#budget.left += first.bytes.length;
      this.#pass(side, state, old, first.bytes, 0, first.bytes.length, first.length, first.at);
    }
    state.acknowledgedHoles = 0;
  }
}

function newSide(): SideState {
  return { isStarted: false, next: 0, held: [], heldBytes: 0, acknowledgedHoles: 0, hasGap: false };
}

/** Sequence number of the payload's first byte: a SYN takes one before it. */
export function payloadSequence(packet: DecodedPacket): number {
  return (packet.tcpFlags & TCP_FLAG.syn) === 0 ? packet.tcpSequence : (packet.tcpSequence + 1) | 0;
}
