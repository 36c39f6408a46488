import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAll, describeEndpoints } from '../../fixtures/frames/decode.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import type { Header } from '../../fixtures/frames/header.ts';
import { fragmentHeader, ipv4, ipv4Fragments, ipv6, ipv6Fragments } from '../../fixtures/frames/ip.ts';
import { udp } from '../../fixtures/frames/transport.ts';
import { erspan2, gre } from '../../fixtures/frames/tunnel.ts';
import { PacketDecoder } from './decode-frame.ts';
import type { DecodedPacket } from './decoded-packet.ts';

const HOSTS = { source: '10.0.0.1', destination: '10.0.0.2' };
const HOSTS6 = { source: 'fd00::1', destination: 'fd00::2' };
const PORTS = { sourcePort: 5004, destinationPort: 7000 };

/** Bytes that tell where each belongs. */
const data = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) + seed) & 255);

const fragments = (payload: Uint8Array, size = 1480, id = 77): Header[] =>
  ipv4Fragments({ ...HOSTS, id }, udp(PORTS, payload), size).map((piece) => ethernet({}, piece));

const payloadOf = (packet: DecodedPacket | undefined): Uint8Array | undefined =>
  packet?.bytes.slice(packet.payloadStart, packet.payloadEnd);

/** Frame 1 is the first fragment and so on; each piece with its own content, to show which one won. */
function piece(offset: number, length: number, fill: number, moreFragments = true): Header {
  const options = { ...HOSTS, id: 9, protocol: 17, fragmentOffset: offset, moreFragments };
  return ethernet({}, ipv4(options, new Uint8Array(length).fill(fill)));
}

describe('whole datagrams', () => {
  it.each([
    ['IPv4', fragments(data(4000))],
    ['IPv6', ipv6Fragments({ ...HOSTS6, id: 5 }, udp(PORTS, data(4000)), 1448).map((one) => ethernet({}, one))],
  ])('come out of the frame that completes them, in %s', (_, frames) => {
    const packets = decodeAll(frames);
    const last = packets.at(-1);
    expect(last).toMatchObject({ reassembled: true, isFragment: false, frames: 3, payloadLength: 4000, transport: 17 });
    expect(last?.bytesOnWire).toBe(frames.reduce((sum, frame) => sum + frame.bytes.length, 0));
    expect(payloadOf(last)).toEqual(data(4000));
    expect(last && describeEndpoints(last)).toMatch(/:5004 > .*:7000$/);
  });

  it('keep the MAC addresses reachable', () => {
    const last = decodeAll(fragments(data(4000))).at(-1);
    expect(last?.bytes[last.sourceMac + 5]).toBe(0x10);
    expect(last?.bytes[last.destinationMac + 5]).toBe(0x01);
  });

  it('leave the fragments before them as fragments, of which only the first has ports', () => {
    const [first, second] = decodeAll(fragments(data(4000)));
    expect(first).toMatchObject({
      isFragment: true,
      fragmentOffset: 0,
      sourcePort: 5004,
      reassembled: false,
      frames: 1,
    });
    expect(second).toMatchObject({
      isFragment: true,
      fragmentOffset: 1480,
      sourcePort: 0,
      transport: 17,
      transportStart: -1,
    });
  });

  it('are the same whatever the order of their fragments, and come again where each of these does', () => {
    const payload = data(10_000);
    const frames = fragments(payload);
    const places = frames.map((_, i) => i);
    fc.assert(
      fc.property(fc.shuffledSubarray([...places, ...places], { minLength: 2 * places.length }), (order) => {
        const decoder = new PacketDecoder();
        const packets = decodeAll(
          order.map((i) => frames[i] ?? frames[0]!),
          {},
          decoder,
        );
        const whole = packets.filter((packet) => packet.reassembled);
        expect(whole.map((packet) => Buffer.compare(payload, payloadOf(packet) ?? data(0)))).toEqual([0, 0]);
        expect(whole.map((packet) => packet.frames)).toEqual([frames.length, frames.length]);
        expect(decoder.fragments.counts).toMatchObject({
          begun: 1,
          completed: 1,
          incomplete: 0,
          duplicates: frames.length,
        });
      }),
    );
  });

  it('count a first one that stays alone, and none that completes its datagram or is not there', () => {
    const countsOf = (order: readonly number[]) => {
      const decoder = new PacketDecoder();
      const frames = fragments(data(4000));
      const packets = decodeAll(
        order.map((i) => frames[i]!),
        {},
        decoder,
      );
      return [decoder.fragments.counts.firstAlone, packets.at(-1)?.firstBytesOnWire];
    };
    const first = fragments(data(4000))[0]?.bytes.length;
    expect(countsOf([0])).toEqual([1, 0]);
    expect(countsOf([0, 1])).toEqual([1, 0]);
    expect(countsOf([1, 2])).toEqual([0, 0]);
    expect(countsOf([0, 1, 2])).toEqual([0, first]);
    expect(countsOf([2, 1, 0])).toEqual([0, 0]);
  });

  it('do not come again where one of their fragments does not, nor without end', () => {
    const [first, second, third] = fragments(data(4000)) as [Header, Header, Header];
    const wholes = (frames: readonly Header[]) => decodeAll(frames).filter(({ reassembled }) => reassembled).length;
    expect(wholes([first, first, second, third, third])).toBe(1);
    expect(wholes([first, first, second, second, third, third])).toBe(2);
    expect(wholes(Array.from({ length: 20 }, () => [first, second, third]).flat())).toBe(4);
    const decoder = new PacketDecoder();
    decodeAll(
      Array.from({ length: 20 }, () => first),
      {},
      decoder,
    );
    expect(decoder.fragments.counts).toMatchObject({ begun: 1, firstAlone: 1, duplicates: 19, dropped: 0 });
  });

  it('have copies with another TTL, of which one may fill a gap of the other leg', () => {
    const routed = (frames: readonly Header[]) =>
      frames.map((frame) => ({ ...frame, bytes: frame.bytes.map((byte, i) => (i === 22 ? byte - 1 : byte)) }));
    const [near, far] = [fragments(data(3000)), routed(fragments(data(3000)))];
    const packets = decodeAll([near[0]!, far[0]!, near[1]!, near[2]!, far[1]!, far[2]!]);
    expect(packets.filter(({ reassembled }) => reassembled).map(({ ttl }) => ttl)).toEqual([64, 63]);
    expect(decodeAll([near[0]!, far[0]!, near[1]!, far[2]!]).at(-1)?.reassembled).toBe(true);
  });

  it('of the same identification that follow at once are not taken for copies', () => {
    const [a, b] = [fragments(data(3000)), fragments(data(3000, 9))];
    const wholes = decodeAll([...a, ...b]).filter(({ reassembled }) => reassembled);
    expect(wholes.map(payloadOf)).toEqual([data(3000), data(3000, 9)]);
  });

  it('are told apart by identification, addresses and protocol', () => {
    const [a, b] = [fragments(data(3000), 1480, 1), fragments(data(3000, 9), 1480, 2)];
    const packets = decodeAll([a[0]!, b[0]!, b[2]!, a[2]!, a[1]!, b[1]!]);
    expect(packets.map(payloadOf).slice(4)).toEqual([data(3000), data(3000, 9)]);
  });
});

describe('fragments in tunnels', () => {
  const inner = ethernet({}, ipv4(HOSTS, udp(PORTS, data(1460))));
  const outer = { source: '192.0.2.1', destination: '192.0.2.2' };

  it('show the inner packet once, when the outer datagram is whole', () => {
    const frames = ipv4Fragments({ ...outer, id: 3 }, erspan2({ session: 1 }, inner), 1480).map((one) =>
      ethernet({}, one),
    );
    const [first, second] = decodeAll(frames);
    expect(first).toMatchObject({ isFragment: true, transport: 47, tunnel: 0 });
    expect(second).toMatchObject({ reassembled: true, frames: 2, tunnel: 1, sourcePort: 5004 });
    expect(payloadOf(second)).toEqual(data(1460));
  });

  it('are put together within the outer packet, each tunnel by itself', () => {
    const wrap = (key: number, frame: Header): Header => ethernet({}, ipv4(outer, gre({ key }, frame)));
    const [a, b] = [fragments(data(3000)), fragments(data(3000, 9))];
    const packets = decodeAll([
      wrap(1, a[0]!),
      wrap(2, b[0]!),
      wrap(1, a[1]!),
      wrap(2, b[1]!),
      wrap(2, b[2]!),
      wrap(1, a[2]!),
    ]);
    expect(packets.map(payloadOf).slice(4)).toEqual([data(3000, 9), data(3000)]);
  });

  it('are put together on both levels', () => {
    const whole = fragments(data(4000), 2000).map((frame, i) =>
      ipv4Fragments({ ...outer, id: i + 1 }, gre({}, frame), 1480).map((one) => ethernet({}, one)),
    );
    const last = decodeAll(whole.flat()).at(-1);
    expect(last).toMatchObject({ reassembled: true, payloadLength: 4000 });
    expect(last?.frames).toBe(whole.flat().length);
    expect(payloadOf(last)).toEqual(data(4000));
  });

  it('cut by the snap length show what the first one carries, since there will be no whole', () => {
    const frames = ipv4Fragments({ ...outer, id: 3 }, erspan2({ session: 1 }, inner), 1480).map((one) =>
      ethernet({}, one),
    );
    const [first, second] = decodeAll(frames, { snapLength: 200 });
    expect(first).toMatchObject({ tunnel: 1, sourcePort: 5004, reassembled: false });
    expect(second).toMatchObject({ isFragment: true, reassembled: false });
  });
});

describe('fragments that do not make a datagram', () => {
  it('are not patched up when the snap length cut them', () => {
    const decoder = new PacketDecoder();
    const packets = decodeAll(fragments(data(4000)), { snapLength: 1000 }, decoder);
    expect(packets.some((packet) => packet.reassembled)).toBe(false);
    expect(packets[0]).toMatchObject({ isFragment: true, sourcePort: 5004 });
    expect(decoder.fragments.counts).toMatchObject({ begun: 1, incomplete: 1, unusable: 1 });
  });

  it('keep the bytes that came first where they overlap', () => {
    const decoder = new PacketDecoder();
    const packets = decodeAll([piece(0, 32, 1), piece(24, 16, 2), piece(40, 5, 3, false)], {}, decoder);
    expect(packets[2]).toMatchObject({ reassembled: true });
    const start = packets[2]?.transportStart ?? 0;
    expect(Array.from(packets[2]?.bytes.subarray(start + 30, start + 34) ?? [])).toEqual([1, 1, 2, 2]);
    expect(decoder.fragments.counts).toMatchObject({ overlaps: 1, duplicates: 0 });
  });

  it.each([
    ['a piece before the last that is no multiple of 8', [piece(0, 13, 1), piece(16, 8, 2, false)]],
    ['a piece beyond the end', [piece(16, 8, 2, false), piece(24, 8, 3), piece(0, 16, 1)]],
    ['two ends', [piece(8, 16, 1, false), piece(8, 24, 2, false), piece(0, 8, 3)]],
    ['an end before what has come', [piece(16, 16, 1), piece(8, 8, 2, false), piece(0, 8, 3)]],
    ['more than an IP datagram can be', [piece(65_528, 800, 1, false), piece(0, 8, 3)]],
  ])('are given up with %s', (_, frames) => {
    const decoder = new PacketDecoder();
    const packets = decodeAll(frames, {}, decoder);
    expect(packets.filter((packet) => packet.reassembled && packet.payloadLength > 24)).toEqual([]);
    expect(decoder.fragments.counts.unusable).toBe(1);
  });

  it('do not wait longer than thirty seconds', () => {
    const [first, second, third] = fragments(data(4000));
    const decoder = new PacketDecoder();
    const packets = decodeAll([first!, second!, third!], { interval: 20 }, decoder);
    expect(packets[2]).toMatchObject({ reassembled: false, isFragment: true });
    expect(decoder.fragments.counts).toMatchObject({ begun: 2, completed: 0 });
  });

  it('do not take a later datagram with the same identification for a copy', () => {
    const frames = [...fragments(data(2000)), ...fragments(data(2000, 5))];
    const packets = decodeAll(frames, { interval: 2 });
    expect(packets.map(payloadOf)[3]).toEqual(data(2000, 5));
  });

  it('neither grow without bound nor keep out those that come later', () => {
    const decoder = new PacketDecoder();
    const lost = Array.from({ length: 3000 }, (_, i) =>
      ethernet({}, ipv4({ ...HOSTS, id: i, moreFragments: true }, udp(PORTS, data(1472)))),
    );
    decodeAll(lost, {}, decoder);
    const packets = decodeAll(fragments(data(4000), 1480, 60_000), {}, decoder);
    expect(payloadOf(packets.at(-1))).toEqual(data(4000));
    expect(decoder.fragments.counts).toMatchObject({
      begun: 3001,
      completed: 1,
      incomplete: 3000,
      dropped: 3001 - 256,
    });
  });
});

it('takes an atomic IPv6 fragment for the whole datagram that it is', () => {
  const whole = udp(PORTS, data(100)).bytes;
  const frame = ethernet(
    {},
    ipv6(HOSTS6, fragmentHeader({ nextHeader: 17, offset: 0, moreFragments: false, id: 1 }, whole)),
  );
  expect(decodeAll([frame])[0]).toMatchObject({
    isFragment: false,
    reassembled: false,
    sourcePort: 5004,
    payloadLength: 100,
  });
});
