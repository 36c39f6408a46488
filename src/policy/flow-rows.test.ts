import { describe, expect, it } from 'vitest';
import {
  acceptsProtocol,
  contradictedRow,
  type FlowPortFacts,
  isOnUnlistedPort,
  rowListing,
  rowNotForOutside,
  streamingPortRow,
} from './flow-rows.ts';

function flow(facts: Partial<FlowPortFacts>): FlowPortFacts {
  return {
    transport: 'tcp',
    protocolId: null,
    initiatorPort: 50000,
    responderPort: 0,
    isMulticast: false,
    announced: false,
    responderSends: true,
    isOverHttp: false,
    ...facts,
  };
}

describe('ports that belong to one streaming protocol', () => {
  it.each([
    ['tcp', 554],
    ['udp', 554],
    ['tcp', 1755],
    ['udp', 1755],
    ['tcp', 1935],
    ['tcp', 7007],
    ['udp', 1719],
    ['tcp', 1720],
    ['udp', 5004],
  ] as const)('are named by the documents: %s %i', (transport, port) => {
    expect(streamingPortRow(transport, port)).not.toBeNull();
  });

  it.each([80, 443, 8080, 135, 445, 3389, 8008, 2090, 8096, 3000, 40000, 8554])(
    'are not shared, wide or unlisted: %i',
    (port) => {
      expect(streamingPortRow('tcp', port)).toBeNull();
    },
  );
});

describe('another protocol on a streaming port', () => {
  it.each([
    ['SSH on RTMP', 'ssh', 1935, 'ext-wowza-rtmp'],
    ['HTTP on RTSP', 'http', 554, 'wms9-rtsp'],
    ['TLS on MMS', 'tls', 1755, 'wms9-mms-tcp'],
    ['RTSP on MMS', 'rtsp', 1755, 'wms9-mms-tcp'],
  ])('is wrong: %s', (_name, protocolId, responderPort, row) => {
    expect(contradictedRow(flow({ protocolId, responderPort }))?.id).toBe(row);
  });

  it.each([
    ['RTMP over TLS', 'tls', 1935],
    ['RTMP inside HTTP', 'rtmpt', 1935],
    ['RTSP that Wowza serves beside RTMP', 'rtsp', 1935],
    ['HLS that Wowza serves beside RTMP', 'http', 1935],
    ['RTSP over TLS', 'tls', 554],
    ['SSH on a port that everyone uses', 'ssh', 8080],
    ['a protocol that is not known', null, 554],
  ])('is right: %s', (_name, protocolId, responderPort) => {
    expect(contradictedRow(flow({ protocolId, responderPort }))).toBeNull();
  });

  it('is not looked for on the initiator side, whose port is ephemeral', () => {
    expect(contradictedRow(flow({ protocolId: 'ssh', initiatorPort: 1935, responderPort: 22 }))).toBeNull();
  });

  it('is not seen in an answer of a service below 1024 whose question the capture missed', () => {
    expect(contradictedRow(flow({ protocolId: 'http', initiatorPort: 80, responderPort: 1755 }))).toBeNull();
    expect(
      contradictedRow(flow({ transport: 'udp', protocolId: 'dns', initiatorPort: 53, responderPort: 5004 })),
    ).toBeNull();
  });

  it('is not seen in multicast or in media that a control channel announced', () => {
    const srt = { transport: 'udp', protocolId: 'rdt', responderPort: 1719 } as const;
    expect(contradictedRow(flow(srt))?.id).toBe('cs-ras');
    expect(contradictedRow(flow({ ...srt, announced: true }))).toBeNull();
    expect(contradictedRow(flow({ ...srt, isMulticast: true }))).toBeNull();
  });

  it('shares the ports of RTP with what belongs to the same session', () => {
    for (const id of ['rtp', 'rtcp', 'stun', 'dtls', 'mpegts']) expect(acceptsProtocol('udp', 5004, id)).toBe(true);
    expect(acceptsProtocol('udp', 5004, 'dns')).toBe(false);
  });
});

describe('a control protocol on a port that no row gives it', () => {
  it('is RTSP on 8554, RTMP on 443 and MMS on 80', () => {
    expect(isOnUnlistedPort(flow({ protocolId: 'rtsp', responderPort: 8554 }))).toBe(true);
    expect(isOnUnlistedPort(flow({ protocolId: 'rtmp', responderPort: 443 }))).toBe(true);
    expect(isOnUnlistedPort(flow({ protocolId: 'mms', responderPort: 80 }))).toBe(true);
  });

  it('is not what its row lists, what Wowza serves on 1935, or what travels inside HTTP', () => {
    expect(isOnUnlistedPort(flow({ protocolId: 'rtsp', responderPort: 554 }))).toBe(false);
    expect(isOnUnlistedPort(flow({ protocolId: 'rtsp', responderPort: 1935 }))).toBe(false);
    expect(isOnUnlistedPort(flow({ protocolId: 'rtmpt', responderPort: 80 }))).toBe(false);
    expect(isOnUnlistedPort(flow({ protocolId: 'rtsp', responderPort: 80, isOverHttp: true }))).toBe(false);
    expect(isOnUnlistedPort(flow({ protocolId: 'rtsp', responderPort: 80 }))).toBe(true);
  });

  it('is not the port of a client whose server seems to have begun', () => {
    expect(isOnUnlistedPort(flow({ protocolId: 'rtsp', initiatorPort: 554, responderPort: 50000 }))).toBe(false);
  });

  it('is never said of media, whose ports a control channel chooses', () => {
    for (const protocolId of ['rtp', 'rtcp', 'mmsu', 'msb', 'mpegts', 'h323-h245']) {
      expect(isOnUnlistedPort(flow({ transport: 'udp', protocolId, responderPort: 31000 }))).toBe(false);
    }
  });

  it('is not excused by a range of thousands of ports', () => {
    expect(isOnUnlistedPort(flow({ protocolId: 'msbd', responderPort: 2000 }))).toBe(true);
  });
});

describe('the row that lists a flow', () => {
  it.each([
    ['tcp', 'rtsp', 554, 'wms9-rtsp'],
    ['tcp', 'mms', 1755, 'wms9-mms-tcp'],
    ['tcp', 'mmsh', 80, 'wms9-http'],
    ['tcp', 'http', 80, 'cs-http'],
    ['tcp', 'rtmp', 1935, 'ext-wowza-rtmp'],
    ['udp', 'h323-ras', 1719, 'cs-ras'],
    ['tcp', 'h323-q931', 1720, 'cs-q931'],
  ] as const)('has its protocol on its port: %s %s %i', (transport, protocolId, responderPort, id) => {
    expect(rowListing(flow({ transport, protocolId, responderPort }))?.id).toBe(id);
  });

  it('has the port on the side that owns it', () => {
    expect(rowListing(flow({ protocolId: 'rtsp', initiatorPort: 554, responderPort: 50000 }))).toBeNull();
    const media = { transport: 'udp', protocolId: 'rtp', responderSends: false } as const;
    expect(rowListing(flow({ ...media, initiatorPort: 5004, responderPort: 31000 }))?.id).toBe('wms9-rtp');
    expect(rowListing(flow({ ...media, initiatorPort: 31000, responderPort: 5004 }))).toBeNull();
  });

  it('has the protocol, not only the port', () => {
    expect(rowListing(flow({ protocolId: 'ssh', responderPort: 554 }))).toBeNull();
    expect(rowListing(flow({ protocolId: null, responderPort: 554 }))).toBeNull();
  });

  it('is one with a wide range only for announced media of its own maker', () => {
    const media = { transport: 'udp', protocolId: 'mmsu', initiatorPort: 1755, responderPort: 2000 } as const;
    expect(rowListing(flow({ ...media, announced: true }))?.id).toBe('wms41-udp-data');
    expect(rowListing(flow({ ...media, responderPort: 7000, announced: true }))?.id).toBe('wms9-mms-udp');
    expect(rowListing(flow({ ...media, initiatorPort: 31000, announced: false }))).toBeNull();
    expect(rowListing(flow({ transport: 'udp', protocolId: 'rtp', responderPort: 31000, announced: true }))).toBeNull();
  });

  it('is that of a group for multicast, and that of the gatekeeper for its discovery', () => {
    const group = { transport: 'udp', isMulticast: true } as const;
    expect(rowListing(flow({ ...group, protocolId: 'msb', responderPort: 31000, announced: true }))?.portOf).toBe(
      'group',
    );
    expect(rowListing(flow({ ...group, protocolId: 'h323-ras', responderPort: 1718 }))?.id).toBe('cs-gk-discovery');
    expect(rowListing(flow({ ...group, protocolId: 'rtsp', responderPort: 554 }))).toBeNull();
  });
});

describe('a host known to be a content server', () => {
  it('has ports that are not for the outside', () => {
    expect(rowNotForOutside('tcp', 2090)?.id).toBe('cs-database');
    expect(rowNotForOutside('tcp', 8008)?.id).toBe('cs-application');
    expect(rowNotForOutside('tcp', 8080)).toBeNull();
  });
});
