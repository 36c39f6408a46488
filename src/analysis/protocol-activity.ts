/** How many flows of each protocol were under way over time: exact, from when each flow began and ended. */

import type { ProtocolActivityRow, RelativeTime } from './snapshot.ts';

/** Equal parts of the time that is looked at. */
const PARTS = 120;
/** Labels come from dissectors and lists of ports; the rarest beyond these are left out. */
const MOST_LABELS = 500;

export class ProtocolActivity {
  readonly #firstTime: RelativeTime;
  readonly #partNs: number;
  /** By label: how many more flows are under way from each part on than in the one before. */
  readonly #changes = new Map<string, Int32Array>();

  /** Where the two times are the same, all is one moment. */
  constructor(firstTime: RelativeTime, lastTime: RelativeTime) {
    this.#firstTime = firstTime;
    this.#partNs = Math.max(1, lastTime - firstTime) / PARTS;
  }

  note(label: string, firstTime: RelativeTime, lastTime: RelativeTime): void {
    let changes = this.#changes.get(label);
    if (changes === undefined) {
      if (this.#changes.size === MOST_LABELS) return;
      changes = new Int32Array(PARTS + 1);
      this.#changes.set(label, changes);
    }
    const [from, to] = [this.#partOf(firstTime), this.#partOf(lastTime)];
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to + 1] = (changes[to + 1] ?? 0) - 1;
  }

  /** Of these labels, in their order. */
  rows(labels: readonly string[]): ProtocolActivityRow[] {
    return labels.flatMap((protocol) => {
      const changes = this.#changes.get(protocol);
      if (changes === undefined) return [];
      let underWay = 0;
      return { protocol, flows: Array.from(changes.subarray(0, PARTS), (change) => (underWay += change)) };
    });
  }

  #partOf(time: RelativeTime): number {
    return Math.max(0, Math.min(PARTS - 1, Math.floor((time - this.#firstTime) / this.#partNs)));
  }
}
