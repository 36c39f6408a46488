import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextOf, converse, latin1, message, type Staging, type Turn } from '../../../test/text-conversation.ts';
import type { AnnouncedMedia } from '../control-record.ts';
import { sip } from './sip.ts';
import { SipDissection } from './sip-dissection.ts';

const sdp = (address: string, ...lines: string[]) => ['v=0', `c=IN IP4 ${address}`, ...lines, ''].join('\r\n');
const fields = (sequence: string, call: string) => [
  `Call-ID: ${call}`,
  `CSeq: ${sequence}`,
  'From: "Anna" <sip:anna@example.org>;tag=1',
  'To: <sip:bert@example.org>',
];
const send = (side: Turn[0], first: string, sequence: string, body = '', call = 'c1', ...more: string[]): Turn => [
  side,
  message([first, ...fields(sequence, call), ...(body === '' ? [] : ['Content-Type: application/sdp']), ...more], body),
];
const invite = (body = '', sequence = '1 INVITE') =>
  send('client', 'INVITE sip:bert@example.org SIP/2.0', sequence, body);
const answer = (status: string, body = '', sequence = '1 INVITE') =>
  send('server', `SIP/2.0 ${status}`, sequence, body);
const OFFER = sdp('10.0.0.5', 'm=audio 30000 RTP/AVP 0 8', 'm=video 30002 RTP/AVP 96', 'a=rtpmap:96 H264/90000');
const ANSWER = sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 8', 'm=video 0 RTP/AVP 96');
const CALL = [invite(OFFER), answer('183 In band', ANSWER), answer('200 OK', ANSWER)];

const listen = (turns: readonly Turn[], staging: Staging = { transport: 'udp' }) =>
  converse((record) => new SipDissection(record), turns, staging);
const ports = ({ announcement: { protocol, initiator, responder, sends } }: AnnouncedMedia) =>
  `${protocol} ${initiator.address}:${initiator.port} ${responder.address}:${responder.port} ${sends}`;
const refusals = (turns: readonly Turn[]) =>
  listen(turns).refusals.map((one) => [one.request, one.code, one.overcomeAt?.frame ?? null]);

describe('a call', () => {
  it('announces the media that both ends accept, where the descriptions say', () => {
    const { media } = listen(CALL);
    expect(media.map(ports)).toEqual([
      'rtp 10.0.0.5:30000 198.51.100.6:40392 both',
      'rtcp 10.0.0.5:30001 198.51.100.6:40393 both',
    ]);
    expect(media.map(({ rtcp }) => rtcp)).toEqual([media[1], null]);
    expect(media[0]?.announcement).toMatchObject({
      how: 'SIP',
      media: 'audio',
      formats: [{ payloadType: 8, encoding: 'PCMA', clockRate: 8000 }],
    });
  });

  it('ends with its own BYE, however many others its trunk carries', () => {
    const calls = Array.from({ length: 300 }, (_, i) => `c${i}`);
    const answered = calls.flatMap((id) => [
      send('client', 'INVITE sip:bert@example.org SIP/2.0', '1 INVITE', OFFER, id),
      send('server', 'SIP/2.0 200 OK', '1 INVITE', ANSWER, id),
    ]);
    const { media } = listen([...answered, send('client', 'BYE sip:bert@example.org SIP/2.0', '2 BYE', '', 'c0')]);
    expect(media.slice(0, 2).map(({ state }) => state)).toEqual(['ended', 'ended']);
    expect(media.slice(2).every(({ state }) => state === 'playing')).toBe(true);
  });

  it('starts at its acceptance, not at early media, and ends with BYE', () => {
    expect(listen(CALL.slice(0, 2)).media[0]?.state).toBe('announced');
    expect(listen(CALL).media[0]).toMatchObject({ state: 'playing', startedAt: { frame: 3 } });
    const ended = listen([...CALL, send('server', 'BYE sip:anna@example.org SIP/2.0', '7 BYE')]);
    expect(ended.media[0]).toMatchObject({ state: 'ended', stoppedAt: { frame: 4 } });
  });

  it('is announced the same when the callee offers and the caller answers in ACK', () => {
    const ack = send('client', 'ACK sip:bert@example.org SIP/2.0', '1 ACK', sdp('10.0.0.5', 'm=audio 30000 RTP/AVP 8'));
    const record = listen([invite(), answer('200 OK', sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 0 8')), ack]);
    expect(record.media.map(ports)[0]).toBe('rtp 10.0.0.5:30000 198.51.100.6:40392 both');
    expect(record.media[0]).toMatchObject({ state: 'playing', startedAt: { frame: 3 } });
  });

  it('announces nothing while only one end has described itself', () => {
    expect(listen([invite(OFFER), answer('180 Ringing')]).media).toEqual([]);
    expect(listen([answer('200 OK', ANSWER)]).media).toEqual([]);
  });

  it('pauses on hold and moves with a new offer', () => {
    const hold = invite(sdp('10.0.0.5', 'm=audio 30000 RTP/AVP 8', 'a=inactive'), '2 INVITE');
    const held = answer('200 OK', sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 8', 'a=inactive'), '2 INVITE');
    expect(listen([...CALL, hold, held]).media.map((one) => one.state)).toEqual(['paused', 'paused']);
    const move = invite(sdp('10.0.0.5', 'm=audio 31000 RTP/AVP 8'), '2 INVITE');
    const moved = listen([...CALL, move, answer('200 OK', sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 8'), '2 INVITE')]);
    expect(moved.media.map((one) => [one.announcement.initiator.port, one.state])).toEqual([
      [30000, 'ended'],
      [30001, 'ended'],
      [31000, 'playing'],
      [31001, 'playing'],
    ]);
  });

  it('has no RTCP of its own any more where a new offer puts both on one port', () => {
    const offered = invite(sdp('10.0.0.5', 'm=audio 30000 RTP/AVP 8', 'a=rtcp-mux'), '2 INVITE');
    const answered = answer('200 OK', sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 8', 'a=rtcp-mux'), '2 INVITE');
    const { media } = listen([...CALL, offered, answered]);
    expect(media.map(({ state, rtcp }) => [state, rtcp])).toEqual([
      ['playing', null],
      ['ended', null],
    ]);
  });

  it('knows one-way media, shared ports and paths that ICE may change', () => {
    const oneWay = listen([
      invite(sdp('10.0.0.5', 'm=audio 30000 RTP/AVP 8', 'a=sendonly', 'a=rtcp-mux')),
      answer('200 OK', sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 8', 'a=recvonly', 'a=rtcp-mux')),
    ]);
    expect(oneWay.media.map(ports)).toEqual(['rtp 10.0.0.5:30000 198.51.100.6:40392 toResponder']);
    const candidate = 'a=candidate:1 1 UDP 1 10.0.0.9 50000 typ host';
    const ice = listen([
      invite(sdp('10.0.0.5', 'm=audio 30000 RTP/AVP 8', candidate)),
      answer('200 OK', sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 8', candidate)),
    ]);
    expect(ice.media[0]?.announcement.mayBeSilent).toBe(true);
    const trickle = sdp('0.0.0.0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111');
    expect(listen([invite(trickle), answer('200 OK', trickle)]).media).toEqual([]);
  });

  it('announces the paths that ICE may take, each once, and none of TCP, of hidden names or across families', () => {
    const candidates = (lines: readonly string[]) => lines.map((line, i) => `a=candidate:${i} ${line}`);
    const offer = candidates([
      '1 UDP 9 10.0.0.5 30000 typ host',
      '1 udp 8 203.0.113.5 41000 typ srflx raddr 10.0.0.5 rport 30000',
      '1 udp 8 203.0.113.5 41000 typ srflx raddr 10.0.0.6 rport 30000',
      '2 UDP 7 10.0.0.5 30001 typ host',
      '1 TCP 6 10.0.0.5 9 typ host tcptype active',
      '1 UDP 5 2001:db8::5 30000 typ host',
      '1 UDP 4 0b1c.local 30000 typ host',
    ]);
    const accepted = candidates(['1 UDP 9 198.51.100.6 40392 typ host', '2 UDP 8 198.51.100.6 40500 typ host']);
    const told = listen([
      invite(sdp('10.0.0.5', 'm=audio 30000 RTP/AVP 8', ...offer)),
      answer('200 OK', sdp('198.51.100.6', 'm=audio 40392 RTP/AVP 8', ...accepted)),
    ]);
    expect(told.media.map((one) => [ports(one), one.announcement.isAlternative === true])).toEqual([
      ['rtp 10.0.0.5:30000 198.51.100.6:40392 both', false],
      ['rtcp 10.0.0.5:30001 198.51.100.6:40393 both', false],
      ['rtp 203.0.113.5:41000 198.51.100.6:40392 both', true],
      ['rtcp 10.0.0.5:30001 198.51.100.6:40500 both', true],
    ]);
    const trickled = listen([
      invite(sdp('0.0.0.0', 'm=audio 9 RTP/SAVPF 8', 'a=rtcp-mux', ...offer)),
      answer('200 OK', sdp('0.0.0.0', 'm=audio 9 RTP/SAVPF 8', 'a=rtcp-mux', ...accepted)),
    ]);
    expect(trickled.media.map((one) => ports(one).split(' ')[1])).toEqual(['10.0.0.5:30000', '203.0.113.5:41000']);
  });

  it('is told by its parties, its agents and its codec', () => {
    const record = listen(CALL);
    expect(Object.fromEntries(record.facts)).toEqual({
      caller: 'sip:anna@example.org',
      callee: 'sip:bert@example.org',
      codec: 'PCMA',
    });
    expect(record.messages.map((one) => `${one.name} ${one.detail}`)).toEqual([
      'INVITE sip:bert@example.org',
      '183 In band INVITE',
      '200 OK INVITE',
    ]);
  });
});

describe('refusals of calls', () => {
  it('end the call with the code in words', () => {
    const record = listen([invite(OFFER), answer('183 In band', ANSWER), answer('486 Busy Here')]);
    expect(record.refusals).toMatchObject([{ request: 'INVITE', code: '486', words: 'the callee is busy' }]);
    expect(record.media[0]?.state).toBe('ended');
  });

  it('is none of a flow on which another call was taken, before or after, where only the callee was busy', () => {
    const busy = (call: string, status = '486 Busy Here') => [
      send('client', 'INVITE sip:bert@example.org SIP/2.0', '1 INVITE', OFFER, call),
      send('server', `SIP/2.0 ${status}`, '1 INVITE', '', call),
    ];
    expect(refusals([...CALL, ...busy('c2')])).toEqual([]);
    expect(refusals([...busy('c2'), ...CALL])).toEqual([['INVITE', '486', 5]]);
    expect(refusals([...CALL, ...busy('c2', '403 Forbidden')])).toEqual([['INVITE', '403', null]]);
  });

  it('are overcome by a success, and a challenge by whatever answers the password', () => {
    expect(
      refusals([invite(OFFER), answer('407 Auth'), invite(OFFER, '2 INVITE'), answer('200 OK', ANSWER, '2 INVITE')]),
    ).toEqual([['INVITE', '407', 4]]);
    expect(
      refusals([invite(), answer('407 Auth'), invite('', '2 INVITE'), answer('403 Wrong', '', '2 INVITE')]),
    ).toEqual([
      ['INVITE', '407', 4],
      ['INVITE', '403', null],
    ]);
  });

  it('are told once however often a client tries, and not for a call that was cancelled', () => {
    expect(
      refusals([invite(), answer('503 No'), invite('', '2 INVITE'), answer('503 No', '', '2 INVITE')]),
    ).toHaveLength(1);
    expect(refusals([invite(), answer('487 Request Terminated')])).toEqual([]);
    expect(refusals([send('client', 'BYE sip:b SIP/2.0', '3 BYE'), answer('481 No Call', '', '3 BYE')])).toEqual([]);
  });

  it('leave an accepted call alone when only its change was refused', () => {
    const record = listen([...CALL, invite(OFFER, '2 INVITE'), answer('488 Not Acceptable', '', '2 INVITE')]);
    expect(record.media[0]?.state).toBe('playing');
  });
});

describe('requests over UDP', () => {
  it('are one question however often they are sent', () => {
    const record = listen([invite(), invite(), invite()]);
    expect(record.questions).toMatchObject([{ request: 'INVITE', repetitions: 2, answeredAt: null }]);
    expect(listen([invite(), answer('100 Trying')]).questions[0]?.answeredAt?.frame).toBe(2);
  });
});

describe('SIP over TCP', () => {
  it('gives the same in any pieces, with keep-alives between and after a loss', () => {
    const turns: Turn[] = [['client', '\r\n\r\n'], ...CALL];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (pieceBytes) => {
        expect(listen(turns, { pieceBytes }).media.map(ports)).toEqual(listen(CALL).media.map(ports));
      }),
      { numRuns: 20 },
    );
    const [, text] = invite(OFFER);
    const lossy = listen([['client', String(text).slice(0, 300)], ['client', 500], ['client', 'rest'], ...CALL], {});
    expect(lossy.media.map(ports)).toEqual(listen(CALL).media.map(ports));
  });

  it('never throws, whatever the bytes', () => {
    const said = fc.oneof(fc.string(), fc.nat(500), ...CALL.map(([, text]) => fc.constant(text)));
    const turn = fc.tuple(fc.constantFrom('client' as const, 'server' as const), said);
    fc.assert(
      fc.property(fc.array(turn), fc.constantFrom('tcp' as const, 'udp' as const), (turns, transport) => {
        listen(turns, { transport });
      }),
    );
  });
});

describe('recognition of SIP', () => {
  it('needs a whole first line in a datagram and waits for it on TCP', () => {
    const recognize = (text: string, transport: 'tcp' | 'udp') =>
      sip.recognize(latin1(text), 0, text.length, contextOf(0, transport, text.length));
    expect(recognize('INVITE sip:a@b SIP/2.0\r\n', 'udp')).toBe('yes');
    expect(recognize('SIP/2.0 200 OK\r\n', 'udp')).toBe('yes');
    expect(recognize('INVITE sip:', 'udp')).toBe('no');
    expect(recognize('INVITE sip:', 'tcp')).toBe('maybe');
    expect(recognize('OPTIONS * RTSP/1.0\r\n', 'tcp')).toBe('no');
    expect(recognize('\r\n\r\n', 'udp')).toBe('no');
  });
});
