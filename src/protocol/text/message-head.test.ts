import { describe, expect, it } from 'vitest';
import { findHeadEnd, MessageHead, readHead, skipLineEnds } from './message-head.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('MessageHead', () => {
  it('finds fields whatever their case and joins repeated ones', () => {
    const head = new MessageHead('GET / HTTP/1.1\r\nPragma: a=1\r\nHOST:example\r\npragma: b=2\r\n\r\n');
    expect(head.startLine).toBe('GET / HTTP/1.1');
    expect(head.get('host')).toBe('example');
    expect(head.list('pragma')).toBe('a=1, b=2');
    expect(head.get('cookie')).toBe('');
  });

  it('joins folded lines and takes lines that end with a lone LF', () => {
    const head = new MessageHead('RTSP/1.0 200 OK\nTransport: RTP/AVP;\n  unicast\nCSeq: 2\n\n');
    expect(head.get('transport')).toBe('RTP/AVP; unicast');
    expect(head.get('cseq')).toBe('2');
  });

  it('reads a content length only when it is a number', () => {
    expect(new MessageHead('A\r\nContent-Length: 12').contentLength).toBe(12);
    expect(new MessageHead('A\r\nContent-Length: -1').contentLength).toBeNull();
    expect(new MessageHead('A\r\nContent-Length: 9999999999999999').contentLength).toBeNull();
    expect(new MessageHead('A\r\nl: 7').contentLength).toBe(7);
  });

  it('finds its way where small letters are longer than capital ones', () => {
    const head = new MessageHead('A\r\nicy-name: \u0130\u0130\r\nServer: x\r\n\r\n');
    expect([head.get('icy-name'), head.get('server')]).toEqual(['\u0130\u0130', 'x']);
  });

  it('keeps text beyond ASCII', () => {
    const bytes = bytesOf('A\r\nicy-name: Rádio\r\n\r\n');
    expect(readHead(bytes, 0, bytes.length).get('icy-name')).toBe('Rádio');
  });
});

describe('findHeadEnd', () => {
  it('finds the empty line for each kind of line end', () => {
    for (const text of ['a\r\nb\r\n\r\n', 'a\nb\n\n', 'a\nb\n\r\n']) {
      const bytes = bytesOf(`${text}rest`);
      expect(findHeadEnd(bytes, 0, bytes.length)).toBe(text.length);
    }
  });

  it('does not look beyond the end', () => {
    const bytes = bytesOf('a\r\n\r\n');
    for (let end = 0; end < bytes.length; end++) expect(findHeadEnd(bytes, 0, end)).toBe(-1);
  });
});

describe('skipLineEnds', () => {
  it('stops at the first byte of a message', () => {
    expect(skipLineEnds(bytesOf('\r\n\nX'), 0, 4)).toBe(3);
  });
});
