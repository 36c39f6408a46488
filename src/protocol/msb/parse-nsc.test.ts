import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNsc } from './parse-nsc.ts';

const PLAIN = `[Address]
Name=MY_COMPUTER, bpp
NSC Format Version=3.0
Multicast Adapter=157.55.149.102
IP Address=239.192.48.179
IP Port=0x00004A41
Time To Live=0x00000020
Default Ecc=0x0000000A
Log URL=
Unicast URL=mms://media/bpp
[Formats]
Format1=02X0000vu000EfC2QoTOvcpn6csG2g06BER7S30000000020000042pdNu
Description1=Windows Media Audio Stream
`;

/** Encodes as the specification's section 2.2.1.3 says, or in pairs of hexadecimal digits. */
function encode(text: string, encoding: '01' | '02'): string {
  const data = Buffer.from(`${text}\0`, 'utf16le');
  const header = Buffer.alloc(9);
  header.writeUInt32BE(data.length, 5);
  const bytes = Buffer.concat([header, data]);
  if (encoding === '01') return `01${bytes.toString('hex')}`;
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz{}';
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,6}/g) ?? [];
  return `02${groups.map((group) => alphabet[Number.parseInt(group.padEnd(6, '0'), 2)]).join('')}`;
}

describe('station files', () => {
  it('tell group, port, TTL and where to go instead', () => {
    expect(parseNsc(PLAIN)).toEqual({
      name: 'MY_COMPUTER, bpp',
      source: '157.55.149.102',
      address: '239.192.48.179',
      port: 19009,
      ttl: 32,
      unicastUrl: 'mms://media/bpp',
      logUrl: '',
      formats: ['Windows Media Audio Stream'],
    });
  });

  it('tell the same with encoded texts', () => {
    const encoded = [
      '[Address]',
      'NSC Format Version=029G0000000008Cm0k0300000',
      'IP Address=020G000000000UCW0p03a0BW0n03a0CW0k03G0E00k0340Dm0v0000',
      'IP Port=0x00004A41',
      'Unicast URL=020W0000000002000',
      '[Formats]',
      'Description1=029m000000000SLm1f06u0P01l07S0Sm0W04q0PG1a06a0OG0000',
    ].join('\r\n');
    expect(parseNsc(encoded)).toMatchObject({ address: '239.192.48.179', port: 19009, unicastUrl: '', ttl: null });
  });

  it('give back any text that was encoded', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, fc.constantFrom('01' as const, '02' as const), (name, encoding) => {
        expect(parseNsc(`[Address]\nName=${encode(name, encoding)}\nIP Address=239.0.0.1\n`)?.name).toBe(name);
      }),
    );
  });

  it('leave out numbers that cannot be', () => {
    expect(parseNsc('[Address]\nIP Address=239.0.0.1\nIP Port=0x00012345\nTime To Live=x\n')).toMatchObject({
      port: null,
      ttl: null,
    });
  });

  it('are not seen where there are none, and no text is too strange', () => {
    expect(parseNsc('')).toBeNull();
    expect(parseNsc('[Playlist]\nFile1=x')).toBeNull();
    expect(parseNsc('IP Address=239.0.0.1')).toBeNull();
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (value) => {
        expect(parseNsc(`[Address]\nIP Address=02${value}\nDescription1=01${value}`)).not.toBeUndefined();
      }),
    );
  });
});
