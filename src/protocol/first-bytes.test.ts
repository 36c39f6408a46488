import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCaptures } from '../capture/open-captures.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import type { Dissector, PayloadContext, Transport } from './dissector.ts';
import { firstBytesOf, indexByFirstByte } from './first-bytes.ts';
import { DISSECTORS } from './registry.ts';

const CAPTURES = '../shared/captures';
const FOLDERS = ['lab', 'protocols', 'blocked'];
/** Beginnings of payloads that are shown alone: a recognizer may be sure, or not yet, with few bytes. */
const PREFIXES = [1, 2, 3, 4, 7, 8, 11, 12, 16, 32];
const FEWEST_KNOWN = 1000;

const INDEX = { tcp: indexByFirstByte(DISSECTORS, 'tcp'), udp: indexByFirstByte(DISSECTORS, 'udp') } as const;

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

/** Those that are not asked about payloads that begin with `byte`. */
function strangersTo(transport: Transport, byte: number): Dissector[] {
  const asked = INDEX[transport][byte] ?? [];
  return DISSECTORS.filter((dissector) => dissector.transports.includes(transport) && !asked.includes(dissector));
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

/** Ids of dissectors that would have known the payload, or what its beginning becomes with another first byte. */
function findMissed({ transport, bytes }: Payload): string[] {
  const missed: string[] = [];
  for (const dissector of DISSECTORS) {
    if (!dissector.transports.includes(transport) || !isKnownBy(dissector, transport, bytes)) continue;
    const changed = bytes.slice();
    for (let byte = 0; byte < 256; byte++) {
      changed[0] = byte;
      const isAsked = INDEX[transport][byte]?.includes(dissector) === true;
      if (!isAsked && isKnownBy(dissector, transport, changed)) missed.push(`${dissector.id} of ${byte}`);
    }
  }
  return missed;
}

describe('indexByFirstByte', () => {
  it('has a list for each byte, in the order of the registry', () => {
    for (const list of [...INDEX.tcp, ...INDEX.udp]) {
      const places = list.map((dissector) => DISSECTORS.indexOf(dissector));
      expect(places).toEqual([...places].sort((one, other) => one - other));
    }
    expect(INDEX.tcp).toHaveLength(256);
  });

  it('asks about a payload only those who may know it', () => {
    const asked = (transport: Transport, byte: number) => INDEX[transport][byte]?.map((dissector) => dissector.id);
    expect(asked('tcp', 0x16)).toContain('tls');
    expect(asked('tcp', 0x18)).not.toContain('tls');
    expect(asked('udp', 0x80)).toContain('rtp');
    expect(asked('udp', 0x7f)).not.toContain('rtp');
    expect(asked('udp', 0x16)).not.toContain('tls');
  });

  it('takes texts that share a first character for one range', () => {
    expect(firstBytesOf(['GET', 'POST', 'PUT'])).toEqual([
      [0x47, 0x47],
      [0x50, 0x50],
    ]);
  });
});

describe('the first bytes that dissectors declare', () => {
  it('leave nobody out who would have known random bytes', () => {
    const payload = fc.record({ transport: fc.constantFrom('tcp', 'udp'), bytes: fc.uint8Array({ minLength: 1 }) });
    fc.assert(
      fc.property(payload, ({ transport, bytes }) => {
        const knowing = strangersTo(transport, bytes[0] ?? 0).filter((one) => isKnownBy(one, transport, bytes));
        expect(knowing.map((dissector) => dissector.id)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe.skipIf(!existsSync(CAPTURES))('the first bytes that dissectors declare, on real captures', () => {
  it.each(FOLDERS)(
    'leave nobody out who would have known a payload of %s, or one that differs in it',
    async (folder) => {
      const missed = new Set<string>();
      const seen = new Set<string>();
      for (const name of readdirSync(join(CAPTURES, folder)).filter((entry) => /cap|trace/.test(entry))) {
        for (const payload of await readPayloads(join(CAPTURES, folder, name))) {
          const beginnings = PREFIXES.map((length) => payload.bytes.subarray(0, length));
          for (const bytes of [payload.bytes, ...beginnings]) {
            const key = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(24, bytes.length)).toString('latin1');
            if (seen.has(`${bytes.length} ${key}`)) continue;
            seen.add(`${bytes.length} ${key}`);
            for (const one of findMissed({ ...payload, bytes })) missed.add(one);
          }
        }
      }
      expect([...missed]).toEqual([]);
      expect(seen.size).toBeGreaterThan(FEWEST_KNOWN);
    },
  );
});
