import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contextOf,
  converse,
  latin1,
  mangled,
  message,
  type Staging,
  type Turn,
} from '../../../test/text-conversation.ts';
import { HttpDissection } from './http-dissection.ts';
import { mmsh } from './mmsh.ts';

const PLAYER = [
  'User-Agent: NSPlayer/9.0.0.2980',
  'Host: wms.example',
  'Pragma: xClientGUID={3300AD50-2C39-46c0-AE0A}',
];
const DESCRIBE: Turn = ['client', message(['GET /pub/show%20one HTTP/1.0', ...PLAYER])];
const PLAY: Turn = ['client', message(['GET /pub/show%20one HTTP/1.0', ...PLAYER, 'Pragma: xPlayStrm=1'])];
const COUGAR = [
  'HTTP/1.0 200 OK',
  'Server: Cougar/9.01.01.3814',
  'Content-Type: application/x-mms-framed',
  'Pragma: client-id=77, features="broadcast,playlist"',
];

/** A packet with its own size inside, as headers and data have it. */
function dataPacket(id: 'H' | 'D', payloadBytes: number, filler = 0x24): Uint8Array {
  const length = 8 + payloadBytes;
  const packet = new Uint8Array(4 + length).fill(filler);
  packet.set([0x24, id.charCodeAt(0), length & 0xff, length >> 8, 1, 0, 0, 0, 4, 12, length & 0xff, length >> 8]);
  return packet;
}
const endPacket = (reason: readonly number[]) => new Uint8Array([0x24, 0x45, 4, 0, ...reason]);
const listen = (turns: readonly Turn[], staging?: Staging) =>
  converse((record, context) => new HttpDissection(record, context), turns, staging);
const said = (turns: readonly Turn[], staging?: Staging) =>
  listen(turns, staging).messages.map((one) => `${one.name} ${one.detail}`);

describe('a Windows Media player over HTTP', () => {
  const stream: Turn[] = [
    PLAY,
    ['server', message(COUGAR)],
    ['server', dataPacket('H', 700)],
    ['server', dataPacket('D', 1400)],
    ['server', dataPacket('D', 60_000)],
    ['server', endPacket([0, 0, 0, 0])],
  ];
  const ladder = [
    'GET /pub/show%20one (play)',
    '200 OK application/x-mms-framed',
    '$H ASF header',
    '$D first data',
    '$E end of the stream',
  ];

  it('is MMSH, with its purpose, stream and end', () => {
    const record = listen(stream);
    expect(record.identity).toBe('mmsh');
    expect(said(stream)).toEqual(ladder);
    expect(record.closedAt?.frame).toBe(6);
    expect(Object.fromEntries(record.facts)).toMatchObject({
      url: 'http://wms.example/pub/show%20one',
      stream: 'pub/show one',
      agent: 'NSPlayer/9.0.0.2980',
      server: 'Cougar/9.01.01.3814',
      content: 'live',
      clientId: '77',
    });
    expect(said([DESCRIBE])).toEqual(['GET /pub/show%20one (describe)']);
  });

  it('is the same in pieces and in chunks', () => {
    for (const pieceBytes of [1, 3, 100, 5000]) expect(said(stream, { pieceBytes })).toEqual(ladder);
    const chunked = message([...COUGAR, 'Transfer-Encoding: chunked']);
    const packet = Buffer.from(dataPacket('H', 20)).toString('latin1');
    expect(said([PLAY, ['server', `${chunked}3\r\n${packet.slice(0, 3)}\r\n1D\r\n${packet.slice(3)}\r\n`]])).toContain(
      '$H ASF header',
    );
  });

  it('survives whatever happens to its bytes', () => {
    fc.assert(
      fc.property(mangled(stream), ({ turns, pieceBytes }) => {
        expect(listen(turns, { pieceBytes }).messages.length).toBeLessThan(20);
      }),
      { numRuns: 50 },
    );
  });

  it('is known where the capture starts within its packets', () => {
    const middle = new Uint8Array([
      ...dataPacket('D', 900).subarray(500),
      ...dataPacket('D', 300),
      ...endPacket([1, 0, 0, 0]),
    ]);
    const record = listen([['server', middle]]);
    expect(record.identity).toBe('mmsh');
    expect(record.messages.map((one) => one.name)).toEqual(['$D', '$E']);
  });

  it('goes on after a loss', () => {
    const turns: Turn[] = [...stream.slice(0, 3), ['server', dataPacket('D', 900).subarray(0, 200)], ['server', 2000]];
    expect(said([...turns, ['server', dataPacket('D', 500)], ['server', endPacket([0, 0, 0, 0])]])).toEqual(ladder);
  });

  it('tells why a server ended the stream', () => {
    const record = listen([...stream.slice(0, 4), ['server', endPacket([0x0f, 0x00, 0x0d, 0xc0])]]);
    expect(record.refusals).toMatchObject([
      { request: 'play', code: '0xC00D000F', words: 'too many sessions on the server' },
    ]);
  });

  it('is refused by a web page that comes instead of the stream', () => {
    const page: Turn = ['server', message(['HTTP/1.1 200 OK', 'Server: squid/5', 'Content-Type: text/html'], '<html>')];
    expect(listen([PLAY, page]).refusals[0]?.words).toBe(
      'a web page came instead of the stream, from squid/5: a blocking proxy, a login page or a plain web server',
    );
  });

  it('learns that a plain web server answers where a media server should', () => {
    const missing: Turn = ['server', message(['HTTP/1.1 404 Not Found', 'Server: Microsoft-IIS/6.0'], 'x')];
    expect(listen([DESCRIBE, missing]).refusals[0]?.words).toBe(
      'no such stream on the server (the answer is that of Microsoft-IIS/6.0, not of a Windows Media server)',
    );
    const file: Turn = ['server', message(['HTTP/1.1 200 OK', 'Server: Apache', 'Content-Type: video/x-ms-wmv'], 'x')];
    expect(listen([DESCRIBE, file])).toMatchObject({ refusals: [], identity: 'mmsh' });
  });

  it('follows a redirect to another port by name only', () => {
    const moved: Turn = [
      'server',
      message(['HTTP/1.0 302 Moved', 'Server: Cougar/9.0', 'Location: http://wms.example:8080/pub']),
    ];
    expect(listen([DESCRIBE, moved]).facts.get('redirect')).toBe('http://wms.example:8080/pub');
  });
});

describe('an encoder that pushes', () => {
  it('is MMSH with the media from the client', () => {
    const push = (kind: string) =>
      message([
        'POST /live HTTP/1.1',
        'User-Agent: WMEncoder/11.0',
        `Content-Type: application/x-wms-push${kind}`,
        'Content-Length: 2147483647',
      ]);
    const record = listen([
      ['client', push('start')],
      ['client', dataPacket('H', 50)],
      ['client', dataPacket('D', 900)],
    ]);
    expect(record).toMatchObject({ identity: 'mmsh', variant: 'push' });
    expect(record.messages.map((one) => `${one.direction} ${one.name} ${one.detail}`)).toEqual([
      '0 POST /live (push start)',
      '0 $H ASF header',
      '0 $D first data',
    ]);
  });
});

describe('recognition of MMSH', () => {
  const recognize = (bytes: Uint8Array) => mmsh.recognize(bytes, 0, bytes.length, contextOf(0, 'tcp', bytes.length));

  it('needs a marker of either side in the head', () => {
    expect(recognize(latin1(String(PLAY[1])))).toBe('yes');
    expect(recognize(latin1(message(COUGAR)))).toBe('yes');
    expect(recognize(latin1('GET / HTTP/1.1\r\nUser-Agent: curl\r\n\r\nUser-Agent: NSPlayer/'))).toBe('no');
    expect(recognize(latin1('GET / HTTP/1.1\r\nUser-Agent: NSPl'))).toBe('maybe');
  });

  it('takes packets for proof, but not what only looks like their mark', () => {
    expect(recognize(dataPacket('D', 100))).toBe('yes');
    expect(recognize(new Uint8Array(500).fill(0x24))).toBe('no');
    expect(recognize(endPacket([0, 0, 0, 0]))).toBe('no');
  });
});
