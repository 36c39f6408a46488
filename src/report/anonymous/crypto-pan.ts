/**
 * Prefix-preserving pseudonyms of addresses: Crypto-PAn (J. Xu, J. Fan, M. Ammar, S. Moon: Prefix-Preserving IP Address
 * Anonymization, ICNP 2002). Two addresses that share their first n bits have pseudonyms that share exactly n bits.
 */

import { createCipheriv } from 'node:crypto';

const BLOCK_BYTES = 16;
/** The first half is the key of the cipher, the second is encrypted into the padding. */
export const KEY_BYTES = 32;

export class CryptoPan {
  readonly #key: Uint8Array;
  readonly #padding: Uint8Array;

  /** `key`: `KEY_BYTES` bytes, secret and random. */
  constructor(key: Uint8Array) {
    this.#key = key.slice(0, BLOCK_BYTES);
    this.#padding = this.#encrypt(key.slice(BLOCK_BYTES, KEY_BYTES));
  }

  /** The pseudonym of an address of 4 or 16 bytes. The first `keptBits` stay as they are. */
  pseudonym(address: Uint8Array, keptBits = 0): Uint8Array {
    const bits = address.length * 8;
    const blocks = new Uint8Array(bits * BLOCK_BYTES);
    for (let bit = keptBits; bit < bits; bit++) this.#fillBlock(blocks, bit, address);
    const encrypted = this.#encrypt(blocks.subarray(keptBits * BLOCK_BYTES));
    const changed = address.slice();
    for (let bit = keptBits; bit < bits; bit++) {
      const flip = (encrypted[(bit - keptBits) * BLOCK_BYTES] ?? 0) >> 7;
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (flip << (7 - (bit & 7)));
    }
    return changed;
  }

  /** The first `bit` bits of the address, then the padding: its cipher text decides whether the next bit is turned. */
  #fillBlock(blocks: Uint8Array, bit: number, address: Uint8Array): void {
    const start = bit * BLOCK_BYTES;
    blocks.set(this.#padding, start);
    const whole = bit >> 3;
    blocks.set(address.subarray(0, whole), start);
    const mask = (0xff00 >> (bit & 7)) & 0xff;
    const mixed = ((address[whole] ?? 0) & mask) | ((this.#padding[whole] ?? 0) & ~mask & 0xff);
    if (mask !== 0) blocks[start + whole] = mixed;
  }

  /** Each block by itself: they are all different, and only one bit of each is used. */
  #encrypt(blocks: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return cipher.update(blocks);
  }
}
