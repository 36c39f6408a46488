/** Encoded addresses of PIM, RFC 7761 section 4.9.1: family, encoding, then the address. */

import { readUint8, readUint16 } from '../../bytes/read.ts';
import { formatAddressAt } from '../../format/address.ts';

const ADDRESS_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [2, 16],
]);
const WILDCARD = 0x02;

/** Reads one field after the other; past the end numbers are 0 and addresses null. */
export class PimReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get left(): number {
    return Math.max(0, this.#end - this.#at);
  }

  skip(count: number): void {
    this.#at += count;
  }

  uint8(): number {
    const value = this.left >= 1 ? readUint8(this.#bytes, this.#at) : 0;
    this.#at += 1;
    return value;
  }

  uint16(): number {
    const value = this.left >= 2 ? readUint16(this.#bytes, this.#at) : 0;
    this.#at += 2;
    return value;
  }

  unicast(): string | null {
    const length = this.#addressBytes();
    return this.#address(length);
  }

  /** With its mask where it stands for a range of groups: `239.0.0.0/8`. */
  group(): string | null {
    const length = this.#addressBytes();
    this.skip(1);
    const mask = this.uint8();
    const address = this.#address(length);
    return address === null || mask === length * 8 ? address : `${address}/${mask}`;
  }

  source(): { readonly address: string; readonly isShared: boolean } | null {
    const length = this.#addressBytes();
    const isShared = (this.uint8() & WILDCARD) !== 0;
    this.skip(1);
    const address = this.#address(length);
    return address === null ? null : { address, isShared };
  }

  /** Length of the address that the family in front announces; 0 when it is none that is known. */
  #addressBytes(): number {
    const family = this.uint8();
    this.skip(1);
    return ADDRESS_BYTES.get(family) ?? 0;
  }

  #address(length: number): string | null {
    if (length === 0 || this.left < length) {
      this.#at = this.#end;
      return null;
    }
    const address = formatAddressAt(this.#bytes, this.#at, length);
    this.#at += length;
    return address;
  }
}
