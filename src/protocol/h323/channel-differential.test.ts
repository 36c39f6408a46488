/** Logical channels of every shape, written from their description, as tshark reads them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePcap } from '../../../fixtures/encode/pcap.ts';
import { ethernet } from '../../../fixtures/frames/ethernet.ts';
import { ipv4 } from '../../../fixtures/frames/ip.ts';
import { tcp } from '../../../fixtures/frames/transport.ts';
import { askTshark, hasTshark } from '../../../test/ask-tshark.ts';
import { tpkt } from '../../../test/h323-messages.ts';
import { perValue, writePer } from '../../../test/per-writer.ts';
import { openLogicalChannel, openLogicalChannelAck } from './h245-channels.ts';
import { h245Message } from './h245-messages.ts';
import { PerReader } from './per-reader.ts';
import type { PerType } from './per-type.ts';

const PORT = 30_001;
const FIRST_CLIENT_PORT = 20_000;
const SAMPLES = 200;
const SEED = 1;
/** Of the addresses of IP, in all their shapes. */
const PORT_FIELDS = ['', 'ipv6.', 'iPSrcRoute.', 'multicast.', 'multicast_IPv6.'].map(
  (shape) => `h245.${shape}tsapIdentifier`,
);

interface Told {
  readonly number: number;
  /** In no order. */
  readonly ports: readonly number[];
  readonly isFaulty: boolean;
}

/** Each on a connection of its own. */
function capture(messages: readonly Uint8Array[]): Uint8Array {
  const frames = messages.map((message, i) => {
    const segment = tcp({ sourcePort: FIRST_CLIENT_PORT + i, destinationPort: PORT }, tpkt(message));
    const packet = ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, segment);
    return { bytes: ethernet({}, packet).bytes, seconds: 1, nanoseconds: i * 1000 };
  });
  return encodePcap(frames);
}

function tellWithTshark(messages: readonly Uint8Array[]): Told[] {
  const folder = mkdtempSync(join(tmpdir(), 'mediatap-h245-'));
  try {
    const path = join(folder, 'channels.pcap');
    writeFileSync(path, capture(messages));
    const fields = ['h245.forwardLogicalChannelNumber', '_ws.malformed', '_ws.expert.message', ...PORT_FIELDS];
    const rows = askTshark(path, 'h245', fields, ['-d', `tcp.port==${PORT},h245`]);
    return rows.map(([numbers = [], malformed = [], complaints = [], ...ports]) => ({
      number: Number(numbers[0]),
      ports: ports
        .flat()
        .map(Number)
        .toSorted((a, b) => a - b),
      isFaulty: malformed.length + complaints.length > 0,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The numbers that a field has, however deep. */
function valuesOf(message: unknown, field: string): number[] {
  if (Array.isArray(message)) return message.flatMap((item) => valuesOf(item, field));
  if (typeof message !== 'object' || message === null || message instanceof Uint8Array) return [];
  return Object.entries(message).flatMap(([name, value]) =>
    name === field && typeof value === 'number' ? [value] : valuesOf(value, field),
  );
}

function tellOurselves(bytes: Uint8Array): Told {
  const reader = new PerReader(bytes, 0, bytes.length);
  const message = h245Message.read(reader);
  return {
    number: valuesOf(message, 'forwardLogicalChannelNumber')[0] ?? Number.NaN,
    ports: valuesOf(message, 'tsapIdentifier').toSorted((a, b) => a - b),
    isFaulty: !reader.isExact,
  };
}

describe.skipIf(!hasTshark)('a logical channel', () => {
  it.each([
    ['offered', openLogicalChannel, (value: unknown) => ({ request: { openLogicalChannel: value } })],
    ['accepted', openLogicalChannelAck, (value: unknown) => ({ response: { openLogicalChannelAck: value } })],
  ] as const)('that is %s is read as tshark reads it, whatever it holds', (_, type, wrap) => {
    const values = fc.sample(perValue(type as PerType<unknown>), { numRuns: SAMPLES, seed: SEED });
    const messages = values.map((value) => writePer(h245Message as PerType<unknown>, wrap(value)));
    expect(messages.map(tellOurselves)).toEqual(tellWithTshark(messages));
    expect(messages.map(tellOurselves).filter(({ isFaulty }) => isFaulty)).toEqual([]);
  });
});
