import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatIpv4,
  formatIpv6,
  formatMac,
  isMulticast,
  isPrivate,
  networkContains,
  parseAddress,
  parseNetwork,
} from './address.ts';

const address = (text: string): Uint8Array => {
  const bytes = parseAddress(text);
  if (bytes === null) throw new Error(text);
  return bytes;
};

describe('formatting', () => {
  it('reads addresses where they stand', () => {
    const bytes = Uint8Array.of(9, 9, 192, 0, 2, 1, 0x02, 0, 0x5e, 0x10, 0, 0xff);
    expect(formatIpv4(bytes, 2)).toBe('192.0.2.1');
    expect(formatMac(bytes, 6)).toBe('02:00:5e:10:00:ff');
    expect(formatIpv6(Uint8Array.from([7, ...address('fd00::1')]), 1)).toBe('fd00::1');
  });

  it.each([
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ])('writes %s as %s', (text, canonical) => {
    expect(formatAddress(address(text))).toBe(canonical);
  });

  it('writes what it reads back as the same bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc
        .array(fc.constantFrom(0, 0, 0, 1, 0xffff, 0x0db8), { minLength: 8, maxLength: 8 })
        .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))),
    );
    fc.assert(
      fc.property(bytes, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
    );
  });
});

describe('parsing', () => {
  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4 ',
    '0x1.2.3.4',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it.each(['1:2:3:4:5:6:7:8:9', '12345::', 'fe80::1%eth0', '::1.2.3', '1.2.3.4::', 'g::', '1:2:3:4:5:6:7:1.2.3.4'])(
    'refuses %j',
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );

  it('accepts exactly what the platform accepts, zones aside', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789abf:.'), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6()), (one) => {
        expect(parseAddress(one) !== null).toBe(isIPv4(one) || isIPv6(one));
      }),
    );
  });
});

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.77/30', '10.0.0.78', true],
    ['10.0.0.77/30', '10.0.0.80', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['fd00::/9', 'fd7f::1', true],
    ['fd00::/9', 'fd80::1', false],
    ['::/0', '10.0.0.1', false],
  ])('%s against %s is %s', (network, one, isInside) => {
    const parsed = parseNetwork(network);
    expect(parsed && networkContains(parsed, address(one))).toBe(isInside);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/08', 'fd00::/129', '/8', 'host'])(
    'refuses %s',
    (text) => {
      expect(parseNetwork(text)).toBeNull();
    },
  );
});

describe('kinds of address', () => {
  it.each(['224.0.0.1', '239.255.255.255', 'ff02::1'])('%s is multicast', (text) => {
    expect(isMulticast(address(text))).toBe(true);
  });

  it.each(['223.255.255.255', '240.0.0.1', '255.255.255.255', 'fe80::1'])('%s is not', (text) => {
    expect(isMulticast(address(text))).toBe(false);
  });

  it.each(['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.127.0.1', '169.254.1.1', 'fd00::1', 'fe80::1'])(
    '%s is private',
    (text) => {
      expect(isPrivate(address(text))).toBe(true);
    },
  );

  it.each(['172.32.0.1', '100.128.0.1', '8.8.8.8', '2001:db8::1', 'ff02::1'])('%s is not', (text) => {
    expect(isPrivate(address(text))).toBe(false);
  });
});
