import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { converse, latin1, message, type Turn } from '../../../test/text-conversation.ts';
import { HttpDissection } from './http-dissection.ts';
import { Base64Decoder } from './rtsp-tunnel.ts';

const listen = (turns: readonly Turn[], pieceBytes = 65_536) =>
  converse((record, context) => new HttpDissection(record, context), turns, { pieceBytes });

const GET = message(['GET /live HTTP/1.0', 'x-sessioncookie: abc123', 'Accept: application/x-rtsp-tunnelled']);
const POST = message([
  'POST /live HTTP/1.0',
  'x-sessioncookie: abc123',
  'Content-Type: application/x-rtsp-tunnelled',
  'Content-Length: 32767',
]);
const OPENED = message(['HTTP/1.0 200 OK', 'Content-Type: application/x-rtsp-tunnelled', 'Server: QTSS/5.5']);
const TCP = 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1';

describe('RTSP over HTTP', () => {
  it('is RTSP by the answers that the GET brings', () => {
    const answer = message(['RTSP/1.0 200 OK', 'CSeq: 3', 'Session: 5', TCP]);
    const record = listen(
      [
        ['client', GET],
        ['server', OPENED],
        ['server', `${answer}$\x00\x00\x02xy${answer}`],
      ],
      7,
    );
    expect(record).toMatchObject({ identity: 'rtsp', variant: 'RTSP over HTTP' });
    expect(record.messages.map((one) => one.name)).toEqual(['GET', '200 OK', '200 OK', '200 OK']);
    expect(record.facts.get('tunnel')).toBe('abc123');
    expect(record.facts.get('transport')).toBe('TCP interleaved');
  });

  it('is RTSP by the requests that the POST carries in base64, none of which waits here for its answer', () => {
    const encode = (text: string) => Buffer.from(text).toString('base64');
    const requests = [
      message(['OPTIONS rtsp://h/live RTSP/1.0', 'CSeq: 1']),
      message(['SETUP rtsp://h/live/0 RTSP/1.0', 'CSeq: 3', TCP]),
    ];
    const record = listen([['client', POST], ...requests.map((text): Turn => ['client', encode(text)])], 5);
    expect(record).toMatchObject({ identity: 'rtsp', questions: [], media: [] });
    expect(record.messages.map((one) => one.name)).toEqual(['POST', 'OPTIONS', 'SETUP']);
    expect(record.facts.get('offered')).toBe('RTP/AVP/TCP;unicast;interleaved=0-1');
  });

  it('may be refused by a server that does not tunnel', () => {
    const refused = message(['HTTP/1.1 405 Method Not Allowed'], 'x');
    const record = listen([
      ['client', GET],
      ['server', refused],
    ]);
    expect(record).toMatchObject({ identity: 'rtsp', variant: 'RTSP over HTTP' });
    expect(record.refusals).toMatchObject([{ request: 'GET', code: '405' }]);
  });
});

describe('Base64Decoder', () => {
  it('gives the same bytes however often the text is padded, broken and cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })),
        fc.integer({ min: 1, max: 9 }),
        (parts, size) => {
          const text = parts.map((part) => Buffer.from(part).toString('base64')).join('\r\n');
          const decoder = new Base64Decoder();
          const decoded: number[] = [];
          for (let at = 0; at < text.length; at += size) {
            const piece = latin1(text.slice(at, at + size));
            decoded.push(...decoder.decode(piece, 0, piece.length));
          }
          expect(decoded).toEqual(parts.flatMap((part) => [...part]));
        },
      ),
    );
  });

  it('is in step again after missing characters', () => {
    const text = latin1(Buffer.from('0123456789abcdefghij').toString('base64'));
    for (let missing = 1; missing < 9; missing++) {
      const decoder = new Base64Decoder();
      const before = decoder.decode(text, 0, 6);
      const gone = decoder.skip(missing);
      const after = decoder.decode(text, 6 + missing, text.length);
      expect(before.length + gone + after.length).toBe(20);
      // The first byte may be made of bits from both sides of the gap.
      expect(Buffer.from(after.subarray(1)).toString()).toBe('0123456789abcdefghij'.slice(before.length + gone + 1));
    }
  });
});
