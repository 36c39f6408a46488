/** What is kept of flows while their identity is open: bounded, the oldest goes first. */

/** Part that goes at once when there is no place left: the oldest are found by going through the map's beginning. */
const PART_DROPPED = 1 / 8;

export class PendingFlows<Kept> {
  readonly #kept = new Map<number, Kept>();
  readonly #most: number;
  readonly #onDrop: (kept: Kept) => void;

  constructor(most: number, onDrop: (kept: Kept) => void = () => {}) {
    this.#most = most;
    this.#onDrop = onDrop;
  }

  get(slot: number): Kept | undefined {
    return this.#kept.get(slot);
  }

  add(slot: number, kept: Kept): void {
    if (this.#kept.size >= this.#most) this.#dropOldest();
    this.#kept.set(slot, kept);
  }

  /** Takes out what is used elsewhere from now on. */
  remove(slot: number): void {
    this.#kept.delete(slot);
  }

  drop(slot: number): void {
    const kept = this.#kept.get(slot);
    if (kept === undefined) return;
    this.#kept.delete(slot);
    this.#onDrop(kept);
  }

  #dropOldest(): void {
    let left = Math.ceil(this.#most * PART_DROPPED);
    for (const slot of this.#kept.keys()) {
      this.drop(slot);
      if (--left === 0) return;
    }
  }
}
