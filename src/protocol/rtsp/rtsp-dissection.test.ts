import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ask,
  describeStream,
  endsOf,
  listen,
  SDP,
  say,
  setUp,
  setUpUdp,
  URL,
} from '../../../test/rtsp-conversation.ts';
import { contextOf, latin1, mangled, message, type Turn } from '../../../test/text-conversation.ts';
import { ControlRecord } from '../control-record.ts';
import { TO_INITIATOR } from '../dissector.ts';
import { RtspDissection } from './rtsp-dissection.ts';

describe('an RTSP session over UDP', () => {
  const turns = [
    ...describeStream(),
    ...setUpUdp(0, 5004, 37304),
    ...setUpUdp(2, 5006, 37306),
    ask('PLAY', `${URL}/`, 'Session: 77'),
    say('200 OK', 'Range: npt=0-40'),
  ];

  it('announces RTP and RTCP of each track, with what the description says of it', () => {
    const { media } = listen(turns);
    expect(media.map(endsOf)).toEqual([
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

  it('takes a track for one to the server, who may wait for it in vain, only beside one that the client receives', () => {
    const spoken = (video: string, audio: string) => {
      const sdp = SDP.replace('a=control:stream=0', `a=${video}\r\n$&`).replace(
        'a=control:stream=1',
        `a=${audio}\r\n$&`,
      );
      const [track] = listen([...describeStream(sdp), ...setUpUdp(1, 5006, 37306)]).media;
      return [track?.announcement.sends, track?.announcement.mayBeSilent];
    };
    expect(spoken('recvonly', 'sendonly')).toEqual(['toResponder', true]);
    expect(spoken('sendonly', 'sendonly')).toEqual(['toInitiator', false]);
    expect(spoken('sendrecv', 'sendonly')).toEqual(['toInitiator', false]);
    expect(spoken('recvonly', 'recvonly')).toEqual(['toInitiator', false]);
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

  it('knows the end of what is played from the description where the answer to PLAY leaves it out', () => {
    const played = (range: string) =>
      listen([...turns, ask('PLAY', URL, 'Session: 77'), say('200 OK', `Session: 77\r\nRange: ${range}`)]).facts.get(
        'range',
      );
    expect(played('npt=12.5-')).toBe('npt=12.5-40');
    expect(played('npt=5-20')).toBe('npt=5-20');
    expect(played('clock=20260314T120000Z-')).toBe('clock=20260314T120000Z-');
  });

  it('waits for no media behind an answer whose request is missing: it may have been PAUSE', () => {
    const unknown: Turn = ['server', message(['RTSP/1.0 200 OK', 'CSeq: 9999', 'Session: 77'])];
    expect(listen([...turns, unknown]).media[0]).toMatchObject({ state: 'paused' });
    const refused: Turn = ['server', message(['RTSP/1.0 454 Session Not Found', 'CSeq: 9999'])];
    expect(listen([...turns, refused]).refusals).toEqual([]);
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
    const told = (method: string, notice: string): Turn => [
      'server',
      message([`${method} ${URL} RTSP/1.0`, 'CSeq: 1', 'Session: 77', notice]),
    ];
    for (const notice of [
      told('ANNOUNCE', 'X-Notice: 2101 "End"'),
      told('ANNOUNCE', 'Notice: 2101 End-of-Stream Reached'),
      told('REDIRECT', 'Location: rtsp://10.0.0.9/lobby'),
    ]) {
      expect(listen([...turns, notice]).media[0]?.state).toBe('paused');
    }
    expect(listen([...turns, told('ANNOUNCE', 'Notice: 5402 Client Session Paused')]).media[0]?.state).toBe('playing');
  });

  it('gives the same record in any pieces', () => {
    const whole = listen(turns);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (pieceBytes) => {
        const pieces = listen(turns, { pieceBytes });
        expect(pieces.messages.map((one) => one.name)).toEqual(whole.messages.map((one) => one.name));
        expect(pieces.media.map(endsOf)).toEqual(whole.media.map(endsOf));
      }),
      { numRuns: 30 },
    );
  });

  it('survives whatever happens to its bytes, within its bounds', () => {
    const embedded = setUp(1, 'RTP/AVP/TCP;interleaved=0-1', 'RTP/AVP/TCP;interleaved=0-1');
    const frame: Turn = ['server', new Uint8Array([0x24, 0, 0, 12, 0x80, 96, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4])];
    fc.assert(
      fc.property(mangled([...turns, ...embedded, frame, frame, ask('TEARDOWN')]), ({ turns: damaged, pieceBytes }) => {
        const record = new ControlRecord();
        record.onEmbeddedMedia = (_protocol, _channel, bytes, start, end) => {
          if (start > end || end > bytes.length) throw new RangeError('not within its bytes');
        };
        listen(damaged, { pieceBytes, record });
        expect(record.media.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('knows the roles when the server opened the connection', () => {
    const record = listen(turns, { isServerInitiator: true });
    expect(record.clientDirection).toBe(TO_INITIATOR);
    expect(record.media.slice(0, 2).map(endsOf)).toEqual(['rtp :37304 :5004', 'rtcp :37305 :5005']);
    expect(record.media[0]?.announcement.sends).toBe('toResponder');
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
        ...setUp(0, 'RTP/AVP/TCP;interleaved=4-5', 'RTP/AVP/TCP;interleaved=4-5'),
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
