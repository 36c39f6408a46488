import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { decodeAll, decodeOne, describeEndpoints, payloadText } from '../../fixtures/frames/decode.ts';
import { ENCAPSULATIONS, IPV6_ENCAPSULATIONS } from '../../fixtures/frames/encapsulations.ts';
import { arp, ethernet, isl, macsec, mpls, vlan } from '../../fixtures/frames/ethernet.ts';
import { type Header, hex, text } from '../../fixtures/frames/header.ts';
import { ipv4, ipv6 } from '../../fixtures/frames/ip.ts';
import { wifiData } from '../../fixtures/frames/link.ts';
import { tcp, udp } from '../../fixtures/frames/transport.ts';
import { erspan2, gre, pimRegister, pptpGre, vxlan } from '../../fixtures/frames/tunnel.ts';
import { LINK_TYPE } from '../capture/link-type.ts';
import { PacketDecoder } from './decode-frame.ts';
import { DecodedPacket } from './decoded-packet.ts';

const HOSTS = { source: '10.0.0.1', destination: '10.0.0.2' };
const BACK = { source: '10.0.0.2', destination: '10.0.0.1' };
const HOSTS6 = { source: 'fd00::1', destination: 'fd00::2' };
const BACK6 = { source: 'fd00::2', destination: 'fd00::1' };
const OUTER = { source: '192.0.2.1', destination: '192.0.2.2' };
const REQUEST = tcp({ sourcePort: 5000, destinationPort: 554 }, text('OPTIONS * RTSP/1.0\r\n\r\n'));
const ANSWER = tcp({ sourcePort: 554, destinationPort: 5000 }, text('RTSP/1.0 200 OK\r\n\r\n'));

describe.each(ENCAPSULATIONS)('$name', ({ wrap, linkType, tunnel }) => {
  it.each([
    ['IPv4', ipv4(HOSTS, REQUEST), '10.0.0.1:5000 > 10.0.0.2:554', ipv4(BACK, ANSWER)],
    ['IPv6', ipv6(HOSTS6, REQUEST), 'fd00::1:5000 > fd00::2:554', ipv6(BACK6, ANSWER)],
  ])('gives the %s packet inside, and both directions one tunnel', (version, request, endpoints, answer) => {
    const decoder = new PacketDecoder();
    const [there, back] = decodeAll([wrap(request, false), wrap(answer, true)], { linkType }, decoder);
    if (there === undefined || back === undefined) throw new Error('two frames make two packets');

    expect(describeEndpoints(there)).toBe(endpoints);
    expect(payloadText(there)).toBe('OPTIONS * RTSP/1.0\r\n\r\n');
    expect(there).toMatchObject({ stopLayer: null, payloadLength: 22 });
    expect(payloadText(back)).toBe('RTSP/1.0 200 OK\r\n\r\n');
    expect(back.tunnel).toBe(there.tunnel);
    const expected = version === 'IPv6' && tunnel !== null ? tunnel.replace('IP-in-IP', 'IPv6-in-IP') : tunnel;
    expect(there.tunnel === 0 ? null : decoder.tunnels.describe(there.tunnel)).toBe(expected);
  });
});

describe.each(IPV6_ENCAPSULATIONS)('$name', ({ wrap, tunnel }) => {
  it('gives the packet inside, and both directions one tunnel', () => {
    const decoder = new PacketDecoder();
    const [there, back] = decodeAll([wrap(ipv6(HOSTS6, REQUEST), false), wrap(ipv6(BACK6, ANSWER), true)], {}, decoder);
    expect(there && describeEndpoints(there)).toBe('fd00::1:5000 > fd00::2:554');
    expect(back?.tunnel).toBe(there?.tunnel);
    expect(decoder.tunnels.describe(there?.tunnel ?? 0)).toBe(tunnel);
  });
});

describe('tunnels', () => {
  const frame = ethernet({}, ipv4(HOSTS, REQUEST));
  const over = (body: Header): Header => ethernet({}, ipv4(OUTER, body));
  const toPort = (destinationPort: number, body: Header | Uint8Array): Header =>
    over(udp({ sourcePort: 40_000, destinationPort }, body));

  it('keeps flows of different sessions and networks apart', () => {
    const frames = [1, 2, 1].map((session) => over(erspan2({ session }, frame)));
    frames.push(toPort(4789, vxlan(1, frame)), toPort(4789, vxlan(2, frame)), over(gre({ key: 1 }, frame)));
    expect(decodeAll(frames).map((packet) => packet.tunnel)).toEqual([1, 2, 1, 3, 4, 5]);
  });

  it('describes a tunnel in a tunnel from the outermost inward', () => {
    const decoder = new PacketDecoder();
    const packet = decodeOne(over(erspan2({ session: 20 }, toPort(4789, vxlan(0, frame)))), {}, decoder);
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:554');
    expect(decoder.tunnels.describe(packet.tunnel)).toBe(
      'ERSPAN II session 20 from 192.0.2.1 to 192.0.2.2 > VXLAN VNI 0 from 192.0.2.1 to 192.0.2.2',
    );
  });

  it('takes MAC addresses and VLANs of the innermost Ethernet header', () => {
    const inner = ethernet({ source: '02:00:00:00:00:77' }, vlan(5, ipv4(HOSTS, REQUEST)));
    const packet = decodeOne(ethernet({}, vlan(9, ipv4(OUTER, erspan2({ session: 1 }, inner)))));
    expect(packet).toMatchObject({ outerVlan: 5, innerVlan: -1 });
    expect(packet.bytes[packet.sourceMac + 5]).toBe(0x77);
  });

  it('shows ARP in a remote span, since that tells who can be seen', () => {
    const inner = ethernet({}, arp({ senderAddress: '10.0.0.1', targetAddress: '10.0.0.2' }));
    const packet = decodeOne(over(erspan2({ session: 1 }, inner)));
    expect(packet).toMatchObject({ etherType: 0x0806, ipVersion: 0, sourcePort: 0, tunnel: 1 });
  });

  it('leaves a frame without IP in an overlay to the outer flow', () => {
    const inner = ethernet({}, arp({ senderAddress: '10.0.0.1', targetAddress: '10.0.0.2' }));
    const packet = decodeOne(toPort(4789, vxlan(1, inner)));
    expect(describeEndpoints(packet)).toBe('192.0.2.1:40000 > 192.0.2.2:4789');
    expect(packet.tunnel).toBe(0);
  });

  it.each([4789, 8472, 6081, 2152, 37_008, 1701, 3544, 3653, 5072])(
    'does not take media on port %i for a tunnel',
    (port) => {
      const rtp = hex('8060 0001 00000100 deadbeef 4500 0000 0806 0800');
      const packet = decodeOne(toPort(port, rtp));
      expect(describeEndpoints(packet)).toBe(`192.0.2.1:40000 > 192.0.2.2:${port}`);
      expect(packet).toMatchObject({ tunnel: 0, payloadLength: rtp.length, stopLayer: null });
    },
  );

  it('stays with the outer packet when what is inside is no packet', () => {
    const packet = decodeOne(over(gre({ protocol: 0x0800 }, hex('00112233445566778899aabbccddeeff0011223344'))));
    expect(describeEndpoints(packet)).toBe('192.0.2.1:0 > 192.0.2.2:0');
    expect(packet).toMatchObject({ transport: 47, tunnel: 0, stopLayer: 'network' });
  });

  it('stays with the outer packet of control messages', () => {
    const negotiation = { bytes: hex('ff03 c021 01010004') };
    expect(decodeOne(over(pptpGre({ callId: 1, sequence: 1 }, negotiation)))).toMatchObject({
      transport: 47,
      tunnel: 0,
    });
    const nullRegister = pimRegister(ipv4(HOSTS, new Uint8Array(0)));
    nullRegister.bytes[4] = 0x40;
    expect(decodeOne(over(nullRegister))).toMatchObject({ transport: 103, tunnel: 0 });
  });

  it('follows eight tunnels and no more', () => {
    const nest = (depth: number): Header => (depth === 0 ? ipv4(HOSTS, REQUEST) : ipv4(OUTER, nest(depth - 1)));
    expect(describeEndpoints(decodeOne(ethernet({}, nest(8))))).toBe('10.0.0.1:5000 > 10.0.0.2:554');
    expect(decodeOne(ethernet({}, nest(9)))).toMatchObject({ stopReason: 'tunnels nested too deep', transport: 4 });
  });

  it('believes the mirrored packet about its length when the span truncated it', () => {
    const mirrored = ethernet({}, ipv4(HOSTS, udp({ sourcePort: 1, destinationPort: 2 }, new Uint8Array(1000))));
    const span = erspan2({ session: 1 }, { bytes: mirrored.bytes.subarray(0, 100) });
    span.bytes[8 + 2] = (span.bytes[8 + 2] ?? 0) | 0x04;
    const packet = decodeOne(over(span));
    expect(packet.payloadLength).toBe(1000);
    expect(packet.payloadEnd - packet.payloadStart).toBe(100 - 42);
  });

  it('gives paths beyond its limit one shared name', () => {
    const decoder = new PacketDecoder();
    const packet = new DecodedPacket();
    for (let first = 0; first < 5000; first += 1000) {
      const frames = Array.from({ length: 1000 }, (_, i) => over(gre({ key: first + i }, frame)));
      const batch = batchOf(frames);
      for (let i = 0; i < frames.length; i++) decoder.decode(batch, i, packet);
    }
    expect(decoder.tunnels.size).toBe(4095);
    expect(decoder.tunnels.describe(packet.tunnel)).toBe('other tunnel (more than 4095 were seen)');
    expect(describeEndpoints(packet)).toBe('10.0.0.1:5000 > 10.0.0.2:554');
  });
});

describe('links that hide their packet', () => {
  it('names MACsec', () => {
    expect(decodeOne(ethernet({}, macsec(new Uint8Array(40)))).stopReason).toBe('encrypted by MACsec');
  });

  it('names encrypted 802.11', () => {
    const packet = decodeOne(wifiData({ isProtected: true }, { bytes: new Uint8Array(40) }), {
      linkType: LINK_TYPE.ieee80211,
    });
    expect(packet.stopReason).toBe('encrypted 802.11 frame');
  });

  it('reads the VLAN of ISL', () => {
    expect(decodeOne(isl(110, ethernet({}, ipv4(HOSTS, REQUEST))))).toMatchObject({ outerVlan: 110, ipVersion: 4 });
  });

  it('stops in an endless stack of labels', () => {
    const labels = Array.from({ length: 40 }, () => 16);
    expect(decodeOne(ethernet({}, mpls(labels, ipv4(HOSTS, REQUEST)))).stopReason).toBe('too many MPLS labels');
  });
});
