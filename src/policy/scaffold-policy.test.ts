import { describe, expect, it } from 'vitest';
import { readSitePolicy } from './read-site-policy.ts';
import { type SeenFlow, scaffoldPolicy } from './scaffold-policy.ts';

const seen = (changes: Partial<SeenFlow>): SeenFlow => ({
  transport: 'tcp',
  protocol: 'rtsp',
  initiator: '10.1.0.5',
  responder: '10.2.0.20',
  port: 554,
  isMulticast: false,
  software: '',
  isPublisher: false,
  isProven: true,
  ...changes,
});

const rolesFor = (...flows: Partial<SeenFlow>[]): readonly string[] =>
  readSitePolicy(scaffoldPolicy(flows.map(seen), 'a.pcap')).servers.flatMap(({ roles }) => roles);

describe('a first policy', () => {
  it.each([
    [['rtsp-server'], [{}]],
    [['windows-media-unicast'], [{ protocol: 'mms', port: 1755 }]],
    [['windows-media-unicast'], [{ software: 'WMServer/9.1.1.3814' }]],
    [['darwin'], [{ software: 'DSS/6.0.3' }]],
    [['wowza'], [{ protocol: 'rtmp', port: 1935, software: 'Wowza Streaming Engine' }]],
    [
      ['rtmp-ingest', 'rtmp-server'],
      [{ protocol: 'rtmp', isPublisher: true }, { protocol: 'rtmp' }],
    ],
    [['content-server'], [{ protocol: 'h323-q931', port: 1720 }, {}]],
    [['h323-gatekeeper'], [{ protocol: 'h323-ras', transport: 'udp', port: 1719 }]],
  ])('gives the role %j by what was said', (roles, flows: Partial<SeenFlow>[]) => {
    expect(rolesFor(...flows)).toEqual(roles);
  });

  it('believes a port only where nothing was proven', () => {
    const tried = { protocol: 'mms', port: 1755, isProven: false };
    expect(rolesFor({}, tried)).toEqual(['rtsp-server']);
    expect(rolesFor(tried)).toEqual(['windows-media-unicast']);
  });

  it('sets the port of a server that has another than usual', () => {
    const { rules } = readSitePolicy(scaffoldPolicy([seen({ port: 8554 })], 'a.pcap'));
    expect(rules.map(({ id, ports }) => [id, ports.first])).toEqual([['server-1/std-rtsp', 8554]]);
  });

  it('is valid for IPv6, for multicast on any port, and for nothing at all', () => {
    const group = { protocol: 'rtp', transport: 'udp', isMulticast: true };
    const flows = [
      seen({ initiator: 'fd00:1::5', responder: 'fd00:2::20' }),
      seen({ ...group, responder: 'ff0e::1:2', port: 65535 }),
      seen({ ...group, responder: '239.1.2.3', port: 0 }),
    ];
    expect(readSitePolicy(scaffoldPolicy(flows, 'a.pcap')).rules.map(({ id }) => id)).toEqual([
      'multicast-1',
      'server-1/std-rtsp',
    ]);
    expect(readSitePolicy(scaffoldPolicy([], 'a.pcap')).rules).toEqual([]);
  });

  it('keeps a line break in what a server says from becoming YAML', () => {
    const text = scaffoldPolicy([seen({ software: 'x\nclients: any' })], 'a\nnetworks: {}');
    expect(readSitePolicy(text).servers).toHaveLength(1);
  });
});
