import { describe, expect, it } from 'vitest';
import {
  ask,
  describeStream,
  endsOf,
  listen,
  SDP,
  say,
  setUp,
  setUpUdp,
  URL,
} from '../../../test/rtsp-conversation.ts';
import { message, type Turn } from '../../../test/text-conversation.ts';
import { TO_RESPONDER } from '../dissector.ts';

describe('what is agreed', () => {
  it('is nothing while no answer is seen; the offer is a fact', () => {
    const record = listen(
      [...describeStream(), ...setUpUdp(0, 5004, 37304), ask('PLAY')].filter(([side]) => side === 'client'),
    );
    expect(record.media).toEqual([]);
    expect(record.facts.get('offered')).toBe('RTP/AVP;unicast;client_port=5004-5005');
    expect(record.clientDirection).toBe(TO_RESPONDER);
  });

  it('is what was offered alone, once the client has a session that only an answer can have given it', () => {
    const setup = ask('SETUP', `${URL}/stream=0`, 'Transport: RTP/AVP;unicast;client_port=5004-5005');
    const record = listen([setup, ask('PLAY', URL, 'Session: 77')]);
    expect(record.media.map(endsOf)).toEqual(['rtp :5004 :null', 'rtcp :5005 :null']);
    expect(record.media).toMatchObject([
      { state: 'announced', announcement: { mayBeSilent: true } },
      { state: 'announced', announcement: { mayBeSilent: true } },
    ]);
    const several = ask('SETUP', URL, 'Transport: RTP/AVP;client_port=5004-5005, RTP/AVP/TCP;interleaved=0-1');
    expect(listen([several, ask('PLAY', URL, 'Session: 77')]).media).toEqual([]);
  });

  it('is in the answers alone when the requests are not in the capture', () => {
    const turns = [...setUpUdp(0, 5004, 37304), ask('PLAY'), say('200 OK', 'RTP-Info: url=x;seq=1')];
    const record = listen(turns.filter(([side]) => side === 'server'));
    expect(record.media.map(endsOf)).toEqual(['rtp :5004 :37304', 'rtcp :5005 :37305']);
    expect(record.media[0]?.state).toBe('playing');
    expect(record.facts.has('offered')).toBe(false);
  });

  it('keeps the addresses that are told, and the ports that the answer leaves out', () => {
    const record = listen([
      ...setUp(
        0,
        'RTP/AVP;unicast;client_port=5004-5005',
        'RTP/AVP;unicast;source=198.51.100.7;destination=10.0.0.5;server_port=6000-6001',
      ),
      ...setUp(1, 'RTP/AVP;unicast;client_port=5006', 'RTP/AVP;unicast;client_port=5006;server_port=6002;RTCP-mux'),
    ]);
    expect(record.media.map(endsOf)).toEqual([
      'rtp 10.0.0.5:5004 198.51.100.7:6000',
      'rtcp 10.0.0.5:5005 198.51.100.7:6001',
      'rtp :5006 :6002',
    ]);
    expect(record.media.map(({ rtcp }) => rtcp)).toEqual([record.media[1], null, null]);
  });

  it('is a group for multicast, told by the answer or by the description', () => {
    const group = listen(
      setUp(0, 'RTP/AVP;multicast', 'RTP/AVP;multicast;destination=239.1.2.3;port=3456-3457;ttl=16;source=192.0.2.9'),
    );
    expect(group.media.map(endsOf)).toEqual([
      'rtp 192.0.2.9:null 239.1.2.3:3456',
      'rtcp 192.0.2.9:null 239.1.2.3:3457',
    ]);
    expect(group.media[0]?.announcement).toMatchObject({ isMulticast: true, ttl: 16, sends: 'toInitiator' });

    const described = 'v=0\r\nm=video 5500 RTP/AVP 33\r\nc=IN IP4 239.9.9.9/32\r\na=control:stream=0\r\n';
    const answered = listen([...describeStream(described), ...setUp(0, 'RTP/AVP;multicast', 'RTP/AVP;multicast')]);
    expect(answered.media.map(endsOf)).toEqual(['rtp :null 239.9.9.9:5500', 'rtcp :null 239.9.9.9:5501']);
    expect(answered.media[0]?.announcement.ttl).toBe(32);
  });

  it('is a group whatever the transport is called, and nothing where no group is told', () => {
    const odd = listen(setUp(0, 'RTP/AVP;unicast', 'RTP/AVP;unicast;destination=239.1.2.3;client_port=3456-3457'));
    expect(odd.media.map(endsOf)).toEqual(['rtp :null 239.1.2.3:3456', 'rtcp :null 239.1.2.3:3457']);
    expect(listen(setUp(0, 'RTP/AVP;multicast', 'RTP/AVP;multicast;port=3456-3457')).media).toEqual([]);
  });

  it('sends from the client after ANNOUNCE', () => {
    const record = listen([
      ['client', message([`ANNOUNCE ${URL} RTSP/1.0`, 'CSeq: 1', 'Content-Type: application/sdp'], SDP)],
      ...setUp(
        0,
        'RTP/AVP/UDP;unicast;client_port=5000-5001;mode=record',
        'RTP/AVP/UDP;unicast;client_port=5000-5001;server_port=8000-8001',
      ),
      ask('RECORD'),
      say('200 OK'),
    ]);
    expect(record.media[0]?.announcement).toMatchObject({ sends: 'toResponder', media: 'video' });
    expect(record.media[0]?.state).toBe('playing');
    expect(record.facts.get('stream')).toBe('Yard');
  });

  it("is RealNetworks' data where both chose it", () => {
    const record = listen(
      setUp(
        0,
        'x-real-rdt/udp;client_port=6970;mode=play,RTP/AVP;unicast;client_port=6970-6971',
        'x-real-rdt/udp;client_port=6970;server_port=25000',
      ),
    );
    expect(record.media.map(endsOf)).toEqual(['rdt :6970 :25000']);
  });

  it('is one flow where Windows Media sends all streams to one port', () => {
    const wms = (said: Turn): Turn => [
      said[0],
      String(said[1]).replace('player/1', 'WMPlayer/10.0.0.380').replace('camera/2', 'WMServer/9.0.0.3380'),
    ];
    const record = listen(
      [
        ...setUpUdp(0, 2000, 5004),
        ...setUpUdp(1, 2000, 5004),
        ...setUpUdp(2, 2002, 5004),
        ask('PLAY'),
        say('200 OK'),
      ].map(wms),
    );
    expect(record.media.map(endsOf)).toEqual([
      'rtp :2000 :5004',
      'rtcp :2001 :5005',
      'rtp :2002 :5004',
      'rtcp :2003 :5005',
    ]);
    expect(record.variant).toBe('RTSPU');
  });
});

describe('a client that gives a transport up', () => {
  it('proves it by the SETUP of the same track over another one', () => {
    const record = listen([
      ...setUpUdp(0, 5004, 37304),
      ask('PLAY'),
      say('200 OK'),
      ask('PAUSE'),
      say('200 OK'),
      ...setUp(0, 'RTP/AVP/TCP;unicast;interleaved=0-1', 'RTP/AVP/TCP;unicast;interleaved=0-1'),
    ]);
    expect(record.media[0]).toMatchObject({
      state: 'ended',
      stoppedAt: { frame: 5 },
      fallBack: { at: { frame: 7 }, words: 'SETUP RTP/AVP/TCP;unicast;interleaved=0-1' },
    });
    expect(record.facts.get('transport')).toBe('TCP interleaved');
  });

  it('does not, when it offers the same transport again', () => {
    const record = listen([...setUpUdp(0, 5004, 37304), ...setUpUdp(0, 5004, 37304), ...setUpUdp(1, 5006, 37306)]);
    expect(record.media.map((media) => media.fallBack)).toEqual([null, null, null, null]);
    expect(record.media).toHaveLength(4);
  });
});
