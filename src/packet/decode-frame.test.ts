import { describe, expect, it } from 'vitest';
import { decodeOne, describeEndpoints, payloadText } from '../../fixtures/frames/decode.ts';
import { arp, ethernet, llcSnap, MAC, multicastMac, qinq, vlan } from '../../fixtures/frames/ethernet.ts';
import { hex, text } from '../../fixtures/frames/header.ts';
import { authenticationHeader, extensionHeader, ipv4, ipv6, ROUTER_ALERT } from '../../fixtures/frames/ip.ts';
import { bsdLoopback, linuxCooked, linuxCooked2 } from '../../fixtures/frames/link.ts';
import { icmp, igmp, sctp, tcp, udp } from '../../fixtures/frames/transport.ts';
import { LINK_TYPE } from '../capture/link-type.ts';
import { formatMac } from '../format/address.ts';
import { IP_PROTOCOL, NO_TRANSPORT, TCP_FLAG } from './decoded-packet.ts';

const HOSTS = { source: '10.0.0.1', destination: '10.0.0.2' };
const HOSTS6 = { source: 'fd00::1', destination: 'fd00::2' };
const PORTS = { sourcePort: 5000, destinationPort: 6000 };
const HELLO = text('hello');
const DATAGRAM = ipv4(HOSTS, udp(PORTS, HELLO));

describe('a TCP segment', () => {
  const segment = tcp(
    {
      ...PORTS,
      sequence: 0xfffffff0,
      acknowledgement: 0x80000001,
      flags: 'SA',
      window: 1234,
      options: hex('020405b4'),
    },
    HELLO,
  );
  const packet = decodeOne(ethernet({}, ipv4({ ...HOSTS, ttl: 63, id: 77, dontFragment: true }, segment)));

  it('gives the addresses of its Ethernet and IP headers', () => {
    expect(formatMac(packet.bytes, packet.sourceMac)).toBe(MAC.client);
    expect(formatMac(packet.bytes, packet.destinationMac)).toBe(MAC.router);
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:6000');
    expect(packet).toMatchObject({ etherType: 0x0800, ipVersion: 4, networkStart: 14, ttl: 63, ipId: 77 });
    expect(packet).toMatchObject({ dontFragment: true, isFragment: false, reassembled: false, frames: 1, tunnel: 0 });
  });

  it('gives sequence numbers as signed integers, so that differences wrap', () => {
    expect(packet.tcpSequence).toBe(-16);
    expect(packet.tcpAcknowledgement).toBe(0x80000001 | 0);
    expect(packet.tcpFlags).toBe(TCP_FLAG.syn | TCP_FLAG.ack);
    expect(packet.tcpWindow).toBe(1234);
  });

  it('has its payload after the options', () => {
    expect(packet.transportStart).toBe(34);
    expect(packet.payloadStart).toBe(34 + 24);
    expect(payloadText(packet)).toBe('hello');
    expect(packet.payloadLength).toBe(5);
    expect(packet.stopLayer).toBeNull();
  });
});

describe('lengths', () => {
  it('leaves out what Ethernet pads a short frame with', () => {
    const packet = decodeOne(ethernet({ trailer: new Uint8Array(20) }, DATAGRAM));
    expect(payloadText(packet)).toBe('hello');
    expect(packet.payloadLength).toBe(5);
    expect(packet.wireLength).toBe(14 + 20 + 8 + 5 + 20);
  });

  it('takes the frame for the length of a packet that offload left at total length 0', () => {
    const packet = decodeOne(ethernet({}, ipv4({ ...HOSTS, totalLength: 0 }, tcp(PORTS, new Uint8Array(40_000)))));
    expect(packet.payloadLength).toBe(40_000);
  });

  it('takes the frame for the length of an IPv6 packet with payload length 0', () => {
    const packet = decodeOne(ethernet({}, ipv6({ ...HOSTS6, payloadLength: 0 }, tcp(PORTS, new Uint8Array(70_000)))));
    expect(packet.payloadLength).toBe(70_000);
  });

  it('keeps the length on the wire when the snap length cut the payload', () => {
    const packet = decodeOne(ethernet({}, ipv4(HOSTS, udp(PORTS, new Uint8Array(1000)))), { snapLength: 96 });
    expect(packet.payloadEnd - packet.payloadStart).toBe(96 - 42);
    expect(packet.payloadLength).toBe(1000);
    expect(packet.stopLayer).toBeNull();
  });

  it('never makes a payload longer than what was on the wire', () => {
    const packet = decodeOne(
      ethernet({}, ipv4({ ...HOSTS, totalLength: 1500 }, udp({ ...PORTS, length: 1400 }, HELLO))),
    );
    expect(packet.payloadLength).toBe(5);
  });

  it('lets the UDP length shorten the payload, and ignores 0', () => {
    expect(decodeOne(ethernet({}, ipv4(HOSTS, udp({ ...PORTS, length: 10 }, HELLO)))).payloadLength).toBe(2);
    expect(decodeOne(ethernet({}, ipv4(HOSTS, udp({ ...PORTS, length: 0 }, HELLO)))).payloadLength).toBe(5);
  });
});

describe('links', () => {
  it.each([
    ['one VLAN tag', vlan(110, DATAGRAM), 110, -1],
    ['a service and a customer tag', qinq(100, 200, DATAGRAM), 100, 200],
    ['three tags, of which the middle one is left out', vlan(1, vlan(2, vlan(3, DATAGRAM))), 1, 3],
    ['a priority tag, which names no VLAN', vlan(0, DATAGRAM), -1, -1],
    ['a priority tag inside a VLAN', vlan(7, vlan(0, DATAGRAM)), 7, -1],
    ['a tag before LLC and SNAP', vlan(9, llcSnap(DATAGRAM)), 9, -1],
    ['LLC and SNAP', llcSnap(DATAGRAM), -1, -1],
  ])('reads IP behind %s', (_, body, outerVlan, innerVlan) => {
    const packet = decodeOne(ethernet({}, body));
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:6000');
    expect(packet).toMatchObject({ outerVlan, innerVlan, etherType: 0x0800 });
  });

  it.each([
    ['Linux cooked', LINK_TYPE.linuxSll, linuxCooked(DATAGRAM)],
    ['Linux cooked version 2', LINK_TYPE.linuxSll2, linuxCooked2(DATAGRAM)],
  ])('reads source address and IP of %s', (_, linkType, frame) => {
    const packet = decodeOne(frame, { linkType });
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:6000');
    expect(formatMac(packet.bytes, packet.sourceMac)).toBe('02:00:00:00:01:10');
    expect(packet.destinationMac).toBe(-1);
  });

  it.each([
    ['null', LINK_TYPE.null, bsdLoopback(DATAGRAM)],
    ['null of a big-endian machine', LINK_TYPE.null, bsdLoopback(DATAGRAM, true)],
    ['loop', LINK_TYPE.loop, bsdLoopback(DATAGRAM, true)],
    ['raw', LINK_TYPE.raw, DATAGRAM],
    ['raw of BSD', LINK_TYPE.rawBsd, DATAGRAM],
    ['IPv4', LINK_TYPE.ipv4, DATAGRAM],
  ])('reads IP of link type %s', (_, linkType, frame) => {
    const packet = decodeOne(frame, { linkType });
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:6000');
    expect(packet).toMatchObject({ sourceMac: -1, destinationMac: -1, etherType: 0 });
  });

  it('leaves the body of ARP to be read', () => {
    const packet = decodeOne(ethernet({}, arp({ senderAddress: '10.0.0.1', targetAddress: '10.0.0.2' })));
    expect(packet).toMatchObject({ etherType: 0x0806, networkStart: 14, ipVersion: 0, transport: NO_TRANSPORT });
    expect(packet.payloadEnd - packet.payloadStart).toBe(28);
  });

  it('says so when it does not know a link type', () => {
    expect(decodeOne(HELLO, { linkType: 147 })).toMatchObject({
      stopLayer: 'link',
      stopReason: 'link type 147 is not supported',
    });
  });
});

describe('the way to the transport', () => {
  it('passes IPv4 options', () => {
    const report = igmp({ type: 0x16, group: '239.1.2.3' });
    const packet = decodeOne(ethernet({}, ipv4({ ...HOSTS, options: ROUTER_ALERT, ttl: 1 }, report)));
    expect(packet).toMatchObject({ transport: IP_PROTOCOL.igmp, transportStart: 38, ttl: 1 });
    expect(packet.payloadEnd - packet.payloadStart).toBe(8);
  });

  it.each([
    ['239.129.2.3', '01:00:5e:01:02:03'],
    ['ff1e::1234:5678', '33:33:12:34:56:78'],
  ])('gives the address that frames to %s have', (group, groupMac) => {
    const packet = group.includes(':')
      ? ipv6({ ...HOSTS6, destination: group }, udp(PORTS))
      : ipv4({ ...HOSTS, destination: group }, udp(PORTS));
    const decoded = decodeOne(ethernet({ destination: multicastMac(group) }, packet));
    expect(formatMac(decoded.bytes, decoded.destinationMac)).toBe(groupMac);
    expect(describeEndpoints(decoded)).toContain(group);
  });

  it('passes IPv6 extension headers', () => {
    const headers = extensionHeader(
      0,
      hex('05020000'),
      extensionHeader(60, hex(''), authenticationHeader(udp(PORTS, HELLO))),
    );
    const packet = decodeOne(ethernet({}, ipv6({ ...HOSTS6, hopLimit: 3 }, headers)));
    expect(describeEndpoints(packet)).toBe('fd00::1:5000 > fd00::2:6000');
    expect(packet).toMatchObject({ transport: IP_PROTOCOL.udp, ttl: 3, ipId: -1, ipVersion: 6 });
    expect(payloadText(packet)).toBe('hello');
  });

  it('passes an authentication header in IPv4', () => {
    const packet = decodeOne(ethernet({}, ipv4(HOSTS, authenticationHeader(tcp(PORTS, HELLO)))));
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:6000');
  });

  it('gives type, code and quoted bytes of ICMP', () => {
    const packet = decodeOne(ethernet({}, ipv4(HOSTS, icmp({ type: 3, code: 13 }, DATAGRAM))));
    expect(packet).toMatchObject({ transport: IP_PROTOCOL.icmp, icmpType: 3, icmpCode: 13, sourcePort: 0 });
    expect(packet.payloadLength).toBe(DATAGRAM.bytes.length);
  });

  it('gives the ports of SCTP, and of other protocols the payload of IP', () => {
    expect(decodeOne(ethernet({}, ipv4(HOSTS, sctp(PORTS, HELLO))))).toMatchObject({
      sourcePort: 5000,
      payloadLength: 5,
    });
    const unknown = decodeOne(ethernet({}, ipv4({ ...HOSTS, protocol: 253 }, HELLO)));
    expect(unknown).toMatchObject({
      transport: 253,
      transportStart: 34,
      payloadStart: 34,
      payloadLength: 5,
      stopLayer: null,
    });
  });
});

describe('frames that are cut or lie', () => {
  it.each([
    [10, 'link', 'Ethernet header cut', 14, 10],
    [30, 'network', 'IPv4 header cut', 20, 16],
    [40, 'transport', 'TCP header cut', 20, 6],
  ])(
    'tells at %i bytes what was needed and what was there',
    (snapLength, stopLayer, stopReason, stopNeeded, stopAvailable) => {
      const packet = decodeOne(ethernet({}, ipv4(HOSTS, tcp(PORTS, HELLO))), { snapLength });
      expect(packet).toMatchObject({ stopLayer, stopReason, stopNeeded, stopAvailable });
    },
  );

  it('keeps the ports of a cut transport', () => {
    const packet = decodeOne(ethernet({}, ipv4(HOSTS, tcp(PORTS, HELLO))), { snapLength: 40 });
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:6000');
  });

  it.each([
    ['a header length below 20', hex('4400001c 00000000 40110000 0a000001 0a000002 13881770 00080000')],
    ['a total length below the header', hex('45000010 00000000 40110000 0a000001 0a000002 13881770 00080000')],
    ['version 5', hex('5500001c 00000000 40110000 0a000001 0a000002 13881770 00080000')],
  ])('takes no addresses from an IPv4 header with %s', (_, bytes) => {
    expect(decodeOne(ethernet({ etherType: 0x0800 }, bytes))).toMatchObject({ ipVersion: 0, stopLayer: 'network' });
  });

  it('stops at a TCP header that is longer than its packet', () => {
    const packet = decodeOne(ethernet({}, ipv4(HOSTS, tcp({ ...PORTS, dataOffset: 15 }, HELLO))));
    expect(packet).toMatchObject({ stopLayer: 'transport', payloadLength: 0, sourcePort: 5000 });
  });

  it('stops in an endless chain of extension headers', () => {
    let chain = udp(PORTS, HELLO);
    for (let i = 0; i < 20; i++) chain = extensionHeader(60, hex(''), chain);
    expect(decodeOne(ethernet({}, ipv6(HOSTS6, chain)))).toMatchObject({ stopReason: 'too many extension headers' });
  });
});
