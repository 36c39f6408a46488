import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PayloadContext, Recognition } from '../dissector.ts';
import { RtpConfirmation, recognizeRtp } from './rtp-recognition.ts';

function contextOf(bytes: Uint8Array, direction: 0 | 1 = 0): PayloadContext {
  return {
    transport: 'udp',
    direction,
    sourcePort: 40_000,
    destinationPort: 40_002,
    isMulticast: false,
    wireLength: bytes.length,
    at: { capture: 0, frame: 1, time: 0 },
  };
}

interface Fields {
  payloadType?: number;
  sequence?: number;
  timestamp?: number;
  ssrc?: number;
  payload?: Uint8Array;
}

function rtpPacket(fields: Fields): Uint8Array {
  const payload = fields.payload ?? new Uint8Array(160).fill(0xd5);
  const bytes = new Uint8Array(12 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, fields.payloadType ?? 96);
  view.setUint16(2, (fields.sequence ?? 0) & 0xffff);
  view.setUint32(4, (fields.timestamp ?? 0) >>> 0);
  view.setUint32(8, fields.ssrc ?? 0x11223344);
  bytes.set(payload, 12);
  return bytes;
}

/** Number of the datagram that proved the flow to be RTP, 0 when none did. */
function provenAt(datagrams: Uint8Array[]): number {
  const confirmation = new RtpConfirmation();
  let recognition: Recognition = 'maybe';
  for (const [index, bytes] of datagrams.entries()) {
    recognition = confirmation.accept(bytes, 0, bytes.length, contextOf(bytes));
    if (recognition === 'yes') return index + 1;
    if (recognition === 'no') return 0;
  }
  return 0;
}

function recognize(hex: string): Recognition {
  const bytes = new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  return recognizeRtp(bytes, 0, bytes.length, contextOf(bytes));
}

describe('recognizeRtp', () => {
  it('says maybe to a header that could be RTP', () => {
    expect(recognize('80000001 00000000 deadbeef d5d5d5d5')).toBe('maybe');
  });

  it('says no to less than a header, another version, and RTCP', () => {
    expect(recognize('80000001 00000000 deadbe')).toBe('no');
    expect(recognize('40000001 00000000 deadbeef d5')).toBe('no');
    expect(recognize('81c90007 11111111 deadbeef 00000000 00000001 00000000 00000000 00000000')).toBe('no');
  });

  it('says no when sources, extension or padding do not fit in the packet', () => {
    expect(recognize('8f000001 00000000 deadbeef d5d5d5d5')).toBe('no');
    expect(recognize('90000001 00000000 deadbeef bede0004 00000000')).toBe('no');
    expect(recognize('a0000001 00000000 deadbeef d5d5d5ff')).toBe('no');
    expect(recognize('a0000001 00000000 deadbeef d5d5d500')).toBe('no');
  });

  it('says yes to a whole transport stream in a payload', () => {
    const payload = new Uint8Array(188 * 7);
    for (let cell = 0; cell < payload.length; cell += 188) payload.set([0x47, 0x01, 0x00, 0x10], cell);
    const packet = rtpPacket({ payloadType: 33, payload });
    expect(recognizeRtp(packet, 0, packet.length, contextOf(packet))).toBe('yes');
  });

  it('says yes to timed text whose payload header counts its bytes', () => {
    const text = Buffer.from('<tt:tt xmlns:tt="http://www.w3.org/ns/ttml"/>');
    const packet = rtpPacket({ payload: Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]) });
    expect(recognizeRtp(packet, 0, packet.length, contextOf(packet))).toBe('yes');
  });
});

describe('RtpConfirmation', () => {
  it('is sure after five packets of one source', () => {
    const packets = [0, 1, 2, 3, 4].map((i) => rtpPacket({ sequence: 65_533 + i, timestamp: 3000 * i }));
    expect(provenAt(packets)).toBe(5);
    expect(provenAt(packets.slice(0, 4))).toBe(0);
  });

  it('is sure after three packets when the timestamps count the samples of a fixed-rate codec', () => {
    const packets = [0, 1, 2].map((i) => rtpPacket({ payloadType: 8, sequence: i, timestamp: 160 * i }));
    expect(provenAt(packets)).toBe(3);
  });

  it('waits longer where a lost packet makes the numbers jump', () => {
    const sequences = [0, 1, 5, 6, 7, 8, 9, 10, 11, 12];
    expect(provenAt(sequences.map((sequence) => rtpPacket({ sequence, timestamp: sequence * 960 })))).toBe(9);
  });

  it('is sure of a stream that lost half of its packets on the way into the capture, and not of one that jumps farther', () => {
    const everySecond = (step: number) =>
      [...Array(60).keys()].map((i) => {
        const sequence = Math.floor(i * step) + (i % 3 === 0 ? 1 : 0);
        return rtpPacket({ sequence, timestamp: sequence * 1000 });
      });
    expect(provenAt(everySecond(2))).toBe(17);
    expect(provenAt(everySecond(5))).toBe(0);
  });

  it('is not misled by copies that the span made', () => {
    const packets = [0, 1, 2, 3, 4].flatMap((i) => {
      const packet = rtpPacket({ sequence: i, timestamp: 3000 * i });
      return [packet, packet];
    });
    expect(provenAt(packets)).toBe(9);
  });

  it('follows several sources that share a flow with other packets', () => {
    const packets = [0, 1, 2, 3, 4].flatMap((i) => [
      rtpPacket({ ssrc: 0x0a0a0a0a, payloadType: 111, sequence: i, timestamp: 960 * i }),
      rtpPacket({ ssrc: 0x0b0b0b0b, payloadType: 96, sequence: 900 + i, timestamp: 3000 * i }),
      new Uint8Array(20).fill(1),
    ]);
    expect(provenAt(packets)).toBe(13);
  });

  it('does not take remote procedure calls for RTP, though their identifiers count up', () => {
    const calls = Array.from({ length: 100 }, (_, i) => {
      const call = new Uint8Array(40);
      const view = new DataView(call.buffer);
      view.setUint32(0, 0x80610000 + i);
      view.setUint32(8, 2);
      return call;
    });
    expect(provenAt(calls)).toBe(0);
  });

  it('does not take a counter that jumps by milliseconds for a sequence number', () => {
    const packets = Array.from({ length: 100 }, (_, i) => rtpPacket({ sequence: i * 17, timestamp: 0x86000000 + i }));
    expect(provenAt(packets)).toBe(0);
  });

  it('does not take acknowledgements of SRT for RTP', () => {
    const packets = Array.from({ length: 100 }, (_, i) => {
      const packet = rtpPacket({ payloadType: 2, sequence: 0, timestamp: i, ssrc: 0x5000 + i * 10_000 });
      return packet;
    });
    expect(provenAt(packets)).toBe(0);
  });

  it('gives up on a flow that never proves anything', () => {
    const confirmation = new RtpConfirmation();
    const bytes = new Uint8Array(20).fill(1);
    const answers = Array.from({ length: 128 }, () => confirmation.accept(bytes, 0, bytes.length, contextOf(bytes)));
    expect(answers.at(-1)).toBe('no');
  });

  it('never says yes to random datagrams', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 0, maxLength: 80 }), { maxLength: 40 }),
        (datagrams) => provenAt(datagrams) === 0,
      ),
    );
  });

  it('never says yes to random payloads behind a version that fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 12, maxLength: 80 }), { minLength: 20, maxLength: 60 }),
        (datagrams) => {
          for (const datagram of datagrams) datagram.set([0x80, 96]);
          return provenAt(datagrams) === 0;
        },
      ),
    );
  });
});
