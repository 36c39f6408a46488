/** The names of a policy: networks and servers, and the addresses that stand for themselves. */

import { type Network, parseNetwork } from '../format/address.ts';
import { ANY_SIDE, MULTICAST_SIDE } from './expand-roles.ts';
import { type Entry, type Place, type PolicyText, short } from './policy-text.ts';
import type { PolicySide } from './site-policy.ts';

const BUILT_IN: readonly PolicySide[] = [ANY_SIDE, MULTICAST_SIDE];
const NAME = /^[A-Za-z][A-Za-z0-9._-]{0,39}$/;

export class NameTable {
  readonly #source: PolicyText;
  readonly #sides = new Map(BUILT_IN.map((side) => [side.label, side]));

  constructor(source: PolicyText) {
    this.#source = source;
  }

  define(entry: Entry, what: string, side: PolicySide): void {
    if (!NAME.test(entry.key)) {
      this.#source.wrong(
        entry.keyOffset,
        `'${short(entry.key)}' cannot name a ${what}: a letter, then letters, digits, '.', '_' and '-', 40 at most`,
      );
    }
    if (this.#sides.has(entry.key)) {
      this.#source.wrong(entry.keyOffset, `'${short(entry.key)}' names a network or a server already`);
    }
    this.#sides.set(entry.key, side);
  }

  /** An address or a block of them. */
  network(place: Place, what: string): Network | null {
    const text = this.#source.word(place, what);
    if (text === null) return null;
    const network = parseNetwork(text);
    if (network === null) {
      this.#source.wrong(place, `'${short(text)}' is not an address or block such as 10.1.2.3, 10.0.0.0/8 or fd00::/8`);
    }
    return network;
  }

  /** One or several names, addresses or blocks; nobody where there is no place. */
  side(place: Place | undefined, what: string): PolicySide {
    const sides = this.#source.items(place).flatMap((item) => this.#one(item, what));
    return {
      label: sides.map(({ label }) => label).join(', ') || 'nobody',
      networks: sides.flatMap((each) => each.networks),
    };
  }

  #one(place: Place, what: string): PolicySide[] {
    const text = this.#source.word(place, what);
    if (text === null) return [];
    const known = this.#sides.get(text);
    if (known !== undefined) return [known];
    const network = parseNetwork(text);
    if (network !== null) return [{ label: text, networks: [network] }];
    const names = [...this.#sides.keys()].slice(0, 20).join(', ');
    this.#source.wrong(place, `${what}: '${short(text)}' is neither an address, a block, nor one of ${names}`);
    return [];
  }
}
