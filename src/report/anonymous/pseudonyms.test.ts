import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMac, isMulticast, isPrivate, parseNetwork } from '../../format/address.ts';
import { AnonymousText } from './anonymous-text.ts';
import { macOfGroup, Pseudonyms } from './pseudonyms.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => 31 * i + 5);

function make(kept: readonly string[] = []): Pseudonyms {
  return new Pseudonyms(
    KEY,
    kept.flatMap((text) => parseNetwork(text) ?? []),
  );
}

describe('a pseudonym of an address', () => {
  it('is private where the address is, and a group where it is one', () => {
    const pseudonyms = make();
    const address = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(address, (bytes) => {
        const pseudonym = pseudonyms.address(bytes);
        expect(isPrivate(pseudonym)).toBe(isPrivate(bytes));
        expect(isMulticast(pseudonym)).toBe(isMulticast(bytes));
      }),
    );
  });

  it.each([
    '224.0.0.251',
    '239.255.255.250',
    '224.2.127.254',
    '255.255.255.255',
    '127.0.0.1',
    '::1',
    'ff02::fb',
    'ff05::2',
  ])('is %s itself, which means the same to everybody', (address) => expect(make().addressText(address)).toBe(address));

  it('hides hosts, groups of the site, and the address within a solicited-node group', () => {
    const pseudonyms = make();
    for (const address of [
      '10.1.2.3',
      '8.8.8.8',
      '239.1.2.3',
      'fe80::1234',
      'fd00::1',
      '2a00::1',
      'ff02::1:ff00:1234',
    ]) {
      expect(pseudonyms.addressText(address)).not.toBe(address);
    }
    expect(pseudonyms.addressText('ff02::1:ff00:1234')).toMatch(/^ff02::1:ff/);
    expect(pseudonyms.addressText('fe80::1234')).toMatch(/^fe80::/);
  });

  it('is never an address of a network that is kept', () => {
    const pseudonyms = make(['10.5.0.0/16']);
    expect(pseudonyms.addressText('10.5.7.7')).toBe('10.5.7.7');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const isKept = (address: Uint8Array) => address[0] === 10 && address[1] === 5;
        expect(isKept(pseudonyms.address(bytes))).toBe(isKept(bytes));
      }),
    );
  });
});

describe('a pseudonym of a MAC address', () => {
  it('tells no maker, and is that of one station', () => {
    const pseudonym = make().mac(Uint8Array.of(0x00, 0x1b, 0x21, 1, 2, 3));
    expect((pseudonym[0] ?? 0) & 3).toBe(2);
    expect(formatMac(pseudonym, 0)).not.toContain('00:1b:21');
    expect(make().macText('ff:ff:ff:ff:ff:ff')).toBe('ff:ff:ff:ff:ff:ff');
  });

  it('follows from the group where it is one of IP', () => {
    expect(formatMac(macOfGroup(Uint8Array.of(239, 129, 2, 3)), 0)).toBe('01:00:5e:01:02:03');
  });
});

describe('an anonymous sentence', () => {
  const pseudonyms = make();
  const text = new AnonymousText(pseudonyms, new Map([['site/north gate.pcap', 'capture-1']]));

  it('has pseudonyms wherever an address stands, and is otherwise the same', () => {
    const [host, other, mac] = [
      pseudonyms.addressText('10.1.2.3'),
      pseudonyms.addressText('fd00::7'),
      pseudonyms.macText('00:1b:21:01:02:03'),
    ];
    expect(
      text.sentence('RTSP from 10.1.2.3 to [fd00::7]:554 at 19:53:08.867173: MAC 00:1b:21:01:02:03 is 10.1.2.3.'),
    ).toBe(`RTSP from ${host} to [${other}]:554 at 19:53:08.867173: MAC ${mac} is ${host}.`);
    expect(text.sentence('it joined fd00::7: and ff05::2: both')).toBe(`it joined ${other}: and ff05::2: both`);
  });

  it('keeps how wide a network is', () => {
    expect(text.sentence('from 10.1.2.0/24')).toMatch(/^from 10\.\d+\.\d+\.0\/24$/);
  });

  it('names files by their place', () => {
    expect(text.sentence('site/north gate.pcap is damaged at byte 7')).toBe('capture-1 is damaged at byte 7');
  });

  it('shows of what others said the words of protocols alone', () => {
    const said = 'SETUP: 461 no room for (Smith) at 10.1.2.3';
    expect(text.sentence(`10.1.2.3 answered ${said}`, [said])).toBe(
      `${pseudonyms.addressText('10.1.2.3')} answered SETUP: 461 [withheld] (${'[withheld]'}) [withheld] ${pseudonyms.addressText('10.1.2.3')}`,
    );
    expect(text.quote('RTP/AVP;unicast;client_port=5000-5001;destination=gate')).toBe(
      'RTP/AVP;unicast;client_port=5000-5001;[withheld]',
    );
  });
});
