import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, context, funnel, le, mediaPacket, unit, utf16 } from '../../../test/mms-messages.ts';
import { hasSharedCaptures, replaySharedCapture } from '../../../test/replay-capture.ts';
import { ControlRecord } from '../control-record.ts';
import { type Direction, TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { mms } from './mms.ts';

const CONNECT = bytesOf(
  '01000000cefa0bb0400000004d4d5320080000000000000000000000000000000600000001000300eff0f0f00b0004001c000300' +
    '4e00530050006c0061007900650072002f0039002e00300000000000',
);
const UDP_FUNNEL = bytesOf(
  '01000000cefa0bb0580000004d4d53200b000000010000000000000000000000090000000200030000000000ffffffff0000000080969800' +
    '020000005c005c00310030002e0030002e0030002e0031005c005500440050005c003200300030003000000000000000',
);
const DISCONNECTED_FUNNEL = bytesOf(
  '01000000cefa0bb0200000004d4d53200400000002000000000000000000000002000000030004002' + '9000dc000000000',
);

function open(): { record: ControlRecord; send: (direction: Direction, bytes: Uint8Array, frame?: number) => void } {
  const record = new ControlRecord();
  const dissection = mms.open?.(record, context(TO_RESPONDER));
  return {
    record,
    send: (direction, bytes, frame) => dissection?.data(bytes, 0, bytes.length, context(direction, frame)),
  };
}

function names(record: ControlRecord): string[] {
  return record.messages.map((message) => message.name);
}

function recognize(bytes: Uint8Array): string {
  return mms.recognize(bytes, 0, bytes.length, context(TO_RESPONDER));
}

const OK = le(0);
const SERVER_VERSION = utf16('9.01.01.5000');
const CONNECTED = unit([
  0x00040001,
  ...OK,
  ...new Array<number>(36).fill(0),
  ...le(13),
  ...le(0),
  ...le(0),
  ...le(5),
  ...SERVER_VERSION,
  ...utf16('NTLM'),
]);

describe('MMS recognition', () => {
  it('knows a message of either side by its header, and says maybe to every beginning of one', () => {
    for (const message of [CONNECT, UDP_FUNNEL, DISCONNECTED_FUNNEL]) {
      for (let length = 1; length < 16; length++) expect(recognize(message.subarray(0, length))).toBe('maybe');
      expect(recognize(message.subarray(0, 16))).toBe('yes');
      expect(recognize(message)).toBe('yes');
    }
  });

  it('refuses a header with a wrong magic, seal or length', () => {
    for (const offset of [0, 4, 7, 12, 15]) {
      const wrong = CONNECT.slice();
      wrong[offset] = 0x7f;
      expect(recognize(wrong)).toBe('no');
    }
    for (const length of [0, 8, 41, 65_544]) {
      const wrong = CONNECT.slice();
      wrong.set(le(length), 8);
      expect(recognize(wrong)).toBe('no');
    }
  });

  it('knows media that the capture starts in by two data packets in a row', () => {
    const media = Uint8Array.from([...mediaPacket(700, 400), ...mediaPacket(701, 400)]);
    expect(recognize(media.subarray(0, 300))).toBe('maybe');
    expect(recognize(media)).toBe('yes');
    expect(recognize(Uint8Array.from([...mediaPacket(700, 400), ...mediaPacket(900, 400)]))).toBe('no');
  });
});

describe('MMS control connection', () => {
  it('tells player, server, file and URL', () => {
    const { record, send } = open();
    send(
      TO_RESPONDER,
      unit([
        0x00030001,
        ...le(0xf0f0f0ef),
        ...le(0x0004000b),
        ...le(0x0003001c),
        ...utf16('NSPlayer/9.0; {guid}; Host: media'),
      ]),
    );
    send(TO_INITIATOR, CONNECTED);
    send(TO_RESPONDER, unit([0x00030005, ...le(1), ...le(0), ...le(0), ...le(0), ...utf16('live/news.asf')]));
    expect(Object.fromEntries(record.facts)).toEqual({
      agent: 'NSPlayer/9.0',
      server: '9.01.01.5000',
      authentication: 'NTLM',
      stream: 'live/news.asf',
      url: 'mms://media/live/news.asf',
    });
    expect(record.clientDirection).toBe(TO_RESPONDER);
    expect(record.questions[0]?.answeredAt).not.toBeNull();
  });

  it('announces the UDP port of the funnel at the address of the control peer', () => {
    const { record, send } = open();
    send(TO_RESPONDER, UDP_FUNNEL, 7);
    expect(record.variant).toBe('MMSU');
    expect(record.facts.get('funnel')).toBe('\\\\10.0.0.1\\UDP\\2000');
    expect(record.media[0]?.announcement).toMatchObject({
      protocol: 'mmsu',
      transport: 'udp',
      initiator: { address: null, port: 2000 },
      responder: { address: null, port: null },
      sends: 'toInitiator',
      at: { frame: 7 },
    });
    expect(record.media[0]?.state).toBe('announced');
  });

  it('swaps the ends when the capture shows the connection the wrong way round', () => {
    const { record, send } = open();
    send(TO_INITIATOR, UDP_FUNNEL);
    expect(record.clientDirection).toBe(TO_INITIATOR);
    expect(record.media[0]?.announcement).toMatchObject({
      initiator: { port: null },
      responder: { port: 2000 },
      sends: 'toResponder',
    });
  });

  it('starts the media when the server says it plays, pauses it at the end and ends it with the file', () => {
    const { record, send } = open();
    send(TO_RESPONDER, UDP_FUNNEL);
    send(TO_INITIATOR, unit([0x00040002, ...OK]), 2);
    expect(record.media[0]?.state).toBe('announced');
    send(TO_INITIATOR, unit([0x00040005, ...OK]), 3);
    expect(record.media[0]).toMatchObject({ state: 'playing', startedAt: { frame: 3 } });
    send(TO_INITIATOR, unit([0x0004001e, ...le(1)]), 4);
    expect(record.media[0]?.state).toBe('playing');
    send(TO_INITIATOR, unit([0x0004001e, ...OK]), 5);
    expect(record.media[0]).toMatchObject({ state: 'paused', stoppedAt: { frame: 5 } });
    expect(record.closedAt?.frame).toBe(5);
    send(TO_RESPONDER, unit([0x00030007]), 6);
    expect(record.closedAt).toBeNull();
    send(TO_RESPONDER, unit([0x0003000d]), 7);
    expect(record.media[0]?.state).toBe('ended');
    expect(record.closedAt?.frame).toBe(7);
  });

  it('takes a refused UDP funnel as a refusal that the TCP funnel overcomes once it plays', () => {
    const { record, send } = open();
    send(TO_RESPONDER, UDP_FUNNEL, 1);
    send(TO_INITIATOR, DISCONNECTED_FUNNEL, 2);
    expect(record.refusals[0]).toMatchObject({
      request: 'ConnectFunnel',
      code: '0xC00D0029',
      words: 'the connection was lost',
      overcomeAt: null,
    });
    send(TO_RESPONDER, funnel('\\\\10.0.0.1\\TCP\\2001'), 3);
    send(TO_INITIATOR, unit([0x00040002, ...OK]), 4);
    expect(record.media[0]?.fallBack).toMatchObject({
      at: { frame: 3 },
      words: 'ConnectFunnel \\\\10.0.0.1\\TCP\\2001',
    });
    expect(record.refusals[0]?.overcomeAt).toBeNull();
    send(TO_INITIATOR, unit([0x00040005, ...OK]), 5);
    expect(record.refusals[0]?.overcomeAt?.frame).toBe(5);
    expect(record.variant).toBe('MMST');
    expect(record.media).toHaveLength(1);
  });

  it('tells a file that the server does not have, in words', () => {
    const { record, send } = open();
    send(TO_INITIATOR, unit([0x00040006, ...le(0xc00d001a)]));
    expect(record.refusals[0]).toMatchObject({ request: 'OpenFile', code: '0xC00D001A', words: 'file not found' });
  });

  it('tells where a redirect leads', () => {
    const { record, send } = open();
    send(TO_INITIATOR, unit([0x00040022, ...OK, ...le(1, 2), ...le(40, 2), ...utf16('mms://other/x')]), 9);
    expect(record.facts.get('redirect')).toBe('mms://other/x');
    expect(record.refusals).toHaveLength(0);
    expect(record.closedAt?.frame).toBe(9);
  });

  it('reads all messages of one unit, and names unknown ones by their number', () => {
    const { record, send } = open();
    send(TO_RESPONDER, unit([0x00030018, ...le(0)], [0x00030077, ...le(0)], [0x0003001b, ...le(0)]));
    expect(names(record)).toEqual(['FunnelInfo', 'message 0x00030077', 'Pong']);
  });

  it('skips media between messages, however the stream is cut', () => {
    const stream = Uint8Array.from([
      ...CONNECTED,
      ...mediaPacket(0, 300),
      ...mediaPacket(1, 5000),
      ...unit([0x0004001b]),
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 12 }), (cuts) => {
        const { record, send } = open();
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        for (let i = 1; i < edges.length; i++) send(TO_INITIATOR, stream.subarray(edges[i - 1], edges[i]));
        expect(names(record)).toEqual(['ReportConnectedEX', 'Ping']);
      }),
    );
  });

  it('finds its way back after bytes that the capture missed and after a start in the middle of media', () => {
    const record = new ControlRecord();
    const dissection = mms.open?.(record, context(TO_INITIATOR));
    const push = (bytes: Uint8Array) => dissection?.data(bytes, 0, bytes.length, context(TO_INITIATOR));
    push(mediaPacket(5, 900).subarray(100));
    push(unit([0x0004001b]));
    push(mediaPacket(6, 900).subarray(0, 100));
    dissection?.gap?.(TO_INITIATOR, 700, context(TO_INITIATOR).at);
    push(mediaPacket(6, 900).subarray(800));
    push(unit([0x0004001b]));
    push(mediaPacket(7, 900).subarray(0, 100));
    dissection?.gap?.(TO_INITIATOR, 2000, context(TO_INITIATOR).at);
    push(Uint8Array.from([...new Array<number>(500).fill(0x4d), ...unit([0x0004001e, ...OK])]));
    expect(names(record)).toEqual(['Ping', 'Ping', 'ReportEndOfStream']);
  });

  it('bears any bytes behind a header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(CONNECTED.length - 1), fc.nat(255), (noise, at, value) => {
        const { record, send } = open();
        const broken = CONNECTED.slice();
        broken[at] = value;
        for (const bytes of [broken, UDP_FUNNEL, noise, CONNECT]) send(TO_INITIATOR, bytes);
        expect(record.messages.length).toBeLessThan(20);
      }),
    );
  });
});

describe.skipIf(!hasSharedCaptures)('MMS in captures of real clients', () => {
  it('reads the commands of an MMST session in the frames where Wireshark shows them, through a loss in the capture', async () => {
    const [flow] = await replaySharedCapture('lab/13c-mms-tcp-ok-fakeserver.pcap', mms);
    expect(flow?.record.messages.map((message) => message.at.frame)).toEqual([
      5, 7, 9, 10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 330,
    ]);
    expect(flow?.record.variant).toBe('MMST');
    expect(flow?.record.facts.get('funnel')).toBe('\\\\192.168.0.129\\TCP\\1037');
    expect(flow?.record.facts.get('duration')).toBe('40 s');
    expect(flow?.record.media).toHaveLength(0);
  });

  it('announces the port that VLC takes its MMSU media on', async () => {
    const [flow] = await replaySharedCapture('lab/13d-mmsu-udp-ok-fakeserver.pcap', mms);
    expect(flow?.record.media[0]?.announcement.initiator).toEqual({ address: null, port: 7000 });
    expect(flow?.record.media[0]).toMatchObject({ state: 'ended', startedAt: { frame: 13 } });
  });
});
