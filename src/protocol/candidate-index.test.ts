import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCaptures } from '../capture/open-captures.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { CandidateIndex } from './candidate-index.ts';
import { type Dissector, LEAST_BULK_BYTES, type PayloadContext, type Transport } from './dissector.ts';
import { firstBytesOf } from './first-bytes.ts';
import { DISSECTORS } from './registry.ts';

const CAPTURES = '../shared/captures';
const FOLDERS = ['lab', 'protocols', 'blocked'];
/** Beginnings of payloads that are shown alone: a recognizer may be sure, or not yet, with few bytes. */
const PREFIXES = [1, 2, 3, 4, 5, 7, 8, 11, 12, 16, 32, LEAST_BULK_BYTES - 1];
/** Payloads of one length that the same dissectors know, of which variants are made. */
const VARIANTS_OF_A_KIND = 4;
const FEWEST_KINDS = 10;
/** Offsets that some dissector says something of. */
const OFFSETS = [
  ...new Set([
    0,
    ...DISSECTORS.flatMap(({ laterBytes = {} }) => Object.values(laterBytes).flatMap(Object.keys)).map(Number),
  ]),
];

const INDEX = { tcp: new CandidateIndex(DISSECTORS, 'tcp'), udp: new CandidateIndex(DISSECTORS, 'udp') } as const;

function contextOf(transport: Transport, bytes: Uint8Array): PayloadContext {
  return {
    transport,
    direction: 0,
    sourcePort: 50_000,
    destinationPort: 1719,
    isMulticast: true,
    wireLength: bytes.length,
    at: { capture: 0, frame: 1, time: 0 },
  };
}

function isKnownBy(dissector: Dissector, transport: Transport, bytes: Uint8Array): boolean {
  return dissector.recognize(bytes, 0, bytes.length, contextOf(transport, bytes)) !== 'no';
}

function candidatesFor(transport: Transport, bytes: Uint8Array): Dissector[] {
  const index = INDEX[transport];
  const count = index.find(bytes, 0, bytes.length);
  return Array.from({ length: count }, (_, candidate) => index.at(candidate));
}

/** Ids of those who are not asked about the payload, and would have known it. */
function findMissed(transport: Transport, bytes: Uint8Array, dissectors: readonly Dissector[] = DISSECTORS): string[] {
  const candidates = candidatesFor(transport, bytes);
  return dissectors
    .filter((dissector) => dissector.transports.includes(transport) && !candidates.includes(dissector))
    .filter((dissector) => isKnownBy(dissector, transport, bytes))
    .map((dissector) => dissector.id);
}

interface Payload {
  readonly transport: Transport;
  readonly bytes: Uint8Array;
}

async function readPayloads(path: string): Promise<Payload[]> {
  const payloads: Payload[] = [];
  const source = await openCaptures([path]);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let index = 0; index < batch.count; index++) {
      decoder.decode(batch, index, packet);
      if ((!packet.isTcp && !packet.isUdp) || packet.payloadEnd <= packet.payloadStart) continue;
      const bytes = packet.bytes.slice(packet.payloadStart, packet.payloadEnd);
      payloads.push({ transport: packet.isTcp ? 'tcp' : 'udp', bytes });
    }
  }
  await source.close();
  return payloads;
}

/** The same for what the payload becomes with another byte at an offset, of those who know it as it is. */
function findMissedVariants(transport: Transport, bytes: Uint8Array, known: readonly Dissector[]): string[] {
  const missed: string[] = [];
  for (const offset of OFFSETS.filter((one) => one < bytes.length)) {
    const changed = bytes.slice();
    for (let byte = 0; byte < 256; byte++) {
      changed[offset] = byte;
      for (const id of findMissed(transport, changed, known)) missed.push(`${id} with ${byte} at ${offset}`);
    }
  }
  return missed;
}

describe('CandidateIndex', () => {
  const idsFor = (transport: Transport, ...bytes: number[]) =>
    candidatesFor(transport, Uint8Array.from(bytes)).map((dissector) => dissector.id);

  it('leaves those whose first bytes a payload has, in the order of the registry', () => {
    expect(idsFor('tcp', 0x16)).toContain('tls');
    expect(idsFor('tcp', 0x18)).not.toContain('tls');
    expect(idsFor('udp', 0x16)).not.toContain('tls');
    expect(idsFor('udp', 0x80).slice(-2)).toEqual(['rtcp', 'rtp']);
    expect(idsFor('udp', 0x7f)).not.toContain('rtp');
    for (const transport of ['tcp', 'udp'] as const) {
      for (let byte = 0; byte < 256; byte++) {
        const places = candidatesFor(transport, Uint8Array.of(byte)).map((one) => DISSECTORS.indexOf(one));
        expect(places).toEqual([...places].sort((one, other) => one - other));
      }
    }
  });

  it('looks at later bytes where the payload has them', () => {
    expect(idsFor('udp', 9, 9, 1, 0, 1)).toContain('dns');
    expect(idsFor('udp', 9, 9, 1, 0, 2)).not.toContain('dns');
    expect(idsFor('udp', 9, 9, 1, 0)).toContain('dns');
  });

  it('lets those search a long payload who look for media within', () => {
    const short = new Uint8Array(LEAST_BULK_BYTES - 1).fill(7);
    const long = new Uint8Array(LEAST_BULK_BYTES).fill(7);
    expect(idsFor('tcp', ...short)).not.toContain('rtsp');
    expect(idsFor('tcp', ...long)).toEqual(expect.arrayContaining(['rtsp', 'mmsh']));
    expect(idsFor('udp', ...long)).not.toContain('mmsh');
  });

  it('takes texts that share a first character for one range', () => {
    expect(firstBytesOf(['GET', 'POST', 'PUT'])).toEqual([
      [0x47, 0x47],
      [0x50, 0x50],
    ]);
  });
});

describe('the bytes that dissectors declare', () => {
  it('leave nobody out who would have known random bytes', () => {
    const payload = fc.record({
      transport: fc.constantFrom<Transport>('tcp', 'udp'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 2 * LEAST_BULK_BYTES, size: 'max' }),
    });
    const property = fc.property(payload, ({ transport, bytes }) => {
      expect(findMissed(transport, bytes)).toEqual([]);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe.skipIf(!existsSync(CAPTURES))('the first bytes that dissectors declare, on real captures', () => {
  it.each(FOLDERS)(
    'leave nobody out who would have known a payload of %s, or one that differs in it',
    async (folder) => {
      const missed = new Set<string>();
      const variants = new Map<string, number>();
      for (const name of readdirSync(join(CAPTURES, folder)).filter((entry) => /cap|trace/.test(entry))) {
        for (const { transport, bytes: whole } of await readPayloads(join(CAPTURES, folder, name))) {
          for (const bytes of [whole, ...PREFIXES.map((length) => whole.subarray(0, length))]) {
            const known = DISSECTORS.filter(
              (one) => one.transports.includes(transport) && isKnownBy(one, transport, bytes),
            );
            for (const id of findMissed(transport, bytes, known)) missed.add(id);
            const kind = `${transport} ${Math.min(bytes.length, LEAST_BULK_BYTES)} ${known.map((one) => one.id)}`;
            const seen = variants.get(kind) ?? 0;
            if (known.length === 0 || seen >= VARIANTS_OF_A_KIND) continue;
            variants.set(kind, seen + 1);
            for (const one of findMissedVariants(transport, bytes, known)) missed.add(one);
          }
        }
      }
      expect([...missed]).toEqual([]);
      expect(variants.size).toBeGreaterThan(FEWEST_KINDS);
    },
  );
});
