import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1, message } from '../../../test/text-conversation.ts';
import { ItemStream } from '../text/item-stream.ts';
import { type BodyPlan, HttpReader, MOST_HELD_BYTES, UNTIL_CLOSE } from './http-reader.ts';

/** Start lines, with the bodies as they were listened to; the plan is read from the head as an answer's would be. */
function readAll(parts: readonly (string | number)[], pieceBytes = 65_536, listens = true): string[] {
  const found: string[] = [];
  const reader = new HttpReader({
    onHead: (_line, head): BodyPlan => {
      found.push(head.startLine);
      const length = head.has('transfer-encoding') ? 'chunked' : (head.contentLength ?? UNTIL_CLOSE);
      if (!listens) return { length, listener: null };
      let body = '';
      return {
        length,
        listener: {
          data: (bytes, start, end) => {
            body += Buffer.from(bytes.subarray(start, end)).toString('latin1');
            return true;
          },
          gap: (count) => {
            body += '?'.repeat(count);
          },
          end: () => found.push(`[${body}]`),
        },
      };
    },
  });
  const stream = new ItemStream(reader, MOST_HELD_BYTES);
  for (const part of parts) {
    if (typeof part === 'number') {
      if (!reader.absorbGap(part)) stream.gap(part);
      continue;
    }
    for (let at = 0; at < part.length; at += pieceBytes) {
      const piece = latin1(part.slice(at, at + pieceBytes));
      stream.feed(piece, 0, piece.length);
    }
  }
  return found;
}

const SIZED = message(['HTTP/1.1 200 OK'], 'HTTP/1.1 500 in a body\r\n\r\n');
const EMPTY = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n';
const CHUNKED =
  'HTTP/1.1 206 Partial\r\nTransfer-Encoding: chunked\r\n\r\n4;x=1\r\nabcd\r\n00A\r\n0123456789\r\n0\r\nTrailer: y\r\n\r\n';
const LAST = 'ICY 200 OK\r\nicy-br: 128\r\n\r\nmusic';

describe('HttpReader', () => {
  const found = [
    'HTTP/1.1 200 OK',
    '[HTTP/1.1 500 in a body\r\n\r\n]',
    'HTTP/1.1 304 Not Modified',
    '[]',
    'HTTP/1.1 206 Partial',
    '[abcd0123456789]',
    'ICY 200 OK',
  ];

  it('reads sized, empty, chunked and endless bodies however the stream is cut', () => {
    const stream = [SIZED + EMPTY + CHUNKED + LAST];
    expect(readAll(stream)).toEqual(found);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (pieceBytes) => {
        expect(readAll(stream, pieceBytes)).toEqual(found);
        expect(readAll(stream, pieceBytes, false)).toEqual(found.filter((text) => !text.startsWith('[')));
      }),
    );
  });

  it('tells a listener of what is missing in its body, and keeps its place', () => {
    const part = SIZED.indexOf('500');
    expect(readAll([SIZED.slice(0, part), 3, SIZED.slice(part + 3), EMPTY]).slice(0, 3)).toEqual([
      'HTTP/1.1 200 OK',
      '[HTTP/1.1 ??? in a body\r\n\r\n]',
      'HTTP/1.1 304 Not Modified',
    ]);
  });

  it('finds the next head after a loss, at the beginning of a segment only', () => {
    expect(readAll(['rest of a body GET / HTTP/1.1\r\n\r\n', EMPTY])).toEqual(['HTTP/1.1 304 Not Modified', '[]']);
    expect(readAll([SIZED.slice(0, 10), 500, 'lost', SIZED])).toEqual(['HTTP/1.1 200 OK', found[1]]);
  });

  it('takes what there is of a head whose end is missing', () => {
    expect(readAll(['GET /a HTTP/1.1\r\nHost: x\r\nUser-', 400, EMPTY])).toEqual([
      'GET /a HTTP/1.1',
      'HTTP/1.1 304 Not Modified',
      '[]',
    ]);
  });

  it('gives up on a chunk without size and on a head without end', () => {
    const broken = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n';
    expect(readAll([broken, EMPTY])).toEqual(['HTTP/1.1 200 OK', '[]', 'HTTP/1.1 304 Not Modified', '[]']);
    expect(readAll([`GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(20_000)}`, EMPTY], 1000)).toEqual([
      'HTTP/1.1 304 Not Modified',
      '[]',
    ]);
  });

  it('never throws, whatever the bytes', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(SIZED, EMPTY, CHUNKED, LAST), fc.nat(3000));
    fc.assert(
      fc.property(fc.array(piece), fc.integer({ min: 1, max: 300 }), (parts, size) => void readAll(parts, size)),
    );
  });
});
