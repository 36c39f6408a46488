import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIO, CONNECT, Connection, context, VIDEO } from '../../../test/rtmp-connection.ts';
import { chunks, handshake, join, stream } from '../../../test/rtmp-messages.ts';
import { TO_INITIATOR, TO_RESPONDER } from '../dissector.ts';
import { rtmp } from './rtmp.ts';

function recognize(bytes: Uint8Array, wireLength = bytes.length): string {
  return rtmp.recognize(bytes, 0, bytes.length, { ...context(TO_RESPONDER), wireLength });
}

describe('RTMP recognition', () => {
  it('is sure when a side stops exactly behind its first part, and not a byte before', () => {
    for (const number of [
      [0, 0, 0, 0],
      [0x80, 0, 7, 2],
      [9, 0, 0x7c, 2],
      [0x0d, 0x0e, 0x0a, 0x0d],
    ]) {
      const bytes = handshake(3, number);
      for (const length of [1, 5, 9, 1460, 1536]) expect(recognize(bytes.subarray(0, length))).toBe('maybe');
      expect(recognize(bytes.subarray(0, 1537))).toBe('yes');
      expect(recognize(bytes.subarray(0, 1538))).toBe('maybe');
      expect(recognize(bytes)).toBe('yes');
    }
  });

  it('goes by the length on the wire where the snap length has cut the handshake', () => {
    const cut = handshake().subarray(0, 42);
    expect(recognize(cut, 1537)).toBe('yes');
    expect(recognize(cut, 3073)).toBe('yes');
    expect(recognize(cut, 1460)).toBe('maybe');
    expect(recognize(cut.subarray(0, 8), 1537)).toBe('maybe');
    const tpkt = Uint8Array.from([3, 0, 6, 1, 6, ...new Array(37).fill(0)]);
    expect(recognize(tpkt, 0x601)).toBe('no');
    expect(recognize(Uint8Array.from([3, 1, 2, 3, 4, 0xff, 0, 0, 0, 0]), 1537)).toBe('no');
  });

  it('needs chunks behind a handshake that does not stop', () => {
    expect(recognize(join(handshake(), stream(CONNECT)))).toBe('yes');
    expect(recognize(join(handshake(), new Uint8Array(200).fill(0x41)))).toBe('no');
  });

  it('names the encrypted variants and reads no further', () => {
    const connection = new Connection();
    const encrypted = handshake(6, [0x80, 0, 7, 2]);
    expect(recognize(encrypted.subarray(0, 1537))).toBe('yes');
    expect(recognize(join(encrypted, [1, 2, 3]))).toBe('no');
    expect(recognize(handshake(8).subarray(0, 1537))).toBe('no');
    connection.send(TO_RESPONDER, encrypted);
    expect(connection.record.variant).toBe('RTMPE');
    expect(connection.dissection.isDone).toBe(false);
    connection.send(TO_INITIATOR, encrypted, 2);
    expect(connection.dissection.isDone).toBe(true);
    expect(connection.record.questions[0]?.answeredAt?.frame).toBe(2);
  });

  it('does not take TPKT, which begins with 3 as well, for a handshake', () => {
    const setup = Uint8Array.from([3, 0, 0, 0x0b, 6, 0xe0, 0, 0, 0, 0, 0]);
    expect(recognize(setup)).toBe('no');
    const long = new Uint8Array(1537);
    long.set([3, 0, 0x06, 0x01]);
    expect(recognize(long)).toBe('no');
    expect(recognize(join(setup, setup, new Uint8Array(1515)))).toBe('no');
  });

  it('knows the middle of a stream by chunks that follow each other, of any usual size', () => {
    for (const size of [128, 4096, 60_000]) {
      const middle = join(chunks(VIDEO, size), chunks(AUDIO, size), chunks(VIDEO, size));
      expect(recognize(middle)).toBe('yes');
      expect(recognize(middle.subarray(0, 40))).toBe('maybe');
    }
    expect(recognize(stream(CONNECT))).toBe('yes');
    expect(recognize(Uint8Array.from(chunks({ type: 3, body: [0, 1, 0, 0], chunkStream: 2 })))).toBe('yes');
  });

  it('is not fooled by other beginnings', () => {
    for (const text of ['GET / HTTP/1.1\r\n\r\n', 'SSH-2.0-OpenSSH_9.2\r\n', 'RTSP/1.0 200 OK\r\n\r\n']) {
      expect(recognize(Buffer.from(text))).toBe('no');
    }
    expect(recognize(Uint8Array.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 7, 7, 7, 7, 7]))).toBe('no');
    fc.assert(fc.property(fc.uint8Array({ minLength: 20, maxLength: 200 }), (bytes) => recognize(bytes) !== 'yes'));
  });
});
