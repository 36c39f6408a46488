/** The YAML text of a policy as nodes with places: every mistake is told with its line and column, and with what is allowed. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { printable } from '../format/text.ts';
import { PolicyError, type PolicyProblem } from './site-policy.ts';

const MOST_PROBLEMS = 50;
/** Items of one list and keys of one mapping. */
const MOST_ITEMS = 2000;
const MOST_WORD = 60;

/** A value and where it stands. */
export interface Place {
  readonly node: Node | null;
  /** Character offset into the text. */
  readonly offset: number;
}

export interface Entry extends Place {
  readonly key: string;
  readonly keyOffset: number;
}

/** Values that are wrong are told once and then read as null or empty, so that one reading finds every mistake. */
export class PolicyText {
  readonly root: Place;
  readonly #lines = new LineCounter();
  readonly #document;
  readonly #problems: PolicyProblem[] = [];

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
    // A tag that means nothing here is no more than a warning to the library.
    for (const { pos, code, message } of [...this.#document.errors, ...this.#document.warnings])
      this.wrong(pos[0], code === 'MULTIPLE_DOCS' ? 'a policy is one document: nothing may follow it' : message);
    this.root = this.#place(this.#document.contents, 0);
    this.throwProblems();
  }

  wrong(at: Place | number, message: string): void {
    if (this.#problems.length >= MOST_PROBLEMS) return;
    const { line, col } = this.#lines.linePos(typeof at === 'number' ? at : at.offset);
    this.#problems.push({ line: Math.max(1, line), column: Math.max(1, col), message: printable(message) });
  }

  /** Throws a `PolicyError` when anything was wrong so far. */
  throwProblems(): void {
    if (this.#problems.length === 0) return;
    throw new PolicyError(this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }

  /** Entries of a mapping; `allowed` is null where keys are names of the site's own. */
  entries(place: Place, what: string, allowed: readonly string[] | null): Entry[] {
    const { node } = place;
    if (node === null) return [];
    if (!isMap(node)) {
      this.wrong(place, `${what} must be a mapping${allowed === null ? '' : ` with ${allowed.join(', ')}`}`);
      return [];
    }
    const entries: Entry[] = [];
    for (const { key, value } of this.#bounded(node.items, place, what)) {
      const keyOffset = offsetOf(key) ?? place.offset;
      const name = isScalar(key) ? String(key.value) : '';
      if (name === '') this.wrong(keyOffset, `a key of ${what} must be a word`);
      else if (allowed !== null && !allowed.includes(name)) {
        this.wrong(keyOffset, `unknown key '${short(name)}' in ${what}: allowed are ${allowed.join(', ')}`);
      } else entries.push({ key: name, keyOffset, ...this.#place(value, keyOffset) });
    }
    return entries;
  }

  /** The mapping as a lookup; keys that are not there have no entry. */
  fields(place: Place, what: string, allowed: readonly string[]): ReadonlyMap<string, Entry> {
    return new Map(this.entries(place, what, allowed).map((entry) => [entry.key, entry]));
  }

  /** The items of a list; a value alone is a list of one. */
  items(place: Place | undefined): Place[] {
    if (place === undefined || place.node === null) return [];
    if (!isSeq(place.node)) return [place];
    return this.#bounded(place.node.items, place, 'a list').map((item) => this.#place(item, place.offset));
  }

  #bounded<Item>(items: readonly Item[], place: Place, what: string): readonly Item[] {
    if (items.length > MOST_ITEMS)
      this.wrong(place, `${what} has ${items.length} items, at most ${MOST_ITEMS} are read`);
    return items.slice(0, MOST_ITEMS);
  }

  /** A word, number or date as it was written; null after saying what is wrong. */
  word(place: Place, what: string): string | null {
    const { node } = place;
    if (isScalar(node) && node.value !== null && node.value !== '') {
      return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    }
    this.wrong(place, `${what} must be a word or a number`);
    return null;
  }

  /** One of `allowed`. */
  choice<Choice extends string>(place: Place, what: string, allowed: readonly Choice[]): Choice | null {
    const word = this.word(place, what);
    if (word === null) return null;
    const chosen = allowed.find((choice) => choice === word);
    if (chosen === undefined) this.wrong(place, `${what} '${short(word)}' is not one of ${allowed.join(', ')}`);
    return chosen ?? null;
  }

  #place(value: unknown, otherwise: number): Place {
    const offset = offsetOf(value) ?? otherwise;
    if (isAlias(value)) return { node: value.resolve(this.#document) ?? null, offset };
    const isKnown = isMap(value) || isSeq(value) || (isScalar(value) && value.value !== null);
    return { node: isKnown ? value : null, offset };
  }
}

function offsetOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('range' in value)) return null;
  const { range } = value as { readonly range?: readonly number[] | null };
  return range?.[0] ?? null;
}

/** A word of the file as it is repeated in a message. */
export function short(word: string): string {
  return printable(word, MOST_WORD);
}
