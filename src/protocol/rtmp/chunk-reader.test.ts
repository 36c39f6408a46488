import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIO, CONNECT, Connection, context, media, opened, VIDEO } from '../../../test/rtmp-connection.ts';
import { chunks, command, handshake, join, setChunkSize, stream } from '../../../test/rtmp-messages.ts';
import { TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';

describe('RTMP chunks', () => {
  const long = command('publish', 3, null, 'x'.repeat(300), 'live');

  it('follow a changed chunk size, wide chunk stream ids and timestamps beyond 24 bits', () => {
    for (const chunkStream of [3, 70, 319, 320, 60_000]) {
      for (const timestamp of [0, 0xfffffe, 0xffffff, 0x1234567]) {
        const connection = opened();
        const message = { ...long, chunkStream, timestamp };
        connection.send(TO_RESPONDER, stream(message, setChunkSize(64), message, setChunkSize(65_536), message));
        expect(connection.names.filter((name) => name === 'publish')).toHaveLength(3);
      }
    }
  });

  it('need no repeated extended timestamp before chunks that continue a message', () => {
    const connection = opened();
    const whole = chunks({ ...long, timestamp: 0x1000000 }, 128);
    const first = 16 + 128;
    const lean = [
      ...whole.slice(0, first + 1),
      ...whole.slice(first + 5, first + 133 + 1),
      ...whole.slice(first + 138),
    ];
    connection.send(TO_RESPONDER, join(lean, stream(CONNECT)));
    expect(connection.names).toEqual(['publish', 'connect']);
  });

  it('of different messages interleave', () => {
    const one = chunks({ ...long, chunkStream: 3 });
    const two = chunks({ ...VIDEO, chunkStream: 6 });
    const mixed = join(one.slice(0, 140), two.slice(0, 140), one.slice(140, 269), two.slice(140), one.slice(269));
    const connection = opened();
    connection.send(TO_RESPONDER, mixed);
    expect(connection.names).toEqual(['first video', 'publish']);
  });

  it('give the same messages however the stream is cut', () => {
    const whole = join(
      handshake(),
      stream(CONNECT, setChunkSize(300), VIDEO, long, AUDIO, command('deleteStream', 0, null)),
    );
    const expected = ['connect', 'Set Chunk Size', 'first video', 'publish', 'first audio', 'deleteStream'];
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 20 }), (cuts) => {
        const connection = new Connection();
        const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
        for (let i = 1; i < edges.length; i++) connection.send(TO_RESPONDER, whole.subarray(edges[i - 1], edges[i]));
        expect(connection.names).toEqual(expected);
      }),
    );
  });

  it('forget a message that is aborted', () => {
    const connection = opened();
    const abort = { type: 2, body: [0, 0, 0, 3], chunkStream: 2 };
    connection.send(TO_RESPONDER, join(chunks(long).slice(0, 140), chunks(abort), chunks(CONNECT)));
    expect(connection.names).toEqual(['connect']);
  });

  it('are found again behind missing bytes, inside a picture without any search', () => {
    const connection = opened();
    const picture = media(9, 60_000, [0x27, 1]);
    const bytes = join(stream(setChunkSize(65_536), picture), chunks(CONNECT, 65_536));
    connection.send(TO_RESPONDER, bytes.subarray(0, 2000));
    connection.dissection.gap?.(TO_RESPONDER, 50_000, context(TO_RESPONDER).at);
    connection.send(TO_RESPONDER, bytes.subarray(52_000, 59_000));
    connection.dissection.gap?.(TO_RESPONDER, bytes.length - 59_000, context(TO_RESPONDER).at);
    connection.send(
      TO_RESPONDER,
      join(new Uint8Array(700).fill(0x33), chunks(AUDIO), chunks(AUDIO), chunks(long, 65_536)),
    );
    expect(connection.names).toEqual(['Set Chunk Size', 'first video', 'first audio', 'publish']);
  });

  it('are given up where they are nowhere to be found', () => {
    const connection = opened();
    const noise = new Uint8Array(60_000).fill(0xee);
    for (let i = 0; i < 20; i++) {
      connection.send(TO_RESPONDER, noise);
      connection.send(TO_INITIATOR, noise);
    }
    expect(connection.dissection.isDone).toBe(true);
  });

  it('bear any bytes and a flipped bit anywhere', () => {
    const good = stream(CONNECT, setChunkSize(300), VIDEO, long, AUDIO);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(7), fc.uint8Array({ maxLength: 500 }), (at, bit, noise) => {
        const bad = good.slice();
        bad[at] = (bad[at] ?? 0) ^ (1 << bit);
        const connection = opened();
        connection.send(TO_RESPONDER, bad);
        connection.send(TO_INITIATOR, noise);
        connection.send(TO_RESPONDER, noise);
        expect(connection.record.messages.length).toBeLessThan(60);
      }),
    );
  });
});
