import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSdp, rtcpPortOf } from './parse-sdp.ts';

const CAMERA = [
  'v=0',
  'o=- 16477 1 IN IP4 192.0.2.7',
  's=Yard',
  'i=north side',
  'c=IN IP4 0.0.0.0',
  'a=tool:camera 1.2',
  'a=range:npt=now-40',
  'a=control:*',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1;profile-level-id=42c00c',
  'a=control:stream=0',
  'm=audio 0 RTP/AVP 97 0',
  'a=rtpmap:97 MPEG4-GENERIC/44100/1',
  'a=control:stream=1',
].join('\r\n');

describe('parseSdp', () => {
  it('reads the session and its media with control, formats and parameters', () => {
    const session = parseSdp(CAMERA);
    expect(session).toMatchObject({
      name: 'Yard',
      information: 'north side',
      control: '*',
      range: 'npt=now-40',
      tool: 'camera 1.2',
      origin: { user: '-', id: '16477', version: '1', address: '192.0.2.7' },
    });
    expect(session.media.map((media) => [media.media, media.port, media.control])).toEqual([
      ['video', 0, 'stream=0'],
      ['audio', 0, 'stream=1'],
    ]);
    expect(session.media[0]?.formats).toEqual([
      {
        payloadType: 96,
        encoding: 'H264',
        clockRate: 90000,
        parameters: 'packetization-mode=1;profile-level-id=42c00c',
      },
    ]);
    expect(session.media[1]?.formats).toEqual([
      { payloadType: 97, encoding: 'MPEG4-GENERIC', clockRate: 44100, parameters: '' },
      { payloadType: 0, encoding: 'PCMU', clockRate: 8000, parameters: '' },
    ]);
  });

  it("gives a medium the session's connection unless it has its own, with TTL and count", () => {
    const { media } = parseSdp(
      'v=0\nc=IN IP4 239.1.2.3/16\nm=video 5000/2 RTP/AVP 33\nm=audio 5004 RTP/AVP 0\nc=IN IP4 239.1.2.4/8/3\n' +
        'm=audio 6004 RTP/AVP 0\nc=IN IP6 ff15::101/2\n',
    );
    expect(media.map((one) => one.connection)).toEqual([
      { address: '239.1.2.3', ttl: 16, count: 1 },
      { address: '239.1.2.4', ttl: 8, count: 3 },
      { address: 'ff15::101', ttl: null, count: 2 },
    ]);
    expect(media[0]?.portCount).toBe(2);
  });

  it('puts RTCP on the next port, on the told one, or with RTP', () => {
    const { media } = parseSdp(
      'm=audio 5004 RTP/AVP 0\nm=audio 5006 RTP/AVP 0\na=rtcp:7007 IN IP4 192.0.2.9\nm=audio 5008 RTP/AVP 0\na=rtcp-mux\n',
    );
    expect(media.map(rtcpPortOf)).toEqual([5005, 7007, 5008]);
    expect(media[1]?.rtcp).toEqual({ port: 7007, address: '192.0.2.9' });
  });

  it('inherits direction and source filter from the session', () => {
    const { media } = parseSdp(
      'a=sendonly\na=source-filter: incl IN IP4 232.1.1.1 192.0.2.1 192.0.2.2\nm=audio 1 RTP/AVP 0\nm=video 2 RTP/AVP 96\na=inactive\n',
    );
    expect(media.map((one) => one.direction)).toEqual(['sendonly', 'inactive']);
    expect(media[0]?.sourceFilter).toEqual({ mode: 'incl', group: '232.1.1.1', sources: ['192.0.2.1', '192.0.2.2'] });
  });

  it('reads ICE candidates and formats that are no payload types', () => {
    const { media } = parseSdp(
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=candidate:1 1 UDP 2130706431 10.0.0.2 50000 typ host generation 0\n',
    );
    expect(media[0]?.formats).toEqual([
      { payloadType: null, encoding: 'webrtc-datachannel', clockRate: null, parameters: '' },
    ]);
    expect(media[0]?.candidates).toEqual([
      { component: 1, transport: 'udp', address: '10.0.0.2', port: 50000, kind: 'host' },
    ]);
  });

  it('skips a medium whose port is no port', () => {
    expect(parseSdp('m=audio 70000 RTP/AVP 0\nm=audio x RTP/AVP 0\n').media).toEqual([]);
  });

  it('never throws and stays within its bounds, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...CAMERA.split('\r\n')))), (lines) => {
        const session = parseSdp(lines.join('\n'));
        expect(session.media.length).toBeLessThanOrEqual(64);
      }),
    );
    expect(parseSdp('m=audio 1 RTP/AVP 0\n'.repeat(9999)).media).toHaveLength(64);
  });
});
