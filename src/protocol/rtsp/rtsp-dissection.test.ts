import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf, converse, latin1, message, type Staging, type Turn } from '../../../test/text-conversation.ts';
import { type AnnouncedMedia, ControlRecord } from '../control-record.ts';
import { TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { rtsp } from './rtsp.ts';
import { RtspDissection } from './rtsp-dissection.ts';

const URL = 'rtsp://192.0.2.20/live';
const SDP = [
  'v=0',
  's=Yard',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:stream=0',
  'm=audio 0 RTP/AVP 97',
  'a=rtpmap:97 MPEG4-GENERIC/44100/1',
  'a=control:stream=1',
  'm=application 0 RTP/AVP 98',
  'a=rtpmap:98 vnd.onvif.metadata/90000',
  'a=control:stream=2',
  '',
].join('\r\n');

let sequence = 0;
const ask = (method: string, url = URL, ...fields: string[]): Turn => [
  'client',
  message([`${method} ${url} RTSP/1.0`, `CSeq: ${++sequence}`, 'User-Agent: player/1', ...fields]),
];
const say = (status: string, ...fields: string[]): Turn => [
  'server',
  message([`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, 'Server: camera/2', 'Session: 77;timeout=60', ...fields]),
];
const describeTurns = (sdp = SDP): Turn[] => [
  ask('DESCRIBE'),
  [
    'server',
    message(['RTSP/1.0 200 OK', `CSeq: ${sequence}`, `Content-Base: ${URL}/`, 'Content-Type: application/sdp'], sdp),
  ],
];
const setup = (track: number, offer: string, agreed: string): Turn[] => [
  ask('SETUP', `${URL}/stream=${track}`, `Transport: ${offer}`),
  say('200 OK', `Transport: ${agreed}`),
];
const udp = (track: number, clientPort: number, serverPort: number): Turn[] =>
  setup(
    track,
    `RTP/AVP;unicast;client_port=${clientPort}-${clientPort + 1}`,
    `RTP/AVP;unicast;client_port=${clientPort}-${clientPort + 1};server_port=${serverPort}-${serverPort + 1}`,
  );
const listen = (turns: readonly Turn[], staging?: Staging) =>
  converse((record) => new RtspDissection(record), turns, staging);
const ports = ({ announcement: { protocol, initiator, responder } }: AnnouncedMedia) =>
  `${protocol} ${initiator.address ?? ''}:${initiator.port} ${responder.address ?? ''}:${responder.port}`;

describe('an RTSP session over UDP', () => {
  const turns = [
    ...describeTurns(),
    ...udp(0, 5004, 37304),
    ...udp(2, 5006, 37306),
    ask('PLAY', `${URL}/`, 'Session: 77'),
    say('200 OK', 'Range: npt=0-40'),
  ];

  it('announces RTP and RTCP of each track, with what the description says of it', () => {
    const { media } = listen(turns);
    expect(media.map(ports)).toEqual([
      'rtp :5004 :37304',
      'rtcp :5005 :37305',
      'rtp :5006 :37306',
      'rtcp :5007 :37307',
    ]);
    expect(media[0]?.announcement).toMatchObject({
      how: 'RTSP SETUP',
      transport: 'udp',
      media: 'video',
      sends: 'toInitiator',
      mayBeSilent: false,
      formats: [{ payloadType: 96, encoding: 'H264', clockRate: 90000 }],
    });
    expect(media[1]?.announcement).toMatchObject({ sends: 'both', mayBeSilent: true });
    expect(media[2]?.announcement).toMatchObject({ media: 'application', mayBeSilent: true });
  });

  it('starts the clock at the answer to PLAY, not before', () => {
    expect(listen(turns.slice(0, -1)).media.map((media) => media.state)).toEqual(new Array(4).fill('announced'));
    const { media } = listen(turns);
    expect(media.map((one) => [one.state, one.startedAt?.frame])).toEqual(new Array(4).fill(['playing', 8]));
  });

  it('tells what is played, by whom and from whom', () => {
    expect(Object.fromEntries(listen(turns).facts)).toMatchObject({
      url: URL,
      agent: 'player/1',
      server: 'camera/2',
      stream: 'Yard',
      codec: 'H264, MPEG4-GENERIC, vnd.onvif.metadata',
      range: 'npt=0-40',
      session: '77;timeout=60',
      transport: 'UDP',
    });
  });

  it('pauses at PAUSE, plays on when PAUSE is refused, and ends at TEARDOWN', () => {
    const paused = listen([...turns, ask('PAUSE', URL, 'Session: 77')]);
    expect(paused.media[0]).toMatchObject({ state: 'paused', stoppedAt: { frame: 9 } });
    const refused = listen([...turns, ask('PAUSE', URL, 'Session: 77'), say('455 Method Not Valid in This State')]);
    expect(refused.media[0]).toMatchObject({ state: 'playing', stoppedAt: null });
    expect(refused.refusals).toEqual([]);
    const ended = listen([...turns, ask('TEARDOWN', URL, 'Session: 77')]);
    expect(ended.media[0]).toMatchObject({ state: 'ended', stoppedAt: { frame: 9 } });
    expect(ended.closedAt).toMatchObject({ frame: 9 });
  });

  it('ends one track at a TEARDOWN of that track, and all of them with the connection', () => {
    const one = listen([...turns, ask('TEARDOWN', `${URL}/stream=0`, 'Session: 77')]);
    expect(one.media.map((media) => media.state)).toEqual(['ended', 'ended', 'playing', 'playing']);
    expect(one.closedAt).toBeNull();

    const record = new ControlRecord();
    const dissection = new RtspDissection(record);
    for (const [side, said] of turns) {
      const bytes = latin1(String(said));
      dissection.data(bytes, 0, bytes.length, contextOf(side === 'client' ? 0 : 1, 'tcp', bytes.length));
    }
    dissection.close({ capture: 0, frame: 99, time: 99 });
    expect(record.media[0]).toMatchObject({ state: 'ended', stoppedAt: { frame: 99 } });
  });

  it('stops the clock when the server says that the stream has ended', () => {
    const notice: Turn = [
      'server',
      message([`ANNOUNCE ${URL} RTSP/1.0`, 'CSeq: 1', 'Session: 77', 'X-Notice: 2101 "End"']),
    ];
    expect(listen([...turns, notice]).media[0]?.state).toBe('paused');
  });

  it('gives the same record in any pieces', () => {
    const whole = listen(turns);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (pieceBytes) => {
        const pieces = listen(turns, { pieceBytes });
        expect(pieces.messages.map((one) => one.name)).toEqual(whole.messages.map((one) => one.name));
        expect(pieces.media.map(ports)).toEqual(whole.media.map(ports));
      }),
      { numRuns: 30 },
    );
  });

  it('knows the roles when the server opened the connection', () => {
    const record = listen(turns, { isServerInitiator: true });
    expect(record.clientDirection).toBe(TO_INITIATOR);
    expect(record.media.slice(0, 2).map(ports)).toEqual(['rtp :37304 :5004', 'rtcp :37305 :5005']);
    expect(record.media[0]?.announcement.sends).toBe('toResponder');
  });
});

describe('what is agreed', () => {
  it('is nothing while no answer is seen; the offer is a fact', () => {
    const record = listen(
      [...describeTurns(), ...udp(0, 5004, 37304), ask('PLAY')].filter(([side]) => side === 'client'),
    );
    expect(record.media).toEqual([]);
    expect(record.facts.get('offered')).toBe('RTP/AVP;unicast;client_port=5004-5005');
    expect(record.clientDirection).toBe(TO_RESPONDER);
  });

  it('is what was offered alone, once the client has a session that only an answer can have given it', () => {
    const setup = ask('SETUP', `${URL}/stream=0`, 'Transport: RTP/AVP;unicast;client_port=5004-5005');
    const record = listen([setup, ask('PLAY', URL, 'Session: 77')]);
    expect(record.media.map(ports)).toEqual(['rtp :5004 :null', 'rtcp :5005 :null']);
    expect(record.media).toMatchObject([
      { state: 'announced', announcement: { mayBeSilent: true } },
      { state: 'announced', announcement: { mayBeSilent: true } },
    ]);
    const several = ask('SETUP', URL, 'Transport: RTP/AVP;client_port=5004-5005, RTP/AVP/TCP;interleaved=0-1');
    expect(listen([several, ask('PLAY', URL, 'Session: 77')]).media).toEqual([]);
  });

  it('is in the answers alone when the requests are not in the capture', () => {
    const turns = [...udp(0, 5004, 37304), ask('PLAY'), say('200 OK', 'RTP-Info: url=x;seq=1')];
    const record = listen(turns.filter(([side]) => side === 'server'));
    expect(record.media.map(ports)).toEqual(['rtp :5004 :37304', 'rtcp :5005 :37305']);
    expect(record.media[0]?.state).toBe('playing');
    expect(record.facts.has('offered')).toBe(false);
  });

  it('keeps the addresses that are told, and the ports that the answer leaves out', () => {
    const record = listen([
      ...setup(
        0,
        'RTP/AVP;unicast;client_port=5004-5005',
        'RTP/AVP;unicast;source=198.51.100.7;destination=10.0.0.5;server_port=6000-6001',
      ),
      ...setup(1, 'RTP/AVP;unicast;client_port=5006', 'RTP/AVP;unicast;client_port=5006;server_port=6002;RTCP-mux'),
    ]);
    expect(record.media.map(ports)).toEqual([
      'rtp 10.0.0.5:5004 198.51.100.7:6000',
      'rtcp 10.0.0.5:5005 198.51.100.7:6001',
      'rtp :5006 :6002',
    ]);
  });

  it('is a group for multicast, told by the answer or by the description', () => {
    const group = listen(
      setup(0, 'RTP/AVP;multicast', 'RTP/AVP;multicast;destination=239.1.2.3;port=3456-3457;ttl=16;source=192.0.2.9'),
    );
    expect(group.media.map(ports)).toEqual(['rtp 192.0.2.9:null 239.1.2.3:3456', 'rtcp 192.0.2.9:null 239.1.2.3:3457']);
    expect(group.media[0]?.announcement).toMatchObject({ isMulticast: true, ttl: 16, sends: 'toResponder' });

    const described = 'v=0\r\nm=video 5500 RTP/AVP 33\r\nc=IN IP4 239.9.9.9/32\r\na=control:stream=0\r\n';
    const answered = listen([...describeTurns(described), ...setup(0, 'RTP/AVP;multicast', 'RTP/AVP;multicast')]);
    expect(answered.media.map(ports)).toEqual(['rtp :null 239.9.9.9:5500', 'rtcp :null 239.9.9.9:5501']);
    expect(answered.media[0]?.announcement.ttl).toBe(32);
  });

  it('sends from the client after ANNOUNCE', () => {
    const record = listen([
      ['client', message([`ANNOUNCE ${URL} RTSP/1.0`, 'CSeq: 1', 'Content-Type: application/sdp'], SDP)],
      ...setup(
        0,
        'RTP/AVP/UDP;unicast;client_port=5000-5001;mode=record',
        'RTP/AVP/UDP;unicast;client_port=5000-5001;server_port=8000-8001',
      ),
      ask('RECORD'),
      say('200 OK'),
    ]);
    expect(record.media[0]?.announcement).toMatchObject({ sends: 'toResponder', media: 'video' });
    expect(record.media[0]?.state).toBe('playing');
    expect(record.facts.get('stream')).toBe('Yard');
  });

  it("is RealNetworks' data where both chose it", () => {
    const record = listen(
      setup(
        0,
        'x-real-rdt/udp;client_port=6970;mode=play,RTP/AVP;unicast;client_port=6970-6971',
        'x-real-rdt/udp;client_port=6970;server_port=25000',
      ),
    );
    expect(record.media.map(ports)).toEqual(['rdt :6970 :25000']);
  });

  it('is one flow where Windows Media sends all streams to one port', () => {
    const wms = (said: Turn): Turn => [
      said[0],
      String(said[1]).replace('player/1', 'WMPlayer/10.0.0.380').replace('camera/2', 'WMServer/9.0.0.3380'),
    ];
    const record = listen(
      [...udp(0, 2000, 5004), ...udp(1, 2000, 5004), ...udp(2, 2002, 5004), ask('PLAY'), say('200 OK')].map(wms),
    );
    expect(record.media.map(ports)).toEqual([
      'rtp :2000 :5004',
      'rtcp :2001 :5005',
      'rtp :2002 :5004',
      'rtcp :2003 :5005',
    ]);
    expect(record.variant).toBe('RTSPU');
  });
});

describe('a client that gives a transport up', () => {
  it('proves it by the SETUP of the same track over another one', () => {
    const record = listen([
      ...udp(0, 5004, 37304),
      ask('PLAY'),
      say('200 OK'),
      ask('PAUSE'),
      say('200 OK'),
      ...setup(0, 'RTP/AVP/TCP;unicast;interleaved=0-1', 'RTP/AVP/TCP;unicast;interleaved=0-1'),
    ]);
    expect(record.media[0]).toMatchObject({
      state: 'ended',
      stoppedAt: { frame: 5 },
      fallBack: { at: { frame: 7 }, words: 'SETUP RTP/AVP/TCP;unicast;interleaved=0-1' },
    });
    expect(record.facts.get('transport')).toBe('TCP interleaved');
  });

  it('does not, when it offers the same transport again', () => {
    const record = listen([...udp(0, 5004, 37304), ...udp(0, 5004, 37304), ...udp(1, 5006, 37306)]);
    expect(record.media.map((media) => media.fallBack)).toEqual([null, null, null, null]);
    expect(record.media).toHaveLength(4);
  });
});

describe('refusals', () => {
  const only = (turns: readonly Turn[]) => {
    const { refusals } = listen(turns);
    return refusals.map((one) => [one.request, one.code, one.words, one.overcomeAt?.frame ?? null]);
  };

  it('stand with the code in words', () => {
    expect(only([ask('DESCRIBE'), say('404 Not Found')])).toEqual([
      ['DESCRIBE', '404', 'no such stream on the server', null],
    ]);
    expect(only([ask('PLAY'), say('453 Not Enough Bandwidth')])).toEqual([
      ['PLAY', '453', 'the server has not enough bandwidth', null],
    ]);
  });

  it('are overcome by a password that is accepted', () => {
    expect(only([ask('DESCRIBE'), say('401 Unauthorized'), ...describeTurns()])).toEqual([
      ['DESCRIBE', '401', 'the server asks for a user name and password', 4],
    ]);
    expect(only([ask('OPTIONS'), say('401 Unauthorized'), ...describeTurns()])[0]?.[3]).toBe(4);
  });

  it('are overcome by another transport of the same track, not by another track', () => {
    const refused = [
      ask('SETUP', `${URL}/stream=0`, 'Transport: RTP/AVP;unicast;client_port=5004-5005'),
      say('461 Unsupported Transport'),
    ];
    const tcp = 'RTP/AVP/TCP;unicast;interleaved=0-1';
    expect(only([...refused, ...setup(0, tcp, tcp)])[0]?.[3]).toBe(4);
    expect(only([...refused, ...setup(1, tcp, tcp), ask('PLAY'), say('200 OK')])[0]?.[3]).toBeNull();
  });

  it('do not arise from keep-alives and goodbyes that a server does not understand', () => {
    expect(
      only([
        ask('GET_PARAMETER'),
        say('501 Not Implemented'),
        ask('OPTIONS', '*'),
        say('405 Method Not Allowed'),
        ask('TEARDOWN'),
        say('454 Session Not Found'),
      ]),
    ).toEqual([]);
    expect(only([ask('GET_PARAMETER'), say('454 Session Not Found')])).toHaveLength(1);
  });
});

describe('requests and answers', () => {
  it('belong together by CSeq in each direction, whoever asks', () => {
    const record = listen([
      ['client', message([`SETUP ${URL} RTSP/1.0`, 'CSeq: 9', 'Transport: RTP/AVP;unicast;client_port=5004-5005'])],
      ['server', message([`OPTIONS ${URL} RTSP/1.0`, 'CSeq: 9'])],
      ['client', message(['RTSP/1.0 200 OK', 'cseq: 9'])],
      ['server', message(['RTSP/1.0 404 Not Found', 'CSeq:9'])],
    ]);
    expect(record.refusals.map((one) => [one.request, one.direction])).toEqual([['SETUP', TO_INITIATOR]]);
  });

  it('leave a question open where the server is silent', () => {
    const record = listen([ask('OPTIONS'), say('200 OK'), ask('DESCRIBE')]);
    expect(record.questions.map((one) => [one.request, one.answeredAt?.frame ?? null])).toEqual([
      ['OPTIONS', 2],
      ['DESCRIBE', null],
    ]);
  });

  it('may come as datagrams, and be repeated there', () => {
    const request = ask('DESCRIBE');
    const record = listen([request, request, say('200 OK')], { transport: 'udp' });
    expect(record.questions).toHaveLength(1);
    expect(record.questions[0]).toMatchObject({ repetitions: 1, answeredAt: { frame: 3 } });
  });

  it('tell of a redirect', () => {
    const record = listen([ask('DESCRIBE'), say('302 Moved', 'Location: rtsp://admin:secret@198.51.100.2/live')]);
    expect(record.facts.get('redirect')).toBe('rtsp://admin:***@198.51.100.2/live');
  });
});

describe('interleaved media', () => {
  const frame = (channel: number, secondByte: number) =>
    new Uint8Array([0x24, channel, 0, 12, 0x80, secondByte, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]);

  it('is passed on by channel to whoever listens', () => {
    const heard: string[] = [];
    const record = new ControlRecord();
    record.onEmbeddedMedia = (protocol, channel, bytes, start, end, direction, at) =>
      heard.push(`${protocol} ${channel} ${bytes.subarray(start, end).length} ${direction} ${at.frame}`);
    listen(
      [
        ...setup(0, 'RTP/AVP/TCP;interleaved=4-5', 'RTP/AVP/TCP;interleaved=4-5'),
        ['server', frame(4, 96)],
        ['server', frame(5, 96)],
        ['client', frame(5, 201)],
        ['server', frame(9, 200)],
      ],
      { record },
    );
    expect(heard).toEqual(['rtp 4 12 1 3', 'rtcp 5 12 1 4', 'rtcp 5 12 0 5', 'rtcp 9 12 1 6']);
    expect(record.media).toEqual([]);
  });
});

describe('recognition', () => {
  const recognize = (bytes: Uint8Array, transport: 'tcp' | 'udp' = 'tcp') =>
    rtsp.recognize(bytes, 0, bytes.length, contextOf(0, transport, bytes.length));

  it('knows requests and answers of both versions by their first line', () => {
    for (const text of [
      'OPTIONS * RTSP/1.0\r\n',
      'PLAY_NOTIFY rtsp://h/a RTSP/2.0\r\n',
      '\r\nRTSP/1.0 461 Unsupported Transport\r\n',
    ]) {
      expect(recognize(latin1(text))).toBe('yes');
      expect(recognize(latin1(text), 'udp')).toBe('yes');
    }
  });

  it('waits for a line that may still become one, on TCP only', () => {
    const line = 'DESCRIBE rtsp://192.0.2.1/a RTSP/1.0\r\n';
    for (let length = 1; length < line.length; length++) {
      expect(recognize(latin1(line.slice(0, length)))).toBe('maybe');
      expect(recognize(latin1(line.slice(0, length)), 'udp')).toBe('no');
    }
  });

  it('leaves its neighbours alone', () => {
    for (const text of [
      'OPTIONS sip:a@b SIP/2.0\r\n',
      'OPTIONS * HTTP/1.1\r\n',
      'HTTP/1.1 200 OK\r\n',
      'SSH-2.0-x\r\n',
      'RTSP/9.9 nonsense here',
      'SETUP only\r\n',
      '$1,000 in words',
    ]) {
      expect(recognize(latin1(text))).toBe('no');
    }
    expect(recognize(new Uint8Array(0))).toBe('no');
  });

  it('knows media in mid-stream by two frames in a row', () => {
    const frames = new Uint8Array(300).fill(7);
    frames.set([0x24, 0, 0, 100, 0x80, 96], 50);
    expect(recognize(frames.subarray(0, 140))).toBe('maybe');
    frames.set([0x24, 1, 0, 28, 0x80, 200], 154);
    expect(recognize(frames)).toBe('yes');
    frames.set([0x24, 200], 154);
    expect(recognize(frames)).toBe('no');
  });
});
