import { describe, expect, it } from 'vitest';
import { contextOf, latin1 } from '../../../test/text-conversation.ts';
import { rtsp } from './rtsp.ts';

describe('recognition', () => {
  const recognize = (bytes: Uint8Array, transport: 'tcp' | 'udp' = 'tcp') =>
    rtsp.recognize(bytes, 0, bytes.length, contextOf(0, transport, bytes.length));

  it('knows requests and answers of both versions by their first line', () => {
    for (const text of [
      'OPTIONS * RTSP/1.0\r\n',
      'PLAY_NOTIFY rtsp://h/a RTSP/2.0\r\n',
      '\r\nRTSP/1.0 461 Unsupported Transport\r\n',
    ]) {
      expect(recognize(latin1(text))).toBe('yes');
      expect(recognize(latin1(text), 'udp')).toBe('yes');
    }
  });

  it('waits for a line that may still become one, on TCP only', () => {
    const line = 'DESCRIBE rtsp://192.0.2.1/a RTSP/1.0\r\n';
    for (let length = 1; length < line.length; length++) {
      expect(recognize(latin1(line.slice(0, length)))).toBe('maybe');
      expect(recognize(latin1(line.slice(0, length)), 'udp')).toBe('no');
    }
  });

  it('leaves its neighbours alone', () => {
    for (const text of [
      'OPTIONS sip:a@b SIP/2.0\r\n',
      'OPTIONS * HTTP/1.1\r\n',
      'HTTP/1.1 200 OK\r\n',
      'SSH-2.0-x\r\n',
      'RTSP/9.9 nonsense here',
      'SETUP only\r\n',
      '$1,000 in words',
    ]) {
      expect(recognize(latin1(text))).toBe('no');
    }
    expect(recognize(new Uint8Array(0))).toBe('no');
  });

  it('knows media in mid-stream by two frames in a row', () => {
    const frames = new Uint8Array(600).fill(7);
    frames.set([0x24, 0, 0, 100, 0x80, 96], 250);
    expect(recognize(frames.subarray(0, 340))).toBe('maybe');
    frames.set([0x24, 1, 0, 28, 0x80, 200], 354);
    expect(recognize(frames)).toBe('yes');
    frames.set([0x24, 200], 354);
    expect(recognize(frames)).toBe('no');
  });

  it('looks for frames at the first byte only where there are few', () => {
    const frames = new Uint8Array(140).fill(7);
    frames.set([0x24, 0, 0, 100, 0x80, 96]);
    frames.set([0x24, 1, 0, 28, 0x80, 200], 104);
    expect(recognize(frames)).toBe('yes');
    expect(recognize(frames.subarray(0, 100))).toBe('maybe');
    const later = new Uint8Array(141).fill(7);
    later.set(frames, 1);
    expect(recognize(later)).toBe('no');
  });
});
