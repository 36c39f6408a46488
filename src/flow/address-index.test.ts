import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewOf } from '../bytes/read.ts';
import { formatAddress } from '../format/address.ts';
import { AddressIndex } from './address-index.ts';

function find(index: AddressIndex, address: Uint8Array): number {
  return index.find(viewOf(address), 0, address.length);
}

function add(index: AddressIndex, address: Uint8Array): number {
  return index.add(viewOf(address), 0, address.length);
}

describe('AddressIndex', () => {
  it('tells an IPv4 address from the IPv6 address that begins with it', () => {
    const index = new AddressIndex();
    const long = new Uint8Array(16);
    long.set([10, 0, 0, 1]);
    const number = add(index, Uint8Array.of(10, 0, 0, 1));
    expect(find(index, long)).toBe(-1);
    expect(find(index, Uint8Array.of(10, 0, 0, 1))).toBe(number);
  });

  it('does what a map does, whatever is added and removed', () => {
    const address = fc
      .tuple(fc.boolean(), fc.nat(700))
      .map(([isLong, value]) =>
        Uint8Array.from([...(isLong ? new Array(12).fill(0) : []), 10, 0, value >> 8, value & 255]),
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), address), { maxLength: 1500, size: 'max' }), (steps) => {
        const index = new AddressIndex();
        const known = new Map<string, number>();
        for (const [isAdded, bytes] of steps) {
          const text = formatAddress(bytes);
          expect(find(index, bytes)).toBe(known.get(text) ?? -1);
          const number = known.get(text);
          if (isAdded && number === undefined) known.set(text, add(index, bytes));
          if (isAdded || number === undefined) continue;
          index.remove(number);
          known.delete(text);
        }
        expect(index.size).toBe(known.size);
        for (const [text, number] of known) expect(formatAddress(index.address(number))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });
});
