import { describe, expect, it } from 'vitest';
import { decodeOne, describeEndpoints } from '../../fixtures/frames/decode.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { type Header, hex } from '../../fixtures/frames/header.ts';
import { extensionHeader, ipv4, ipv6 } from '../../fixtures/frames/ip.ts';
import { icmp, icmpv6, tcp, udp } from '../../fixtures/frames/transport.ts';
import { DecodedPacket } from './decoded-packet.ts';
import { decodeQuoted } from './quoted-packet.ts';

const FORWARD = { source: '10.0.0.1', destination: '10.0.0.2' };
const FROM_ROUTER = { source: '10.0.0.254', destination: '10.0.0.1' };
const FROM_ROUTER6 = { source: 'fd00::fe', destination: 'fd00::1' };
const PORTS = { sourcePort: 40_000, destinationPort: 1755 };
const SYN = ipv4({ ...FORWARD, id: 99, ttl: 7 }, tcp({ ...PORTS, sequence: 0xdeadbeef, flags: 'S' }));

function quote(error: Header): DecodedPacket | null {
  const out = new DecodedPacket();
  const packet = decodeOne(ethernet({}, error));
  return decodeQuoted(packet, out) ? out : null;
}

const cut = (packet: Header, length: number): Uint8Array => packet.bytes.subarray(0, length);

describe('the packet that an error quotes', () => {
  it.each([3, 4, 5, 11, 12])('is read from ICMP type %i', (type) => {
    const quoted = quote(ipv4(FROM_ROUTER, icmp({ type, code: 0 }, SYN)));
    expect(quoted && describeEndpoints(quoted)).toBe('10.0.0.1:40000 > 10.0.0.2:1755');
    expect(quoted).toMatchObject({ transport: 6, tcpSequence: 0xdeadbeef | 0, ipId: 99, ttl: 7 });
  });

  it.each([1, 2, 3, 4])('is read from ICMPv6 type %i, behind extension headers', (type) => {
    const probe = ipv6({ source: 'fd00::1', destination: 'fd00::2' }, extensionHeader(0, hex('05020000'), udp(PORTS)));
    const quoted = quote(ipv6(FROM_ROUTER6, icmpv6({ type }, probe)));
    expect(quoted && describeEndpoints(quoted)).toBe('fd00::1:40000 > fd00::2:1755');
  });

  it('is read whole from 28 bytes, as many devices send no more', () => {
    const quoted = quote(ipv4(FROM_ROUTER, icmp({ type: 3, code: 13 }, cut(SYN, 28))));
    expect(quoted && describeEndpoints(quoted)).toBe('10.0.0.1:40000 > 10.0.0.2:1755');
    expect(quoted?.tcpSequence).toBe(0xdeadbeef | 0);
  });

  it('has no ports when not even those were quoted', () => {
    const quoted = quote(ipv4(FROM_ROUTER, icmp({ type: 3, code: 1 }, cut(SYN, 20))));
    expect(quoted && describeEndpoints(quoted)).toBe('10.0.0.1:0 > 10.0.0.2:0');
  });

  it('has no ports when it was a later fragment', () => {
    const later = ipv4({ ...FORWARD, protocol: 17, fragmentOffset: 1480 }, hex('0102030405060708'));
    expect(quote(ipv4(FROM_ROUTER, icmp({ type: 11 }, later)))).toMatchObject({ sourcePort: 0, fragmentOffset: 1480 });
  });

  it('is read although its total length was quoted in the wrong byte order', () => {
    const swapped = ipv4({ ...FORWARD, totalLength: 0x0a00 }, udp(PORTS));
    expect(quote(ipv4(FROM_ROUTER, icmp({ type: 3, code: 3 }, swapped)))).toMatchObject({ destinationPort: 1755 });
  });
});

describe('what quotes nothing', () => {
  it.each([
    ['an echo', ipv4(FORWARD, icmp({ type: 8 }, SYN))],
    ['an ICMPv6 echo', ipv6(FROM_ROUTER6, icmpv6({ type: 128 }, SYN))],
    ['less than an IP header', ipv4(FROM_ROUTER, icmp({ type: 3 }, cut(SYN, 19)))],
    ['something that is no IPv4 header', ipv4(FROM_ROUTER, icmp({ type: 3 }, new Uint8Array(40)))],
    ['an IPv4 packet in ICMPv6', ipv6(FROM_ROUTER6, icmpv6({ type: 1 }, cut(SYN, 40)))],
    ['TCP', SYN],
  ])('is %s', (_, packet) => {
    expect(quote(packet)).toBeNull();
  });
});
