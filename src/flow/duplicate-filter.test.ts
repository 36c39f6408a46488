import { describe, expect, it } from 'vitest';
import { decodeOne } from '../../fixtures/frames/decode.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { ipv4, ipv6 } from '../../fixtures/frames/ip.ts';
import { tcp, udp } from '../../fixtures/frames/transport.ts';
import type { DecodedPacket } from '../packet/decoded-packet.ts';
import { DuplicateFilter, PacketSignature } from './duplicate-filter.ts';

const MILLISECOND = 1e6;
const HOSTS = { source: '10.0.0.1', destination: '10.0.0.2' };

function media(id: number, ttl = 64, first = 1): DecodedPacket {
  const payload = new Uint8Array(20).fill(first);
  return decodeOne(
    ethernet({}, ipv4({ ...HOSTS, id, ttl }, udp({ sourcePort: 5004, destinationPort: 6000 }, payload))),
  );
}

function isDuplicate(filter: DuplicateFilter, packet: DecodedPacket, time: number): boolean {
  const signature = new PacketSignature();
  signature.read(packet);
  return filter.isDuplicate(signature, packet.ttl, time);
}

describe('DuplicateFilter', () => {
  it.each([
    ['a copy', 64],
    ['a copy behind a router', 63],
    ['a copy before a router', 65],
  ])('knows %s', (_what, ttl) => {
    const filter = new DuplicateFilter();
    expect(isDuplicate(filter, media(7), 0)).toBe(false);
    expect(isDuplicate(filter, media(7, ttl), MILLISECOND)).toBe(true);
  });

  it.each([
    ['with another IP id', media(8), MILLISECOND],
    ['with another payload', media(7, 64, 2), MILLISECOND],
    ['much later', media(7), 50 * MILLISECOND],
    ['with a TTL that no few hops explain', media(7, 50), MILLISECOND],
    ['from before', media(7), -MILLISECOND],
  ])('does not take a packet %s for a copy', (_what, packet, time) => {
    const filter = new DuplicateFilter();
    isDuplicate(filter, media(7), 0);
    expect(isDuplicate(filter, packet, time)).toBe(false);
  });

  it('knows copies that come in bursts', () => {
    const filter = new DuplicateFilter();
    const originals = [1, 2, 3].map((id) => isDuplicate(filter, media(id), id));
    const copies = [1, 2, 3].map((id) => isDuplicate(filter, media(id, 63), MILLISECOND + id));
    expect([originals, copies]).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
  });

  it('does not take equal acknowledgements without an IP id for copies', () => {
    const filter = new DuplicateFilter();
    const hosts = { source: 'fd00::1', destination: 'fd00::2' };
    const packet = (): DecodedPacket =>
      decodeOne(ethernet({}, ipv6(hosts, tcp({ sourcePort: 1, destinationPort: 2 }))));
    expect(isDuplicate(filter, packet(), 0)).toBe(false);
    expect(isDuplicate(filter, packet(), 1)).toBe(false);
  });

  it('knows their copies behind a router by the hops', () => {
    const filter = new DuplicateFilter();
    const packet = (hopLimit: number): DecodedPacket =>
      decodeOne(
        ethernet(
          {},
          ipv6({ source: 'fd00::1', destination: 'fd00::2', hopLimit }, tcp({ sourcePort: 1, destinationPort: 2 })),
        ),
      );
    const seen = [64, 63, 64, 63].map((hopLimit, i) => isDuplicate(filter, packet(hopLimit), i * MILLISECOND));
    expect(seen).toEqual([false, true, false, true]);
  });
});
