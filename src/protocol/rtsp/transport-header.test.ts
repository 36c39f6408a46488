import { describe, expect, it } from 'vitest';
import { parseTransportHeader } from './transport-header.ts';

describe('parseTransportHeader', () => {
  it('reads what a unicast answer agrees on', () => {
    const [spec] = parseTransportHeader(
      'RTP/AVP;unicast;destination=10.0.0.1;source=10.0.0.2;client_port=5004-5005;server_port=37304-37305;ssrc=6895AB97;mode="PLAY"',
    );
    expect(spec).toMatchObject({
      protocol: 'rtp',
      lower: 'udp',
      isMulticast: false,
      destination: '10.0.0.1',
      source: '10.0.0.2',
      clientPorts: { first: 5004, second: 5005 },
      serverPorts: { first: 37304, second: 37305 },
      isRecord: false,
    });
  });

  it('keeps several offers in order, with quoted commas inside', () => {
    const offers = parseTransportHeader(
      'x-real-rdt/udp;client_port=6970;mode="PLAY,RECORD",RTP/AVP/UDP;unicast;client_port=6970-6971, RTP/AVP/TCP;unicast;interleaved=0-1',
    );
    expect(offers.map((offer) => [offer.protocol, offer.lower])).toEqual([
      ['rdt', 'udp'],
      ['rtp', 'udp'],
      ['rtp', 'tcp'],
    ]);
    expect(offers[0]).toMatchObject({ clientPorts: { first: 6970, second: null }, isRecord: true });
    expect(offers[2]?.text).toBe('RTP/AVP/TCP;unicast;interleaved=0-1');
  });

  it('takes channels for TCP even where the name says nothing of it', () => {
    expect(parseTransportHeader('RTP/AVP;unicast;interleaved=2-3')[0]).toMatchObject({
      lower: 'tcp',
      interleaved: { first: 2, second: 3 },
    });
  });

  it('reads a multicast agreement', () => {
    expect(parseTransportHeader('RTP/AVP;multicast;destination=239.1.2.3;port=3456-3457;ttl=16')[0]).toMatchObject({
      isMulticast: true,
      destination: '239.1.2.3',
      groupPorts: { first: 3456, second: 3457 },
      ttl: 16,
    });
  });

  it('reads the addresses of RTSP 2.0, with and without hosts', () => {
    expect(
      parseTransportHeader(
        'RTP/AVP/UDP;unicast;dest_addr=":6970"/":6971";src_addr="[2001:DB8::5]:6256"/"[2001:DB8::5]:6257";RTCP-mux',
      )[0],
    ).toMatchObject({
      destination: null,
      clientPorts: { first: 6970, second: 6971 },
      source: '2001:db8::5',
      serverPorts: { first: 6256, second: 6257 },
      isRtcpMuxed: true,
    });
    expect(parseTransportHeader('RTP/AVP;multicast;dest_addr="224.2.0.1:3456"/"224.2.0.1:3457"')[0]).toMatchObject({
      destination: '224.2.0.1',
      clientPorts: null,
      groupPorts: { first: 3456, second: 3457 },
    });
  });

  it('takes names, nonsense and the address of nowhere for no address, and numbers that are no ports for none', () => {
    expect(
      parseTransportHeader('RTP/AVP;unicast;destination;source=server.example;client_port=70000-70001;ttl=x')[0],
    ).toMatchObject({ destination: null, source: null, clientPorts: null, ttl: null });
    expect(parseTransportHeader('RTP/AVP;source=0.0.0.0')[0]?.source).toBeNull();
  });

  it('leaves out what carries no known media', () => {
    expect(parseTransportHeader('X-UNKNOWN/UDP;client_port=1-2, ;;,')).toEqual([]);
  });
});
