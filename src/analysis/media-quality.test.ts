import { describe, expect, it } from 'vitest';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { ControlRecord } from '../protocol/control-record.ts';
import type { PayloadContext } from '../protocol/dissector.ts';
import { MediaQuality } from './media-quality.ts';

const SSRC = 0xabcd1234;

function packetOf(bytes: Uint8Array): DecodedPacket {
  const packet = new DecodedPacket();
  packet.bytes = bytes;
  packet.payloadStart = 0;
  packet.payloadEnd = bytes.length;
  packet.payloadLength = bytes.length;
  return packet;
}

/** Twenty milliseconds of G.711. */
function voice(sequence: number, payloadType = 8): DecodedPacket {
  const view = new DataView(new ArrayBuffer(172));
  view.setUint8(0, 0x80);
  view.setUint8(1, payloadType);
  view.setUint16(2, sequence);
  view.setUint32(4, sequence * 160);
  view.setUint32(8, SSRC);
  return packetOf(new Uint8Array(view.buffer));
}

function contextAt(time: number): PayloadContext {
  const ports = { sourcePort: 5004, destinationPort: 6004 };
  return { transport: 'udp', direction: 0, ...ports, isMulticast: false, wireLength: 172, at: momentAt(time) };
}

function momentAt(time: number) {
  return { capture: 0, frame: 1, time };
}

function senderReport(ssrc: string, packetsSent: string): DecodedPacket {
  return packetOf(new Uint8Array(Buffer.from(`80c80006${ssrc}${'00'.repeat(12)}${packetsSent}00006003`, 'hex')));
}

/** A receiver report on `SSRC`: five packets lost. */
function receiverReport(): DecodedPacket {
  const hex = '81c90007 00000001 abcd1234 40000005 00000064 00000028 00000000 00000000';
  return packetOf(new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex')));
}

describe('MediaQuality', () => {
  it('counts packets from before a flow was known, once it is known', () => {
    const media = new MediaQuality();
    for (let i = 0; i < 4; i++) media.suspect(3, voice(i), contextAt(i * 20e6));
    expect(media.streamsOf(3)).toEqual([]);
    media.settle(3, 'rtp');
    media.datagram(3, voice(4), 0, momentAt(80e6));
    expect(media.streamsOf(3)).toMatchObject([{ packets: 5, lost: 0, maxDeltaMs: 20 }]);
  });

  it('forgets what it measured of a flow that turns out to be something else, or nothing', () => {
    const media = new MediaQuality();
    media.suspect(3, voice(1), contextAt(0));
    media.suspect(4, voice(1), contextAt(0));
    media.settle(3, 'dns');
    media.settle(4, null);
    expect([media.streamsOf(3), media.streamsOf(4)]).toEqual([[], []]);
  });

  it('takes reports out of a flow that carries media too, and finds them by the SSRC they are about', () => {
    const media = new MediaQuality();
    media.datagram(3, voice(1), 0, momentAt(0));
    media.datagram(3, receiverReport(), 1, momentAt(10e6));
    expect(media.streamsOf(3)).toHaveLength(1);
    expect(media.reportsOn(SSRC).views).toMatchObject([{ slot: 3, reception: { direction: 1, cumulativeLost: 5 } }]);
    media.datagram(7, receiverReport(), 0, momentAt(20e6));
    expect(media.reportsOn(SSRC).views).toHaveLength(2);
    expect(media.reportsOn(1).views).toEqual([]);
  });

  it('adds up what all senders of a direction report to have sent, each by its last report', () => {
    const media = new MediaQuality();
    media.datagram(3, senderReport('00000001', '00000009'), 0, momentAt(0));
    media.datagram(3, senderReport('00000001', '00000022'), 0, momentAt(5e9));
    media.datagram(3, senderReport('00000002', '00000100'), 0, momentAt(6e9));
    media.datagram(3, receiverReport(), 1, momentAt(7e9));
    expect([media.sentByReports(3, 0), media.sentByReports(3, 1), media.sentByReports(4, 0)]).toEqual([290, 0, 0]);
  });

  it('measures media inside a control connection by the formats that were agreed in it', () => {
    const media = new MediaQuality();
    const record = new ControlRecord();
    const listener = media.listenerOf(9, record);
    record.embed([{ payloadType: 97, encoding: 'opus', clockRate: 48_000, parameters: '' }]);
    for (let i = 0; i < 3; i++) {
      const { bytes } = voice(i, 97);
      listener('rtp', 0, bytes, 0, bytes.length, 1, momentAt(i * 20e6));
    }
    expect(media.streamsOf(9)).toMatchObject([
      { direction: 1, packets: 3, clockRate: 48_000, clockSource: 'announced' },
    ]);
  });

  it('gives back what it knows of a flow that is forgotten', () => {
    const media = new MediaQuality();
    media.datagram(3, voice(1), 0, momentAt(0));
    media.datagram(3, receiverReport(), 1, momentAt(10e6));
    expect(media.reportsOn(SSRC).views).toHaveLength(1);
    media.forget(3);
    expect([media.streamsOf(3), media.reportsOn(SSRC).views]).toEqual([[], []]);
  });
});
