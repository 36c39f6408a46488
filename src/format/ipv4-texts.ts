/** Texts of IPv4 addresses, the latest ones kept: thousands of flows of one server share one text. */

import { formatIpv4 } from './address.ts';

/** A power of two. */
const PLACES = 4096;

export class Ipv4Texts {
  readonly #addresses = new Uint32Array(PLACES);
  readonly #texts = new Array<string>(PLACES).fill('');

  /** Of an address as an unsigned number. */
  of(address: number): string {
    const place = (Math.imul(address, 0x9e3779b1) >>> 16) % PLACES;
    const known = this.#texts[place] as string;
    if (known !== '' && this.#addresses[place] === address) return known;
    const text = formatIpv4([address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff], 0);
    this.#addresses[place] = address;
    this.#texts[place] = text;
    return text;
  }
}
