import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../format/address.ts';
import { CryptoPan } from './crypto-pan.ts';

/** Of the authors' own sample. */
const KEY = Uint8Array.of(
  21,
  34,
  23,
  141,
  51,
  164,
  207,
  128,
  19,
  10,
  91,
  22,
  73,
  144,
  125,
  16,
  216,
  152,
  143,
  131,
  121,
  121,
  101,
  39,
  98,
  87,
  76,
  45,
  42,
  132,
  34,
  2,
);

function pseudonym(address: string): string {
  return formatAddress(new CryptoPan(KEY).pseudonym(parseAddress(address) ?? new Uint8Array(4)));
}

function sharedBits(one: Uint8Array, other: Uint8Array): number {
  const different = Array.from({ length: one.length * 8 }, (_, bit) => {
    const shift = 7 - (bit & 7);
    return (((one[bit >> 3] ?? 0) ^ (other[bit >> 3] ?? 0)) >> shift) & 1;
  }).indexOf(1);
  return different < 0 ? one.length * 8 : different;
}

describe('Crypto-PAn', () => {
  it.each([
    ['128.11.68.132', '135.242.180.132'],
    ['129.118.74.4', '134.136.186.123'],
    ['130.132.252.244', '133.68.164.234'],
    ['141.223.7.43', '141.167.8.160'],
    ['141.233.145.108', '141.129.237.235'],
    ['152.163.225.39', '151.140.114.167'],
    ['156.29.3.236', '147.225.12.42'],
    ['165.247.96.84', '162.9.99.234'],
    ['166.107.77.190', '160.132.178.185'],
    ['192.102.249.13', '252.138.62.131'],
    ['192.215.32.125', '252.43.47.189'],
    ['192.233.80.103', '252.25.108.8'],
    ['192.41.57.43', '252.222.221.184'],
    ['193.150.244.223', '253.169.52.216'],
    ['195.205.63.100', '255.186.223.5'],
    ['198.200.171.101', '249.199.68.213'],
    ['198.26.132.101', '249.36.123.202'],
    ['::1', '78ff:f001:9fc0:20df:8380:b1f1:704:ed'],
    ['::2', '78ff:f001:9fc0:20df:8380:b1f1:704:ef'],
    ['::ffff', '78ff:f001:9fc0:20df:8380:b1f1:704:f838'],
    ['2001:db8::1', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e'],
    ['2001:db8::2', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c'],
  ])('makes of %s what others make of it: %s', (address, expected) => {
    expect(pseudonym(address)).toBe(expected);
  });

  it('lets addresses share as many bits as they did, whatever is kept', () => {
    const pan = new CryptoPan(KEY);
    const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(bytes, bytes, fc.integer({ min: 0, max: 32 }), (one, other, kept) => {
        expect(sharedBits(pan.pseudonym(one, kept), pan.pseudonym(other, kept))).toBe(sharedBits(one, other));
        expect(sharedBits(one, pan.pseudonym(one, kept))).toBeGreaterThanOrEqual(kept);
      }),
    );
  });
});
