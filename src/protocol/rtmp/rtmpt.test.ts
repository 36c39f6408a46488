import { describe, expect, it } from 'vitest';
import { CONNECT, context, VIDEO } from '../../../test/rtmp-connection.ts';
import { command, handshake, join, stream } from '../../../test/rtmp-messages.ts';
import { ControlRecord } from '../control-record.ts';
import { type Direction, TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { rtmpt } from './rtmpt.ts';

function post(path: string, body: Uint8Array): Uint8Array {
  const head = `POST ${path} HTTP/1.1\r\nContent-Type: application/x-fcs\r\nContent-Length: ${body.length}\r\n\r\n`;
  return join(Buffer.from(head), body);
}

function answer(body: Uint8Array, status = '200 OK'): Uint8Array {
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/x-fcs\r\nContent-Length: ${body.length}\r\n\r\n`;
  return join(Buffer.from(head), body);
}

function recognize(bytes: Uint8Array): string {
  return rtmpt.recognize(bytes, 0, bytes.length, context(TO_RESPONDER));
}

/** Sends everything in pieces of `size` bytes. */
function replay(parts: readonly (readonly [Direction, Uint8Array])[], size = 1000): ControlRecord {
  const record = new ControlRecord();
  const dissection = rtmpt.open?.(record, context(TO_RESPONDER));
  for (const [direction, bytes] of parts) {
    for (let at = 0; at < bytes.length; at += size) {
      dissection?.data(bytes, at, Math.min(bytes.length, at + size), context(direction));
    }
  }
  return record;
}

const client = handshake();
const server = handshake();
const SESSION: readonly (readonly [Direction, Uint8Array])[] = [
  [TO_RESPONDER, post('/fcs/ident2', Uint8Array.of(0))],
  [TO_INITIATOR, answer(new Uint8Array(0), '404 Not Found')],
  [TO_RESPONDER, post('/open/1', Uint8Array.of(0))],
  [TO_INITIATOR, answer(Buffer.from('1234567\n'))],
  [TO_RESPONDER, post('/send/1234567/1', client.subarray(0, 1537))],
  [TO_INITIATOR, answer(join([1], server))],
  [TO_RESPONDER, post('/send/1234567/2', join(client.subarray(1537), stream(CONNECT)))],
  [TO_INITIATOR, answer(Uint8Array.of(5))],
  [TO_RESPONDER, post('/idle/1234567/3', Uint8Array.of(0))],
  [TO_INITIATOR, answer(join([5], stream(command('onBWDone', 0, null), VIDEO)))],
  [TO_RESPONDER, post('/close/1234567/4', Uint8Array.of(0))],
];

describe('RTMPT', () => {
  it('is known by path and content type of either side', () => {
    for (const [, bytes] of SESSION) expect(recognize(bytes)).toBe('yes');
    expect(recognize(Buffer.from('POST /send/1/2 HTTP/1.1\r\nHost: h\r\n'))).toBe('maybe');
    expect(recognize(Buffer.from('POST /send/1/2 HTTP/1.1\r\nHost: h\r\n\r\n'))).toBe('no');
    expect(recognize(Buffer.from('POST /form HTTP/1.1\r\nContent-Type: application/x-fcs\r\n\r\n'))).toBe('no');
    expect(recognize(Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'))).toBe('no');
  });

  it('reads the RTMP connection inside, however it is cut', () => {
    for (const size of [1, 7, 1000, 100_000]) {
      const record = replay(SESSION, size);
      expect(record.messages.map(({ name, detail }) => `${name} ${detail}`.trim())).toEqual([
        'POST /fcs/ident2',
        '404 Not Found',
        'POST /open/1',
        '200 OK',
        'handshake version 3',
        'handshake version 3',
        'connect live',
        'onBWDone',
        'first video H.264',
        'POST /close/1234567/4',
      ]);
      expect(record.facts.get('url') ?? record.facts.get('tcUrl')).toBe('rtmp://h/live');
      expect(record.refusals).toHaveLength(0);
      expect(record.closedAt).not.toBeNull();
    }
  });

  it('takes an error on a request of the session as a refusal', () => {
    const record = replay([
      [TO_RESPONDER, post('/open/1', Uint8Array.of(0))],
      [TO_INITIATOR, answer(new Uint8Array(0), '403 Forbidden')],
    ]);
    expect(record.refusals).toMatchObject([{ request: 'open', code: '403' }]);
  });

  it('finds chunks again behind missing bytes', () => {
    const record = new ControlRecord();
    const dissection = rtmpt.open?.(record, context(TO_RESPONDER));
    const [, first] = SESSION[4] as readonly [Direction, Uint8Array];
    dissection?.data(first, 0, 600, context(TO_RESPONDER));
    dissection?.gap?.(TO_RESPONDER, first.length - 600, context(TO_RESPONDER).at);
    const [, second] = SESSION[6] as readonly [Direction, Uint8Array];
    dissection?.data(second, 0, second.length, context(TO_RESPONDER));
    expect(record.messages.map(({ name }) => name)).toEqual(['handshake', 'connect']);
    dissection?.gap?.(TO_RESPONDER, 5000, context(TO_RESPONDER).at);
    const third = post('/send/1/9', stream(command('deleteStream', 0, null, 1)));
    dissection?.data(third, 0, third.length, context(TO_RESPONDER));
    expect(record.messages.map(({ name }) => name)).toEqual(['handshake', 'connect', 'deleteStream']);
  });
});
