import { describe, expect, it } from 'vitest';
import type { PayloadContext } from '../dissector.ts';
import { msb } from './msb.ts';

function packet(id: number, options: { size?: number; streamId?: number; first?: number } = {}): Uint8Array {
  const { size = 60, streamId = 1, first = 0x82 } = options;
  const bytes = Buffer.alloc(size, 0x11);
  bytes.writeUInt32LE(id, 0);
  bytes.writeUInt16LE(streamId, 4);
  bytes.writeUInt16LE(size, 6);
  bytes[8] = first;
  return bytes;
}

function context(wireLength: number, isMulticast = true): PayloadContext {
  const at = { capture: 0, frame: 1, time: 0 };
  return { transport: 'udp', direction: 0, sourcePort: 0, destinationPort: 0, isMulticast, wireLength, at };
}

function recognize(bytes: Uint8Array, wireLength = bytes.length, isMulticast = true): string {
  return msb.recognize(bytes, 0, bytes.length, context(wireLength, isMulticast));
}

function confirm(packets: readonly Uint8Array[]): (string | undefined)[] {
  const confirmation = msb.confirm?.();
  return packets.map((bytes) => confirmation?.accept(bytes, 0, bytes.length, context(bytes.length)));
}

describe('MSB', () => {
  it('takes the vector of the specification for possible, and only to a group', () => {
    const vector = Buffer.from('0500000001000c0082000008', 'hex');
    expect(recognize(vector)).toBe('maybe');
    expect(recognize(vector, vector.length, false)).toBe('no');
  });

  it('refuses a wrong length, unused bits of the stream id, a missing ASF byte and nothing behind the header', () => {
    expect(recognize(packet(1), 61)).toBe('no');
    expect(recognize(packet(1, { streamId: 0x0800 }))).toBe('no');
    expect(recognize(packet(1, { first: 0x5d }))).toBe('no');
    expect(recognize(packet(1).subarray(0, 8), 60)).toBe('no');
  });

  it('is confirmed by five packets, with parity packets that repeat an id and a playlist entry that toggles the stream', () => {
    expect(confirm([7, 8, 9, 10, 11].map((id) => packet(id))).at(-1)).toBe('yes');
    expect(confirm([7, 8, 9, 9, 10].map((id) => packet(id))).at(-1)).toBe('maybe');
    expect(confirm([7, 8, 9, 9, 10].map((id) => packet(id, { streamId: 0x8001 })).concat(packet(11))).at(-1)).toBe(
      'yes',
    );
  });

  it('is given up when ids jump about', () => {
    expect(confirm([7, 90, 3, 1000, 5, 80].map((id) => packet(id))).at(-1)).toBe('no');
  });

  it('knows the beacon of an idle server', () => {
    expect(recognize(Buffer.from('MSB '))).toBe('yes');
    expect(recognize(Buffer.from('MSB '), 4, false)).toBe('no');
    expect(recognize(Buffer.from('MSB '), 40)).toBe('no');
  });
});
