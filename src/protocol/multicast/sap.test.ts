import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ControlRecord } from '../control-record.ts';
import type { PayloadContext } from '../dissector.ts';
import { sap } from './sap.ts';

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 10.0.0.1',
  's=Lobby screen',
  'c=IN IP4 239.1.2.3/15',
  'm=video 5004 RTP/AVP 33',
  'm=audio 6000 RTP/AVP 96',
  'a=rtpmap:96 L16/48000/2',
  '',
].join('\r\n');

function announcement(flags = 0x20, text = SDP, mimeType = 'application/sdp\0'): Uint8Array {
  return Buffer.concat([Buffer.from([flags, 0, 0x12, 0x34, 10, 0, 0, 1]), Buffer.from(mimeType + text)]);
}

/** With the type compressed too, or before it. */
function compressed(text = SDP, mimeType = 'application/sdp\0', before = ''): Uint8Array {
  const head = announcement(0x21, before, '');
  return Buffer.concat([head, deflateSync(Buffer.from(mimeType + text))]);
}

function contextOf(bytes: Uint8Array): PayloadContext {
  return {
    transport: 'udp',
    direction: 0,
    sourcePort: 40_000,
    destinationPort: 9875,
    isMulticast: true,
    wireLength: bytes.length,
    at: { capture: 0, frame: 3, time: 9 },
  };
}

function recognize(bytes: Uint8Array) {
  return sap.recognize(bytes, 0, bytes.length, contextOf(bytes));
}

function follow(...datagrams: Uint8Array[]): ControlRecord {
  const record = new ControlRecord();
  const dissection = sap.open?.(record, contextOf(new Uint8Array()));
  for (const bytes of datagrams) dissection?.data(bytes, 0, bytes.length, contextOf(bytes));
  return record;
}

describe('sap', () => {
  it('knows announcements with and without the type of their content', () => {
    expect(recognize(announcement())).toBe('yes');
    expect(recognize(announcement(0x20, SDP, ''))).toBe('yes');
    expect(recognize(announcement(0x40))).toBe('no');
    expect(recognize(announcement(0x20, 'hello'))).toBe('yes');
    expect(recognize(announcement(0x20, 'hello', ''))).toBe('no');
  });

  it('announces each medium and its RTCP on the group', () => {
    const { media, facts } = follow(announcement());
    expect(facts.get('stream')).toBe('Lobby screen');
    expect(
      media.map(({ announcement: { protocol, responder } }) => [protocol, responder.address, responder.port]),
    ).toEqual([
      ['rtp', '239.1.2.3', 5004],
      ['rtcp', '239.1.2.3', 5005],
      ['rtp', '239.1.2.3', 6000],
      ['rtcp', '239.1.2.3', 6001],
    ]);
    expect(media.map(({ rtcp }) => rtcp)).toEqual([media[1], null, media[3], null]);
    expect(media[0]?.announcement).toMatchObject({ isMulticast: true, ttl: 15, how: 'SAP', title: 'Lobby screen' });
    expect(media[2]?.announcement.formats).toMatchObject([{ payloadType: 96, encoding: 'L16', clockRate: 48_000 }]);
  });

  it('announces a session once, however often it is repeated', () => {
    expect(follow(announcement(), announcement(), announcement()).media).toHaveLength(4);
  });

  it('ends the media of a deleted session', () => {
    const record = follow(announcement(), announcement(0x24));
    expect(record.media.map((media) => media.state)).toEqual(['ended', 'ended', 'ended', 'ended']);
    expect(record.messages.map((message) => message.name)).toEqual(['announce', 'delete']);
  });

  it('has room for new sessions where others were not announced for an hour', () => {
    const record = new ControlRecord();
    const dissection = sap.open?.(record, contextOf(new Uint8Array()));
    const hear = (id: number, minutes: number): void => {
      const bytes = announcement();
      bytes[2] = id >> 8;
      bytes[3] = id & 0xff;
      const at = { capture: 0, frame: 3, time: minutes * 60e9 };
      dissection?.data(bytes, 0, bytes.length, { ...contextOf(bytes), at });
    };
    for (let id = 0; id < 300; id++) hear(id, 0);
    const most = record.media.length;
    hear(0, 59);
    hear(500, 61);
    expect(record.media).toHaveLength(most + 4);
    expect(record.media.filter((media) => media.state !== 'ended')).toHaveLength(4 + 4);
  });

  it('reads what is compressed, on any port, with its type within, before or without it', () => {
    const portsOf = (bytes: Uint8Array) => follow(bytes).media.map(({ announcement: { responder } }) => responder.port);
    for (const bytes of [compressed(), compressed(SDP, ''), compressed(SDP, '', 'application/sdp\0')]) {
      expect(portsOf(bytes)).toEqual([5004, 5005, 6000, 6001]);
      expect(sap.recognize(bytes, 0, bytes.length, { ...contextOf(bytes), destinationPort: 4000 })).toBe('yes');
    }
    expect(follow(compressed(), compressed()).messages).toHaveLength(1);
  });

  it('says so where it cannot read', () => {
    const bomb = compressed('v=0'.padEnd(1_000_000, '\r\n'));
    const cut = compressed().subarray(0, -4);
    for (const [bytes, why] of [
      [announcement(0x22), 'encrypted'],
      [announcement(0x23), 'encrypted'],
      [announcement(0x21), 'compressed in an unknown way'],
      [bomb, 'compressed in an unknown way'],
      [cut, 'compressed in an unknown way'],
    ] as const) {
      const { messages, facts, media } = follow(bytes);
      expect(messages.map(({ detail }) => detail)).toEqual([`${why}, from 10.0.0.1`]);
      expect(facts.get('content')).toBe(why);
      expect(media).toEqual([]);
      expect(recognize(bytes)).toBe('yes');
    }
  });

  it('survives any description and any header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(255), (bytes, flags) => {
        follow(Buffer.concat([announcement(flags, ''), bytes]), bytes);
        recognize(Buffer.concat([announcement(0x21, '', ''), Uint8Array.of(0x78, 0x9c), bytes]));
      }),
    );
  });
});
