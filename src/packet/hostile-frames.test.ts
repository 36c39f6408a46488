import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENCAPSULATIONS, IPV6_ENCAPSULATIONS } from '../../fixtures/frames/encapsulations.ts';
import { ethernet } from '../../fixtures/frames/ethernet.ts';
import { hex, text } from '../../fixtures/frames/header.ts';
import {
  authenticationHeader,
  extensionHeader,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
} from '../../fixtures/frames/ip.ts';
import {
  icmp,
  icmpv6,
  igmpv3Query,
  igmpv3Report,
  mldv2Report,
  neighbour,
  tcp,
  udp,
} from '../../fixtures/frames/transport.ts';
import { viewOf } from '../bytes/read.ts';
import { FrameBatch } from '../capture/frame-batch.ts';
import { LINK_TYPE } from '../capture/link-type.ts';
import { PacketDecoder } from './decode-frame.ts';
import { DecodedPacket } from './decoded-packet.ts';
import { decodeQuoted } from './quoted-packet.ts';

interface Sample {
  readonly linkType: number;
  readonly bytes: Uint8Array;
}

const HOSTS = { source: '10.0.0.1', destination: '10.0.0.2' };
const HOSTS6 = { source: 'fd00::1', destination: 'fd00::2' };
const REQUEST = tcp({ sourcePort: 5000, destinationPort: 554, options: hex('020405b4') }, text('OPTIONS *'));

const PACKETS = [
  ipv4(HOSTS, igmpv3Report([{ type: 4, group: '239.1.2.3' }])),
  ipv4(HOSTS, igmpv3Query({ group: '239.1.2.3', sources: ['10.0.0.9'] })),
  ipv6(HOSTS6, extensionHeader(0, hex('05020000'), mldv2Report([{ type: 4, group: 'ff1e::1' }]))),
  ipv6(HOSTS6, neighbour(136, 'fd00::1')),
  ipv4(HOSTS, icmp({ type: 3, code: 13 }, ipv4(HOSTS, REQUEST))),
  ipv4(HOSTS, authenticationHeader(REQUEST)),
  ipv6(HOSTS6, extensionHeader(0, hex('05020000'), extensionHeader(43, new Uint8Array(20), REQUEST))),
  ipv6(HOSTS6, icmpv6({ type: 1, code: 1 }, ipv6(HOSTS6, extensionHeader(60, hex('0000'), REQUEST)))),
  ...ipv4Fragments(HOSTS, udp({ sourcePort: 1, destinationPort: 2 }, new Uint8Array(100)), 64),
  ...ipv6Fragments({ ...HOSTS6, id: 1 }, udp({ sourcePort: 1, destinationPort: 2 }, new Uint8Array(100)), 64),
];

const SAMPLES: readonly Sample[] = [
  ...ENCAPSULATIONS.flatMap(({ linkType, wrap }) =>
    [ipv4(HOSTS, REQUEST), ipv6(HOSTS6, REQUEST)].map((packet) => ({ linkType, bytes: wrap(packet, false).bytes })),
  ),
  ...IPV6_ENCAPSULATIONS.map(({ linkType, wrap }) => ({ linkType, bytes: wrap(ipv6(HOSTS6, REQUEST), false).bytes })),
  ...PACKETS.map((packet) => ({ linkType: LINK_TYPE.ethernet, bytes: ethernet({}, packet).bytes })),
];

/** All that a packet says, without what it points into. */
function factsOf(packet: DecodedPacket): string {
  const { bytes: _bytes, view: _view, ...facts } = packet;
  return JSON.stringify(facts);
}

/** The frame with `tail` behind it, where a decoder must not look; no tail lets a reader beyond the end fail. */
function decode(
  decoder: PacketDecoder,
  tail: Uint8Array,
  { linkType, bytes }: Sample,
  length: number,
  out = new DecodedPacket(),
): DecodedPacket {
  const batch = new FrameBatch();
  batch.bytes = Uint8Array.from([...bytes.subarray(0, length), ...tail]);
  batch.view = viewOf(batch.bytes);
  batch.capturedLengths[0] = length;
  batch.wireLengths[0] = bytes.length;
  batch.linkTypes[0] = linkType;
  batch.count = 1;
  decoder.decode(batch, 0, out);
  return out;
}

const NOTHING = new Uint8Array(0);
const TAIL = new Uint8Array(128).fill(0x45);

/** What is wrong with a packet of which `length` bytes were captured; empty when nothing is. */
function faultOf(packet: DecodedPacket, length: number): string {
  decodeQuoted(packet, new DecodedPacket());
  const end = packet.reassembled ? packet.bytes.length : length;
  const captured = packet.payloadEnd - packet.payloadStart;
  if (captured < 0 || packet.payloadEnd > end) return 'payload outside of the frame';
  if (packet.payloadLength < captured) return 'payload longer than on the wire';
  if (packet.ipVersion !== 0 && packet.destinationAddress + 4 > packet.bytes.length) return 'address outside';
  if ((packet.stopReason === '') !== (packet.stopLayer === null)) return 'stop without reason';
  if (packet.stopNeeded !== 0 && packet.stopNeeded <= packet.stopAvailable) return 'stopped though all was there';
  return '';
}

describe('any frame', () => {
  it('is decoded as far as it goes, wherever the capture cut it', () => {
    // Two decoders that are given the same frames know the same tunnels and fragments.
    const [first, second] = [new PacketDecoder(), new PacketDecoder()];
    for (const sample of SAMPLES) {
      for (let length = 0; length <= sample.bytes.length; length++) {
        const packet = decode(first, NOTHING, sample, length);
        expect(faultOf(packet, length)).toBe('');
        expect(factsOf(decode(second, TAIL, sample, length))).toBe(factsOf(packet));
      }
    }
  });

  it('does no harm with any of its bytes changed', () => {
    // Two decoders that are given the same frames know the same tunnels and fragments.
    const [first, second] = [new PacketDecoder(), new PacketDecoder()];
    const change = fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 }));
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), changes, fc.nat({ max: 400 }), ({ linkType, bytes }, places, cut) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of places) changed[at % bytes.length] = value;
        const length = Math.max(0, bytes.length - (cut % 2 === 0 ? 0 : cut));
        const packet = decode(first, NOTHING, { linkType, bytes: changed }, length);
        expect(faultOf(packet, length)).toBe('');
        expect(factsOf(decode(second, TAIL, { linkType, bytes: changed }, length))).toBe(factsOf(packet));
      }),
      { numRuns: 3000 },
    );
  });

  it('does no harm as noise on any link', () => {
    const decoder = new PacketDecoder();
    const linkTypes = [...new Set(SAMPLES.map((sample) => sample.linkType))];
    fc.assert(
      fc.property(fc.constantFrom(...linkTypes), fc.uint8Array({ maxLength: 120 }), (linkType, bytes) => {
        expect(faultOf(decode(decoder, NOTHING, { linkType, bytes }, bytes.length), bytes.length)).toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves nothing of itself in the packet after it', () => {
    // Two decoders that are given the same frames know the same tunnels and fragments.
    const [first, second] = [new PacketDecoder(), new PacketDecoder()];
    const reused = new DecodedPacket();
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), fc.nat({ max: 200 }), (sample, length) => {
        const captured = Math.min(length, sample.bytes.length);
        decode(first, NOTHING, sample, captured, reused);
        expect(factsOf(reused)).toBe(factsOf(decode(second, NOTHING, sample, captured)));
      }),
      { numRuns: 1000 },
    );
  });
});
