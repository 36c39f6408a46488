import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlRecord } from '../control-record.ts';
import type { PayloadContext } from '../dissector.ts';
import { rtp } from './rtp.ts';

function contextOf(bytes: Uint8Array): PayloadContext {
  const at = { capture: 0, frame: 1, time: 0 };
  const wireLength = bytes.length;
  return { transport: 'udp', direction: 0, sourcePort: 1, destinationPort: 2, isMulticast: true, wireLength, at };
}

/** What a stream of packets tells of itself: `payloads` with timestamps `step` apart. */
function follow(payloadType: number, step: number, payloads: readonly Uint8Array[]): ControlRecord {
  const record = new ControlRecord();
  const dissection = rtp.open?.(record, contextOf(new Uint8Array()));
  payloads.forEach((payload, i) => {
    const bytes = new Uint8Array(12 + payload.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0x8000 | payloadType);
    view.setUint16(2, i);
    view.setUint32(4, i * step);
    view.setUint32(8, 0x01020304);
    bytes.set(payload, 12);
    dissection?.data(bytes, 0, bytes.length, contextOf(bytes));
  });
  return record;
}

function times(count: number, hex: string): Uint8Array[] {
  return Array.from({ length: count }, () => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex')));
}

describe('rtp', () => {
  it('names the codec of a static payload type', () => {
    expect(Object.fromEntries(follow(0, 160, times(3, 'd5'.repeat(160))).facts)).toEqual({
      payloadType: '0',
      codec: 'PCMU',
    });
  });

  it('knows SRTP where the tag makes the payload longer than its samples', () => {
    expect(follow(8, 160, times(12, '5a'.repeat(170))).variant).toBe('SRTP');
    expect(follow(8, 160, times(12, '5a'.repeat(160))).variant).toBe('');
  });

  it('knows the shapes of SMPTE ST 2110', () => {
    const line = `0001 04b0 8000 8000`.replaceAll(' ', '');
    const video = `0000 0014 0007 8000 0014 0008 0000 ${'11'.repeat(40)}`;
    expect(follow(96, 0, times(12, video)).facts.get('codec')).toContain('ST 2110-20');
    expect(follow(96, 0, times(12, line)).facts.has('codec')).toBe(false);
    expect(follow(100, 1501, times(12, '0080 0000 00 800000')).facts.get('codec')).toContain('ST 2110-40');
    expect(follow(98, 48, times(12, '22'.repeat(192))).facts.get('codec')).toContain('linear PCM, 4 bytes a sample');
  });

  it('says nothing of opus, whose packets have any length', () => {
    const payloads = Array.from({ length: 20 }, (_, i) => new Uint8Array(60 + i * 7));
    expect(follow(111, 960, payloads).facts.has('codec')).toBe(false);
  });

  it('says nothing of a punch through a firewall', () => {
    expect(follow(0, 0, [new Uint8Array()]).facts.size).toBe(0);
  });

  it('is done after its first packets', () => {
    const bytes = new Uint8Array(172).fill(1);
    bytes.set([0x80, 8]);
    const dissection = rtp.open?.(new ControlRecord(), contextOf(bytes));
    for (let i = 0; i < 200; i++) dissection?.data(bytes, 0, bytes.length, contextOf(bytes));
    expect(dissection?.isDone).toBe(true);
  });

  it('survives any payload', () => {
    fc.assert(
      fc.property(
        fc.nat(127),
        fc.nat(5000),
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 30 }),
        (type, step, payloads) => {
          follow(type, step, payloads);
        },
      ),
    );
  });
});
