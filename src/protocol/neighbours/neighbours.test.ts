import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlRecord } from '../control-record.ts';
import type { PayloadContext, Recognition, Transport } from '../dissector.ts';
import { NEIGHBOURS } from './neighbours.ts';

const zeros = (count: number) => '00'.repeat(count);
const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex');

/** A name of 16 bytes as RFC 1001 writes it, with its length before and a NUL behind. */
const netbiosName = `20${ascii('FHEPFCELEHFCEPFFFACACACACACACABN')}00`;

/** One message format, told apart by flags and groups. */
const NAME_SERVICES = ['dns', 'mdns', 'llmnr', 'nbns'];
/** Both open with the same BER; a short message of one is a byte away from the other's. */
const BER_MESSAGES = ['snmp', 'ldap'];

interface Vector {
  readonly id: string;
  readonly transport: Transport;
  readonly hex: string;
  readonly isMulticast?: boolean;
}

const udp = (id: string, hex: string): Vector => ({ id, transport: 'udp', hex });
const tcp = (id: string, hex: string): Vector => ({ id, transport: 'tcp', hex });

const VECTORS: readonly Vector[] = [
  tcp('tls', `16030100310100002d0303${'11'.repeat(32)}00 0004 002f00ff 01 00`),
  tcp('tls', '1503010002020a'),
  tcp('ssh', ascii('SSH-2.0-OpenSSH_9.6\r\n')),
  tcp('smb', `00000040fe534d42${zeros(60)}`),
  tcp('nbss', `81000044${netbiosName}${netbiosName}`),
  tcp('dcerpc', '05000b031000000048000000010000000000'),
  tcp('rdp', '030000130ee000000000000100080003000000'),
  tcp('rdp', `03000023 1e e00000000000${ascii('Cookie: mstshash=alice\r\n')}`),
  tcp('iso-tsap', '03000016 11 e00000000100 c1020100 c2020102 c0010a'),
  udp('nbns', `84e701100001000000000000${netbiosName}00200001`),
  udp('nbdgm', `110e84ecc0a80102008a0044 0000${netbiosName}${netbiosName}`),
  {
    ...udp('mdns', `000000000001000000000000 04${ascii('_ipp')}04${ascii('_tcp')}05${ascii('local')}00 000c0001`),
    isMulticast: true,
  },
  { ...udp('llmnr', `d0c800000001000000000000 06${ascii('isatap')}00 00010001`), isMulticast: true },
  udp('dns', `b10b01000001000000000000 03${ascii('www')}04${ascii('espn')}03${ascii('com')}00 00010001`),
  udp('dns', `b10b81800001000100000000 03${ascii('www')}00 00010001 c00c 0001 0001 00000e10 0004 01020304`),
  tcp('dns', `0015 b10b01000001000000000000 03${ascii('www')}00 00010001`),
  udp('stun', '000100002112a442000102030405060708090a0b'),
  udp('stun', '00010008 11223344556677889900aabbccddeeff 0003000400000006'),
  udp('dtls', '16fefd0000000000000000000401000000'),
  udp('quic', `c000000001 08 1122334455667788 00 00 ${'aa'.repeat(40)}`),
  udp('quic', `80 00000000 08 1122334455667788 00 00000001`),
  udp('quic', `0d ${'12'.repeat(8)} 51303433 01`),
  udp(
    'srt',
    `80000000 00000000 00000000 00000000 00000004 00020002 00000001 000005dc 00002000 00000001 12345678 00000000 0100000a${zeros(12)}`,
  ),
  udp('ssdp', ascii('M-SEARCH * HTTP/1.1\r\nHost:239.255.255.250:1900\r\n\r\n')),
  udp('ssdp', ascii('HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n')),
  udp('ws-discovery', ascii('<?xml version="1.0"?><e xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"/>')),
  udp('dropbox-lan', ascii('{"host_int": 1, "version": [2, 0], "namespaces": [1], "port": 17500}')),
  udp('ntp', `230300e8 00000100 00000200 0a000001 ${'e5000000 00000000'.repeat(4)}`),
  udp('dhcp', `0101060012345678${zeros(228)}63825363 350101ff`),
  udp('bacnet', '810b0012 0120ffff00ff1008 0a1b591a1b59'),
  udp('dhcpv6', '01b3c43f 00080002 0064 0001000e 000100011d5c9d330021cccf1d28'),
  udp('ptp', `0002002c 0000 0000${zeros(20)}0001 0000 00 00${zeros(10)}`.replace(/ /g, '')),
  udp('radius', `01 05 0019 ${'ab'.repeat(16)} 01 05 626f62`),
  udp('tftp', `0001${ascii('boot.img')}00${ascii('octet')}00`),
  udp('syslog', ascii('<34>Oct 11 22:14:15 host su: failed')),
  udp('snmp', '302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500'),
  udp('snmp', '300702010330020201'),
  tcp('ldap', '300c020101600702010304008000'),
  tcp('tds', `12010022 00000100 00 000b 0006 01 0011 0001 ff 0b000c380000 00${zeros(8)}`),
  tcp('mysql', `4a0000000a${ascii('8.0.36')}00${zeros(66)}`),
  tcp('postgresql', '0000000804d2162f'),
  tcp('postgresql', `00000012 00030000 ${ascii('user')}00${ascii('bob')}0000`),
  tcp(
    'oracle-tns',
    `003a 0000 01 00 0000 013a012c 0000 0800 7fff 7f08 0000 0001 0018 0022 00000000 4141 ${zeros(0)}${ascii('(DESCRIPTION=(X=1))')}${zeros(5)}`,
  ),
  tcp('memcached', ascii('set greeting 0 60 5\r\nhello\r\n')),
  udp('memcached', `0001 0000 0001 0000 ${ascii('stats\r\n')}`),
  tcp('redis', ascii('*2\r\n$3\r\nGET\r\n$1\r\na\r\n')),
  tcp('smtp', ascii('220 mail.example.org ESMTP Postfix\r\n')),
  tcp('smtp', ascii('EHLO client.example.org\r\n')),
  tcp('ftp', ascii('220 ProFTPD Server ready.\r\n')),
  tcp('ftp', ascii('USER anonymous\r\n')),
  tcp('pop3', ascii('+OK POP3 server ready\r\n')),
  tcp('imap', ascii('* OK [CAPABILITY IMAP4rev1] ready\r\n')),
  tcp('xmpp', ascii("<?xml version='1.0'?><stream:stream to='x'>")),
  tcp('vnc', ascii('RFB 003.008\n')),
  tcp('bittorrent', `13${ascii('BitTorrent protocol')}${zeros(8)}`),
  udp('bittorrent', ascii('d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe')),
  udp('bittorrent', '00000417271019800000000012345678'),
  udp('wireguard', `01000000${'ab'.repeat(144)}`),
  udp('wireguard', `02000000${'ab'.repeat(88)}`),
  udp('openvpn', '38 1122334455667788 00 00000000'),
  udp('ike', `1122334455667788 0000000000000000 21 20 22 08 00000000 0000001c`),
  udp('l2tp', 'c802 0014 0000 0000 0000 0000 8008 0000 0000 0001'),
  tcp('pptp', `009c 0001 1a2b3c4d 0001 0000${zeros(144)}`),
  tcp('socks', '050100'),
  tcp('mqtt', `100d 0004 ${ascii('MQTT')} 04 02 003c 0001 61`),
  tcp('amqp', `${ascii('AMQP')}00000901`),
  udp('sunrpc', `3841169f 00000000 00000002 000186a0 00000002 00000003${zeros(16)}`),
  udp('uftp', `400100000a00000196f4c304009d0000 0106001400000514${zeros(16)}`),
  tcp('ndi', ascii('<ndi_version text="4" video="4" audio="3"/>')),
  udp('vban', `${ascii('VBAN')}${zeros(24)}`),
  udp('artnet', `${ascii('Art-Net')}00 0050 000e 0000`),
  udp('zoom', `1f020100 0800010004005c9b637b0000006400000062a04c 0000000d ${ascii('192.168.1.226')}${zeros(8)}`),
  udp('raknet', `01 0000000000000001 00ffff00fefefefefdfdfdfd12345678 ${zeros(8)}`),
  udp('source-engine', `ffffffff54${ascii('Source Engine Query')}00`),
];

/** The same bytes between others, which nobody may look at. */
function surrounded(
  bytes: Uint8Array,
  filler: number,
): { readonly bytes: Uint8Array; readonly start: number; readonly end: number } {
  const array = new Uint8Array(bytes.length + 96).fill(filler);
  array.set(bytes, 32);
  return { bytes: array, start: 32, end: 32 + bytes.length };
}

function contextOf(transport: Transport, wireLength: number, isMulticast = false): PayloadContext {
  const at = { capture: 0, frame: 1, time: 0 };
  return { transport, direction: 0, sourcePort: 40_001, destinationPort: 40_003, isMulticast, wireLength, at };
}

function recognizeAll(bytes: Uint8Array, vector: Omit<Vector, 'hex' | 'id'>, filler = 0): [string, Recognition][] {
  const placed = surrounded(bytes, filler);
  const context = contextOf(vector.transport, bytes.length, vector.isMulticast);
  return NEIGHBOURS.filter((dissector) => dissector.transports.includes(vector.transport)).map((dissector) => [
    dissector.id,
    dissector.recognize(placed.bytes, placed.start, placed.end, context),
  ]);
}

function bytesOf(vector: Vector): Uint8Array {
  return new Uint8Array(Buffer.from(vector.hex.replaceAll(' ', ''), 'hex'));
}

function claims(recognitions: readonly [string, Recognition][]): string[] {
  return recognitions.filter(([, recognition]) => recognition === 'yes').map(([id]) => id);
}

describe('the neighbours', () => {
  it.each(VECTORS.map((vector, i) => [i, vector.id, vector] as const))(
    '%i: know %s by its bytes on any port',
    (_i, id, vector) => {
      const [first] = claims(recognizeAll(bytesOf(vector), vector));
      expect(first).toBe(id);
    },
  );

  it('know DHCP whose cookie was cut off, as long as there was room for it', () => {
    const cut = bytesOf(udp('dhcp', `0101060000003d1d${zeros(46)}`));
    const dhcp = NEIGHBOURS.find((dissector) => dissector.id === 'dhcp');
    expect(dhcp?.recognize(cut, 0, cut.length, contextOf('udp', 300))).toBe('yes');
    expect(dhcp?.recognize(cut, 0, cut.length, contextOf('udp', 54))).toBe('no');
  });

  it('have a vector each', () => {
    const covered = new Set(VECTORS.map((vector) => vector.id));
    expect(NEIGHBOURS.map((dissector) => dissector.id).filter((id) => !covered.has(id))).toEqual([]);
  });

  it('never look beyond the end, at any prefix of any vector', () => {
    const differing = new Set<string>();
    for (const vector of VECTORS) {
      const whole = bytesOf(vector);
      for (let length = 0; length <= whole.length; length++) {
        const [zeroed, filled] = [0x00, 0xff].map((filler) => recognizeAll(whole.subarray(0, length), vector, filler));
        zeroed?.forEach(([id, recognition], i) => {
          if (recognition !== filled?.[i]?.[1]) differing.add(`${id} at ${length} of ${vector.id}`);
        });
      }
    }
    expect([...differing]).toEqual([]);
  });

  it('claim nothing of random bytes', () => {
    const transport = fc.constantFrom<Transport>('tcp', 'udp');
    fc.assert(
      fc.property(transport, fc.uint8Array({ maxLength: 300 }), (kind, bytes) => {
        expect(claims(recognizeAll(bytes, { transport: kind }))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('claim nothing that is not theirs when a byte of a vector is wrong', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VECTORS), fc.nat(), fc.integer({ min: 1, max: 255 }), (vector, place, change) => {
        const bytes = bytesOf(vector);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const family = [NAME_SERVICES, BER_MESSAGES].find((ids) => ids.includes(vector.id)) ?? [vector.id];
        for (const id of claims(recognizeAll(bytes, vector))) expect(family).toContain(id);
      }),
      // The same bytes in each run: one wrong byte can turn a short vector into another protocol's.
      { numRuns: 2000, seed: 7 },
    );
  });

  it('follow any bytes in any pieces without failing', () => {
    const dissectors = NEIGHBOURS.filter((dissector) => dissector.open !== undefined);
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...dissectors), fc.constantFrom(...VECTORS), pieces, (dissector, vector, parts) => {
        const [transport = 'tcp'] = dissector.transports;
        const dissection = dissector.open?.(new ControlRecord(), contextOf(transport, 1));
        for (const part of [bytesOf(vector), ...parts]) {
          dissection?.data(part, 0, part.length, contextOf(transport, part.length));
          dissection?.gap?.(0, part[0] ?? 0, { capture: 0, frame: 1, time: 0 });
        }
      }),
    );
  });
});
