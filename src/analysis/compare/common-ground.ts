/** What both captures cover: which moment of one is which of the other, and whether the other would have seen a packet. */

import { type Clocks, toInside, toOutside } from './align-clocks.ts';
import type { Side } from './read-side.ts';
import { otherSide, type SideName } from './way-across.ts';

/** A packet that came so shortly before the other capture ended may leave after it. */
const TAIL_NS = 0.2e9;

export class CommonGround {
  readonly sides: Readonly<Record<SideName, Side>>;
  readonly #clocks: Clocks;
  /** To be added to times of the outside, so that they count from the inside's origin. */
  readonly #shift: number;

  constructor(sides: Readonly<Record<SideName, Side>>, clocks: Clocks, shift: number) {
    this.sides = sides;
    this.#clocks = clocks;
    this.#shift = shift;
  }

  /** The other side's time of a moment, each counted from its own origin. */
  toOther(from: SideName, time: number): number {
    if (from === 'inside') return toOutside(this.#clocks, time) - this.#shift;
    return toInside(this.#clocks, time + this.#shift);
  }

  /** Whether the other capture was running at a time of its own. */
  isCovered(from: SideName, due: number): boolean {
    const { firstTime, lastTime } = this.sides[otherSide(from)];
    return due >= firstTime && due <= lastTime - TAIL_NS;
  }

  /** Nanoseconds that a packet took, by its times on both sides; never negative. */
  delay(from: SideName, entered: number, left: number): number {
    return Math.max(0, left - this.toOther(from, entered));
  }
}
