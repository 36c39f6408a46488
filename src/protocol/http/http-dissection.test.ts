import { describe, expect, it } from 'vitest';
import { contextOf, converse, latin1, message, type Staging, type Turn } from '../../../test/text-conversation.ts';
import { TO_INITIATOR } from '../dissector.ts';
import { http } from './http.ts';
import { HttpDissection } from './http-dissection.ts';

const get = (target: string, ...fields: string[]): Turn => [
  'client',
  message([`GET ${target} HTTP/1.1`, 'Host: media.example:8080', 'User-Agent: VLC/3.0.18', ...fields]),
];
const browse = (target: string, ...fields: string[]): Turn => [
  'client',
  message([`GET ${target} HTTP/1.1`, 'Host: www.example', 'User-Agent: Mozilla/5.0', ...fields]),
];
const say = (status: string, type: string, body = '', ...fields: string[]): Turn => [
  'server',
  message([`HTTP/1.1 ${status}`, 'Server: nginx', `Content-Type: ${type}`, ...fields], body),
];
const listen = (turns: readonly Turn[], staging?: Staging) =>
  converse((record, context) => new HttpDissection(record, context), turns, staging);

describe('an HTTP connection', () => {
  it('tells requests with their answers, past bodies and pipelines', () => {
    const record = listen([
      browse('/a'),
      browse('/b'),
      say('200 OK', 'text/html', '<html>'.repeat(500)),
      say('404 Not Found', 'text/html; charset=utf-8', 'no'),
    ]);
    expect(record.messages.map((one) => `${one.direction} ${one.name} ${one.detail}`)).toEqual([
      '0 GET /a',
      '0 GET /b',
      '1 200 OK text/html',
      '1 404 Not Found text/html',
    ]);
    expect(Object.fromEntries(record.facts)).toEqual({
      url: 'http://www.example/a',
      agent: 'Mozilla/5.0',
      server: 'nginx',
    });
    expect(record).toMatchObject({ variant: '', identity: null, carriesMedia: false, clientDirection: 0 });
  });

  it('does not take a page that is not found for a failed stream', () => {
    expect(listen([browse('/'), say('404 Not Found', 'text/html', 'x')]).refusals).toEqual([]);
  });

  it('holds few messages as long as it carries no stream', () => {
    const turns = Array.from({ length: 50 }, (_, i) => browse(`/${i}`));
    expect(listen(turns).messages).toHaveLength(12);
    expect(listen([...turns, get('/live.m3u8')]).messages.at(-1)?.detail).toBe('/live.m3u8');
  });

  it('expects no body after HEAD, and takes an interim answer for none', () => {
    const record = listen([
      ['client', message(['HEAD /a HTTP/1.1'])],
      ['server', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nHTTP/1.1 500 No\r\n\r\n'],
    ]);
    expect(record.messages.map((one) => one.name)).toEqual(['HEAD', '100 Continue', '200 OK', '500 No']);
  });

  it('knows its client when only the server is seen, or opened the connection', () => {
    expect(listen([say('200 OK', 'text/html')]).clientDirection).toBe(0);
    expect(listen([browse('/')], { isServerInitiator: true }).clientDirection).toBe(TO_INITIATOR);
  });

  it('wants no more bytes once it has become something else', () => {
    for (const turns of [
      [
        ['client', 'CONNECT h:443 HTTP/1.1\r\n\r\n'],
        ['server', 'HTTP/1.1 200 OK\r\n\r\n'],
      ],
      [browse('/chat'), ['server', 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n']],
      [['client', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']],
    ] as Turn[][]) {
      let dissection: HttpDissection | null = null;
      const record = converse((kept, context) => {
        dissection = new HttpDissection(kept, context);
        return dissection;
      }, turns);
      expect(dissection).toMatchObject({ isDone: true });
      expect(record.variant).not.toBe('');
    }
  });
});

describe('streaming over HTTP', () => {
  const variantOf = (...turns: Turn[]) => listen(turns).variant;

  it('is named by its manifest, its segments, its type or its server', () => {
    expect(variantOf(get('/live.m3u8?token=1'))).toBe('HLS');
    expect(variantOf(browse('/x'), say('200 OK', 'application/vnd.apple.mpegurl', '#EXTM3U'))).toBe('HLS');
    expect(variantOf(browse('/seg1.ts'), say('200 OK', 'video/mp2t', 'x'))).toBe('HLS');
    expect(variantOf(browse('/v'), say('200 OK', 'application/dash+xml', '<MPD>'))).toBe('DASH');
    expect(variantOf(browse('/a.isml/QualityLevels(1)/Fragments(v=0)'))).toBe('Smooth Streaming');
    expect(variantOf(browse('/v'), say('200 OK', 'video/x-flv'))).toBe('HTTP-FLV');
    expect(variantOf(browse('/cam'), say('200 OK', 'multipart/x-mixed-replace; boundary=x'))).toBe('MJPEG over HTTP');
    expect(variantOf(browse('/tv'), say('200 OK', 'video/mp2t'))).toBe('MPEG-TS over HTTP');
    expect(variantOf(browse('/film'), say('206 Partial Content', 'video/mp4', 'x'))).toBe('progressive download');
    expect(variantOf(browse('/page'), say('200 OK', 'text/html', 'x'))).toBe('');
  });

  it('names radio, its station and its rate, whichever server sends it', () => {
    const record = listen([get('/'), ['server', 'ICY 200 OK\r\nicy-name: Radio Nord\r\nicy-br:128\r\n\r\n\xff\xfb']]);
    expect(record).toMatchObject({ variant: 'Icecast', carriesMedia: true });
    expect(record.facts.get('stream')).toBe('Radio Nord');
    expect(record.facts.get('bitRate')).toBe('128 kbit/s');
    expect(listen([['client', 'SOURCE /live ICE/1.0\r\nice-name: x\r\n\r\n']]).variant).toBe('Icecast source');
  });

  it('is refused by an error, until another request for it succeeds', () => {
    const refused = listen([get('/live.m3u8'), say('403 Forbidden', 'text/html', 'no')]);
    expect(refused.refusals).toMatchObject([
      { request: 'GET', code: '403', words: 'the server forbids it', overcomeAt: null },
    ]);
    const overcome = listen([
      get('/live.m3u8'),
      say('401 Unauthorized', 'text/html', 'no'),
      get('/live.m3u8', 'Authorization: x'),
      say('200 OK', 'application/vnd.apple.mpegurl', '#EXTM3U'),
    ]);
    expect(overcome.refusals[0]?.overcomeAt?.frame).toBe(4);
  });

  it('is refused by a web page that comes instead of it', () => {
    const page = say('200 OK', 'text/html', '<html>');
    expect(listen([browse('/live.m3u8'), page]).refusals).toMatchObject([{ code: '200', request: 'GET' }]);
    expect(listen([get('/page'), page]).refusals).toEqual([]);
  });

  it('asks a question that a silent server leaves open', () => {
    expect(listen([get('/live.m3u8')]).questions).toMatchObject([{ request: 'GET', answeredAt: null }]);
    expect(listen([browse('/')]).questions).toEqual([]);
  });

  it('keeps passwords to itself', () => {
    expect(listen([get('http://u:secret@cam.example/live.m3u8')]).facts.get('url')).toBe(
      'http://u:***@cam.example/live.m3u8',
    );
  });
});

describe('a station file', () => {
  it('announces the multicast that it names', () => {
    const file =
      '[Address]\r\nName=Evening\r\nIP Address=239.192.5.6\r\nIP Port=0x00001F4A\r\nTime To Live=0x00000020\r\n';
    const record = listen([browse('/pub/show.nsc'), say('200 OK', 'video/x-ms-asf', file)], { pieceBytes: 50 });
    expect(record.media.map((one) => one.announcement)).toMatchObject([
      {
        protocol: 'msb',
        responder: { address: '239.192.5.6', port: 8010 },
        ttl: 32,
        isMulticast: true,
        how: '.nsc file',
      },
    ]);
    expect(record.facts.get('stream')).toBe('Evening');
    expect(record.facts.get('multicast')).toBe('239.192.5.6:8010');
  });

  it('is held up to a bound, and may be anything else', () => {
    expect(listen([browse('/a.nsc'), say('200 OK', 'text/plain', 'x'.repeat(100_000))]).media).toEqual([]);
  });
});

describe('recognition', () => {
  const recognize = (text: string) => http.recognize(latin1(text), 0, text.length, contextOf(0, 'tcp', text.length));

  it('knows requests and answers by their first line', () => {
    for (const text of [
      'GET / HTTP/1.1\r\n',
      'HTTP/1.0 404 ',
      'ICY 200 OK\r\n',
      'SOURCE /m ICE/1.0\r\n',
      'PRI * HTTP/2.0\r\n',
    ]) {
      expect(recognize(text)).toBe('yes');
    }
  });

  it('waits for a line that may still become one', () => {
    const line = 'POST /a HTTP/1.1\r\n';
    for (let length = 1; length < line.length; length++) expect(recognize(line.slice(0, length))).toBe('maybe');
  });

  it('leaves its neighbours alone', () => {
    for (const text of [
      'OPTIONS sip:a SIP/2.0\r\n',
      'SETUP rtsp://a RTSP/1.0\r\n',
      'GET key\r\n',
      'HTTP/3.0 200 ',
      'HELO x\r\n',
      '',
    ]) {
      expect(recognize(text)).toBe('no');
    }
  });
});
