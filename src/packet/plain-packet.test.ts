import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf } from '../../fixtures/frames/batch.ts';
import { ENCAPSULATIONS } from '../../fixtures/frames/encapsulations.ts';
import { ethernet, vlan } from '../../fixtures/frames/ethernet.ts';
import { bytesOf, hex, text } from '../../fixtures/frames/header.ts';
import { ipv4, ipv6 } from '../../fixtures/frames/ip.ts';
import { icmp, tcp, udp } from '../../fixtures/frames/transport.ts';
import { LINK_TYPE } from '../capture/link-type.ts';
import { PacketDecoder } from './decode-frame.ts';
import { DecodedPacket } from './decoded-packet.ts';
import { decodePlain } from './plain-packet.ts';

const HOSTS = { source: '10.0.0.1', destination: '10.0.0.2' };
const PORTS = { sourcePort: 5004, destinationPort: 6970 };
const SEGMENT = tcp({ ...PORTS, sequence: 0xf0000000, flags: 'SA', options: hex('020405b4') }, text('OPTIONS *'));
const DATAGRAM = udp(PORTS, new Uint8Array(40));

const COMMON = [
  ethernet({}, ipv4(HOSTS, DATAGRAM)),
  ethernet({}, ipv4({ ...HOSTS, ttl: 1, dontFragment: true }, SEGMENT)),
  ethernet({}, vlan(110, ipv4(HOSTS, DATAGRAM))),
  ethernet({}, vlan(0, ipv4(HOSTS, SEGMENT))),
  ethernet({ trailer: new Uint8Array(20) }, ipv4(HOSTS, tcp(PORTS))),
];
const OTHERS = [
  ethernet({}, ipv6({ source: 'fd00::1', destination: 'fd00::2' }, DATAGRAM)),
  ethernet({}, ipv4(HOSTS, icmp({ type: 3, code: 13 }, ipv4(HOSTS, SEGMENT)))),
  ethernet({}, ipv4(HOSTS, udp({ sourcePort: 5004, destinationPort: 4789 }, new Uint8Array(60)))),
  ethernet({}, ipv4({ ...HOSTS, moreFragments: true }, DATAGRAM)),
];

/** All of a packet but the way that it was decoded. */
function fieldsOf(packet: DecodedPacket): object {
  return { ...packet, isPlain: null };
}

/** Asks both ways; `plain` may hold any packet of before. Returns whether the short way took the frame. */
function compare(bytes: Uint8Array, snapLength: number, plain: DecodedPacket): boolean {
  const batch = batchOf([bytes], { snapLength });
  if (!decodePlain(batch, 0, plain)) return false;
  const layered = new DecodedPacket();
  new PacketDecoder().decodeByLayers(batch, 0, layered);
  expect(fieldsOf(plain)).toEqual(fieldsOf(layered));
  return true;
}

describe('decodePlain', () => {
  it('takes the common frames, and comes to what the layers come to', () => {
    const packet = new DecodedPacket();
    for (const frame of COMMON) expect(compare(bytesOf(frame), 1500, packet)).toBe(true);
  });

  it('leaves all others to the layers', () => {
    for (const frame of OTHERS) expect(decodePlain(batchOf([frame]), 0, new DecodedPacket())).toBe(false);
    const raw = batchOf([ipv4(HOSTS, DATAGRAM)], { linkType: LINK_TYPE.raw });
    expect(decodePlain(raw, 0, new DecodedPacket())).toBe(false);
  });

  it('never differs from the layers, whatever is cut, damaged or was in the packet before', () => {
    const inner = [ipv4(HOSTS, DATAGRAM), ipv4(HOSTS, SEGMENT)];
    const ethernetOnly = ENCAPSULATIONS.filter(({ linkType }) => linkType === LINK_TYPE.ethernet);
    const wrapped = ethernetOnly.flatMap(({ wrap }) => inner.map((packet) => wrap(packet, false)));
    const frames = [...COMMON, ...OTHERS, ...wrapped].map(bytesOf);
    const decoder = new PacketDecoder();
    const packet = new DecodedPacket();
    let taken = 0;
    const damage = fc.array(fc.tuple(fc.nat(79), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(fc.nat(frames.length - 1), fc.nat(120), damage, fc.boolean(), (i, snapLength, changes, isBefore) => {
        const bytes = Uint8Array.from(frames[i] ?? []);
        for (const [offset, value] of changes) if (offset < bytes.length) bytes[offset] = value;
        if (isBefore) decoder.decode(batchOf([frames[(i * 7) % frames.length] ?? bytes]), 0, packet);
        if (compare(bytes, snapLength, packet)) taken++;
      }),
      { numRuns: 5000, seed: 1 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});
