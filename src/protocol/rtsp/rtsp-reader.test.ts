import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1, message } from '../../../test/text-conversation.ts';
import { ItemStream } from '../text/item-stream.ts';
import { MOST_HELD_BYTES, RtspReader } from './rtsp-reader.ts';

function rtpFrame(channel: number, length: number, filler = 0x24): Uint8Array {
  const frame = new Uint8Array(4 + length).fill(filler);
  frame.set([0x24, channel, length >> 8, length & 0xff, 0x80, 96, 0, 1]);
  return frame;
}

/** What a reader finds in a stream: start lines with their bodies, and frames as channel and length. */
function readAll(parts: readonly (Uint8Array | string | number)[], pieceBytes = 65_536, wantsFrames = true): string[] {
  const found: string[] = [];
  const reader = new RtspReader({
    wantsFrames,
    onMessage: (_line, head, body) => found.push(head.startLine + (body === '' ? '' : ` [${body}]`)),
    onFrame: (channel, _bytes, start, end) => found.push(`$${channel} ${end - start}`),
  });
  const stream = new ItemStream(reader, MOST_HELD_BYTES);
  for (const part of parts) {
    if (typeof part === 'number') {
      stream.gap(part);
      continue;
    }
    const bytes = typeof part === 'string' ? latin1(part) : part;
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.slice(at, at + pieceBytes);
      stream.feed(piece, 0, piece.length);
      piece.fill(0x24);
    }
  }
  return found;
}

const OK = message(['RTSP/1.0 200 OK', 'CSeq: 2']);
const SDP = message(['RTSP/1.0 200 OK', 'CSeq: 3', 'Content-Type: application/sdp'], 'v=0\r\ns=$\x00\r\n');
const MIXED = [
  OK,
  rtpFrame(0, 1400),
  '\r\n',
  SDP,
  rtpFrame(1, 60_000),
  rtpFrame(0, 12),
  'PLAY rtsp://h/a b RTSP/1.0\n\n',
];
const FOUND = [
  'RTSP/1.0 200 OK',
  '$0 1400',
  'RTSP/1.0 200 OK [v=0\r\ns=$\x00\r\n]',
  '$1 60000',
  '$0 12',
  'PLAY rtsp://h/a b RTSP/1.0',
];

describe('RtspReader', () => {
  it('finds messages and frames however the stream is cut', () => {
    expect(readAll(MIXED)).toEqual(FOUND);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (pieceBytes) => {
        expect(readAll(MIXED, pieceBytes)).toEqual(FOUND);
      }),
      { numRuns: 30 },
    );
  });

  it('skips frames that nobody wants and bodies that are no description', () => {
    const other = message(['RTSP/1.0 200 OK', 'Content-Type: text/parameters'], 'RTSP/1.0 999 not a message\r\n\r\n');
    expect(readAll([other, rtpFrame(0, 9000), OK], 100, false)).toEqual(['RTSP/1.0 200 OK', 'RTSP/1.0 200 OK']);
  });

  it('finds its place again after a loss within a frame', () => {
    const broken = [rtpFrame(0, 500), rtpFrame(0, 800).subarray(0, 300), 1000, rtpFrame(0, 700), OK];
    expect(readAll(broken)).toEqual(['$0 500', '$0 700', 'RTSP/1.0 200 OK']);
  });

  it('gives what there is of a frame that was cut, and keeps its place', () => {
    const cut = [
      OK,
      rtpFrame(0, 800).subarray(0, 96),
      708,
      rtpFrame(0, 700).subarray(0, 96),
      300,
      rtpFrame(0, 304),
      OK,
    ];
    expect(readAll(cut)).toEqual(['RTSP/1.0 200 OK', '$0 92', '$0 92', 'RTSP/1.0 200 OK']);
  });

  it('starts in the middle of a frame, at a proven chain of frames', () => {
    const middle = [rtpFrame(0, 900).subarray(400), rtpFrame(2, 300), rtpFrame(1, 28), rtpFrame(0, 500)];
    // The first frame is the proof of the second.
    for (const pieceBytes of [65_536, 7, 1]) expect(readAll(middle, pieceBytes)).toEqual(['$1 28', '$0 500']);
  });

  it('is not kept from a message by a frame that only seems to be one', () => {
    const seeming = new Uint8Array([1, 2, 0x24, 0, 0xff, 0xff, 0x80, 0x60, 0, 0]);
    expect(readAll([seeming, OK])).toEqual(['RTSP/1.0 200 OK']);
  });

  it('is not stopped by a loss within a frame that is skipped', () => {
    expect(readAll([rtpFrame(0, 1000).subarray(0, 100), 904, OK], 65_536, false)).toEqual(['RTSP/1.0 200 OK']);
  });

  it('takes what there is of a message whose end is missing', () => {
    expect(readAll([SDP.slice(0, -4), 4, OK])).toEqual(['RTSP/1.0 200 OK [v=0\r\ns=]', 'RTSP/1.0 200 OK']);
    expect(readAll(['SETUP rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\nTransp', 60, OK])).toEqual([
      'SETUP rtsp://h/ RTSP/1.0',
      'RTSP/1.0 200 OK',
    ]);
  });

  it('gives up on a head without end and goes on with the next message', () => {
    const endless = `OPTIONS * RTSP/1.0\r\n${'X: y\r\n'.repeat(8000)}`;
    expect(readAll([endless, OK], 1000)).toContain('RTSP/1.0 200 OK');
  });

  it('never throws and never holds more than its bound, whatever the bytes', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(...MIXED.map((part) => (typeof part === 'string' ? latin1(part) : part))),
        fc.nat(3000),
      ),
    );
    fc.assert(fc.property(pieces, fc.integer({ min: 1, max: 2000 }), (parts, size) => void readAll(parts, size)));
  });
});
