/** Replaces in sentences what tells who and where: addresses, MAC addresses, and words that came from elsewhere. */

import { parseAddress } from '../../format/address.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { isPublicWord } from './public-words.ts';

/** What could be an address; whether it is one is for the parser. IPv6 first, since it may end in IPv4. */
const ADDRESS = String.raw`(?<![\w.:])(?:[0-9A-Fa-f]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?:/\d{1,3})?|\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?`;
const MAC = String.raw`(?<![\w:])[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?![\w:])`;
const WHOLE_MAC = new RegExp(`^${MAC}$`);
const WITHHELD = '[withheld]';
/** Words with the punctuation between them. */
const WORDS = /[^\s;,"'()]+|[\s;,"'()]+/g;

export class AnonymousText {
  readonly #pseudonyms: Pseudonyms;
  /** What files are called, and their pseudonyms. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #pattern: RegExp;

  constructor(pseudonyms: Pseudonyms, names: ReadonlyMap<string, string>) {
    this.#pseudonyms = pseudonyms;
    this.#names = names;
    this.#pattern = patternOf([...names.keys()]);
  }

  /** Of a sentence of ours, which repeats `quotes` of others. */
  sentence(text: string, quotes: readonly string[] = []): string {
    const pattern = quotes.length === 0 ? this.#pattern : patternOf([...this.#names.keys(), ...quotes]);
    const quoted = new Set(quotes);
    return text.replace(pattern, (found) => {
      const name = this.#names.get(found);
      if (name !== undefined) return name;
      return quoted.has(found) ? this.quote(found) : this.#address(found);
    });
  }

  /** Of what others said: words of protocols and addresses remain, everything else is withheld. */
  quote(text: string): string {
    const shown: string[] = [];
    for (const part of text.match(WORDS) ?? []) {
      const word = this.#publicForm(part);
      if (word !== WITHHELD || shown.findLast((each) => each.trim() !== '') !== WITHHELD) shown.push(word);
    }
    return shown.join('').replace(/ {2,}/g, ' ').trim();
  }

  #publicForm(part: string): string {
    if (/^[\s;,"'()]/.test(part)) return part;
    const [, word = '', end = ''] = /^(.*?)([.:!?]*)$/.exec(part) ?? [];
    if (word === '' || isPublicWord(word)) return part;
    return parseAddress(word) === null && !WHOLE_MAC.test(word) ? WITHHELD : this.#address(word) + end;
  }

  #address(found: string): string {
    if (WHOLE_MAC.test(found)) return this.#pseudonyms.macText(found);
    const replaced = this.#pseudonyms.addressText(found);
    if (replaced !== found || !found.endsWith(':') || found.endsWith('::')) return replaced;
    // `ff05::2:` at the end of a clause.
    return `${this.#pseudonyms.addressText(found.slice(0, -1))}:`;
  }
}

/** Longest first, so that no part of a longer one is left over. */
function patternOf(texts: readonly string[]): RegExp {
  const longestFirst = texts.filter((text) => text !== '').sort((a, b) => b.length - a.length);
  return new RegExp([...longestFirst.map(escapeForPattern), MAC, ADDRESS].join('|'), 'g');
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
