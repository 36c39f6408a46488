/**
 * Lists of values by a key, where most keys have one value: that one is kept without a list, which would take more memory than
 * all the rest. Values are no arrays themselves.
 */
export class ListsByKey<Key, Value extends object> {
  readonly #held = new Map<Key, Value | Value[]>();

  add(key: Key, value: Value): void {
    const known = this.#held.get(key);
    if (known === undefined) this.#held.set(key, value);
    else if (Array.isArray(known)) known.push(value);
    else this.#held.set(key, [known, value]);
  }

  /** In the order in which they were added; empty when there are none. */
  get(key: Key): readonly Value[] {
    const known = this.#held.get(key);
    if (known === undefined) return [];
    return Array.isArray(known) ? known : [known];
  }

  /** All lists, in the order in which their keys came first. */
  *lists(): Generator<readonly Value[]> {
    for (const known of this.#held.values()) yield Array.isArray(known) ? known : [known];
  }

  keys(): Iterable<Key> {
    return this.#held.keys();
  }
}
