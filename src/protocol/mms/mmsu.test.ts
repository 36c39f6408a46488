import { describe, expect, it } from 'vitest';
import { bytesOf, context, mediaPacket } from '../../../test/mms-messages.ts';
import { hasSharedCaptures, replaySharedCapture } from '../../../test/replay-capture.ts';
import { ControlRecord } from '../control-record.ts';
import { TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { mmsu } from './mmsu.ts';

describe('MMSU', () => {
  const RESEND = bytesOf('0df0efbe11000000010002000500000006000000');
  const ask = (bytes: Uint8Array, wireLength = bytes.length) =>
    mmsu.recognize(bytes, 0, bytes.length, context(TO_RESPONDER, 1, wireLength, 'udp'));

  it('knows a resend request alone, and its exact length', () => {
    expect(ask(RESEND)).toBe('yes');
    for (let length = 0; length < RESEND.length; length++) expect(ask(RESEND.subarray(0, length))).toBe('no');
    expect(ask(Uint8Array.from([...RESEND, 0]))).toBe('no');
    const record = new ControlRecord();
    mmsu.open?.(record, context(TO_RESPONDER))?.data(RESEND, 0, RESEND.length, context(TO_RESPONDER));
    expect(record.messages[0]).toMatchObject({ name: 'RequestPacketListResend', detail: '2 from 5' });
  });

  it('confirms media only after packets with consecutive locations and their own length', () => {
    const confirmation = mmsu.confirm?.();
    const answers = [7, 8, 9, 10, 11].map((location) => {
      const packet = mediaPacket(location, 1200);
      expect(ask(packet)).toBe('maybe');
      return confirmation?.accept(packet, 0, packet.length, context(TO_INITIATOR, 1, packet.length, 'udp'));
    });
    expect(answers).toEqual(['maybe', 'maybe', 'maybe', 'maybe', 'yes']);
  });

  it('knows a packet that the snap length cut by its length on the wire', () => {
    expect(ask(mediaPacket(1, 1200).subarray(0, 40), 1200)).toBe('maybe');
    expect(ask(mediaPacket(1, 1200).subarray(0, 40))).toBe('no');
  });

  it('gives up on datagrams whose locations jump about', () => {
    const confirmation = mmsu.confirm?.();
    const answers = [1, 50, 3, 900, 2, 77].map((location) => {
      const packet = mediaPacket(location, 100);
      return confirmation?.accept(packet, 0, packet.length, context(TO_INITIATOR, 1, 100, 'udp'));
    });
    expect(answers.at(-1)).toBe('no');
  });
});

describe.skipIf(!hasSharedCaptures)('MMSU in a capture of a real client', () => {
  it('is confirmed by its content alone, in fragmented datagrams', async () => {
    const flows = await replaySharedCapture('lab/13d-mmsu-udp-ok-fakeserver.pcap', mmsu);
    expect(flows.map((flow) => flow.name)).toEqual(['10.10.2.20:1755 > 10.10.1.10:7000']);
  });
});
