import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CapturedFrame } from '../../../fixtures/encode/captured-frame.ts';
import { encodePcap } from '../../../fixtures/encode/pcap.ts';
import { text } from '../../../fixtures/frames/header.ts';
import { askWeb, chatter } from '../../../fixtures/scenarios/habits.ts';
import { type BothLegs, type Box, bothLegs } from '../../../fixtures/scene/both-legs.ts';
import { Host } from '../../../fixtures/scene/host.ts';
import { clientSide, neighbourOf } from '../../../fixtures/scene/places.ts';
import { rtpStream } from '../../../fixtures/scene/rtp-stream.ts';
import { Scene } from '../../../fixtures/scene/scene.ts';
import { snapped, withCopies } from '../../../fixtures/scene/span.ts';
import { LINUX_SYNS, TcpConnection } from '../../../fixtures/scene/tcp-connection.ts';
import { compareCaptures } from './compare-captures.ts';
import type { Comparison } from './comparison.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediatap-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;

function store(frames: readonly CapturedFrame[]): string {
  const path = join(folder, `${++made}.pcap`);
  writeFileSync(path, encodePcap(frames));
  return path;
}

function compare({ inside, outside }: BothLegs): Promise<Comparison> {
  return compareCaptures(store(inside), store(outside));
}

/** A web page and a datagram at the beginning, and a page at the end, so that both captures cover what is told between. */
function legs(tell: (scene: Scene) => void, box: Box = {}, before = 1): BothLegs {
  const { client, server } = clientSide();
  const scene = new Scene();
  askWeb(scene, client, server, 41_000);
  chatter(scene, client, server);
  scene.wait(before);
  tell(scene);
  scene.wait(1);
  askWeb(scene, client, server, 41_001);
  return bothLegs(scene.frames(), box);
}

/** `RTSP toResponder`: what does not get through. */
function stopped({ flows }: Comparison): string[] {
  return flows.filter(({ stopped }) => stopped !== null).map((flow) => `${flow.state} ${flow.label} ${flow.stopped}`);
}

const dropRtsp: Box['fate'] = ({ destinationPort }) => (destinationPort === 554 ? 'stopped' : 'passes');
const tellRtspDropped = (scene: Scene): void => {
  const { client, server } = clientSide();
  new TcpConnection(scene, client.port(40_000), server.port(554)).synUnanswered(LINUX_SYNS);
};
const NAT = { inside: '10.10.1.10', outside: '198.51.100.7', addToPort: 1000 };

describe('two captures of one box', () => {
  it('show the flow that is dropped, and no other', async () => {
    const comparison = await compare(legs(tellRtspDropped, { fate: dropRtsp }));
    expect(stopped(comparison)).toEqual(['dropped RTSP toResponder']);
    expect(comparison.totals).toMatchObject({ dropped: 1, crosses: 3, unproven: 0, local: 0 });
    expect(comparison.flows[0]).toMatchObject({
      certainty: 'confirmed',
      way: 'this-host',
      answer: 'none',
      outside: null,
    });
    expect(comparison.flows[0]?.toResponder).toMatchObject({ entry: 'inside', arrived: 8, lost: 8 });
    expect(comparison.flows[0]?.evidence.map(({ side, fact }) => `${side}: ${fact}`)).toEqual([
      'inside: arrived inside and did not leave outside',
      'inside: the last one of them',
    ]);
  });

  it('show the same through translated addresses and ports, on clocks that differ', async () => {
    const box = { fate: dropRtsp, translates: NAT, clockAheadSeconds: 37, delaySeconds: 0.002 };
    const comparison = await compare(legs(tellRtspDropped, box));
    expect(stopped(comparison)).toEqual(['dropped RTSP toResponder']);
    expect(comparison.totals.crosses).toBe(3);
    expect(comparison.translations).toEqual([
      { inside: '10.10.1.10', outside: '198.51.100.7', flows: 3, portsChanged: 3 },
    ]);
    expect(comparison.clocks?.method).toBe('both-ways');
    expect(comparison.clocks?.offset).toBeCloseTo(37e9, -4);
    expect(comparison.latency.toOutside?.medianNs).toBeCloseTo(2e6, -4);
    expect(comparison.latency.toInside?.p95Ns).toBeCloseTo(2e6, -4);
  });

  it('match flows by their payload where the box changes numbers as well', async () => {
    const box = { fate: dropRtsp, translates: NAT, addToSequence: 0x7123_4567, renumbers: true };
    const comparison = await compare(legs(tellRtspDropped, box));
    expect(stopped(comparison)).toEqual(['dropped RTSP toResponder']);
    expect(comparison.totals.crosses).toBe(3);
  });

  it('do not take a SYN whose numbers were changed for one that never left', async () => {
    const box = { translates: NAT, addToSequence: 0x7123_4567, renumbers: true };
    expect(stopped(await compare(legs(tellRtspDropped, box)))).toEqual([]);
  });

  it('follow a clock that drifts', async () => {
    const { client, server } = clientSide();
    const box = { clockAheadSeconds: -3, clockDrift: 40e-6, delaySeconds: 0.003 };
    const minutes = legs((scene) => {
      for (let i = 0; i < 20; i++) {
        askWeb(scene, client, server, 42_000 + i);
        scene.wait(30);
      }
    }, box);
    const { clocks, latency } = await compare(minutes);
    expect((clocks?.drift ?? 0) * 1e6).toBeCloseTo(40, 0);
    expect((latency.toOutside?.p95Ns ?? 0) / 1e6).toBeCloseTo(3, 0);
    expect((latency.toInside?.p95Ns ?? 0) / 1e6).toBeCloseTo(3, 0);
  });

  it('show media that arrives outside and never comes in', async () => {
    const { client, server } = clientSide();
    const tell = (scene: Scene): void => {
      scene.datagram(client.port(5000), server.port(6000), text('a hole is punched'));
      rtpStream(scene, server.port(6000), client.port(5000), { start: scene.now, seconds: 60 });
      scene.wait(60);
    };
    const fate: Box['fate'] = ({ sourcePort }) => (sourcePort === 6000 ? 'stopped' : 'passes');
    const comparison = await compare(legs(tell, { fate, translates: NAT }));
    expect(stopped(comparison)).toEqual(['dropped RTP toInitiator']);
    expect(comparison.flows[0]).toMatchObject({ certainty: 'confirmed', isByPackets: true });
    expect(comparison.flows[0]?.toInitiator?.entry).toBe('outside');
  });

  it('tell a stream that is cut on its way from one that ends', async () => {
    const { client, server } = clientSide();
    const tell = (scene: Scene): void => {
      rtpStream(scene, server.port(6000), client.port(5000), { start: scene.now, seconds: 20 });
      rtpStream(scene, server.port(6002), client.port(5002), { start: scene.now, seconds: 5 }, { ssrc: 77 });
      scene.wait(20);
    };
    const fate: Box['fate'] = ({ sourcePort, index }) => (sourcePort === 6000 && index > 150 ? 'stopped' : 'passes');
    const comparison = await compare(legs(tell, { fate }));
    expect(stopped(comparison)).toEqual(['cut RTP toResponder']);
    expect(comparison.flows[0]?.evidence[0]).toMatchObject({
      side: 'outside',
      fact: 'the last packet that left inside',
    });
  });

  it('count the packets of a stream that are lost between them', async () => {
    const { client, server } = clientSide();
    const tell = (scene: Scene): void => {
      rtpStream(scene, server.port(6000), client.port(5000), { start: scene.now, seconds: 20 });
      scene.wait(20);
    };
    const fate: Box['fate'] = ({ sourcePort, index }) =>
      sourcePort === 6000 && index % 20 === 0 ? 'stopped' : 'passes';
    const [flow] = (await compare(legs(tell, { fate }))).flows;
    expect(flow).toMatchObject({ state: 'lossy', stopped: 'toResponder' });
    expect((flow?.toResponder?.lost ?? 0) / (flow?.toResponder?.arrived ?? 1)).toBeCloseTo(0.05, 1);
  });

  it('leave alone a reset that the host itself sent through the box', async () => {
    const { client, server } = clientSide();
    const refused = legs((scene) => {
      const tcp = new TcpConnection(scene, client.port(40_000), server.port(554));
      tcp.syn();
      tcp.resetSyn();
    });
    expect(stopped(await compare(refused))).toEqual([]);
  });

  it('know a reset that the box made', async () => {
    const { client, server, router } = clientSide();
    const tell = (scene: Scene): void => {
      const tcp = new TcpConnection(scene, client.port(40_000), server.port(554));
      tcp.syn();
      tcp.resetSyn(server.forgedBy(router));
    };
    const fate: Box['fate'] = ({ sourcePort, destinationPort }) =>
      destinationPort === 554 ? 'stopped' : sourcePort === 554 ? 'inside' : 'passes';
    const comparison = await compare(legs(tell, { fate }));
    expect(comparison.flows[0]).toMatchObject({ state: 'dropped', answer: 'refusal', certainty: 'confirmed' });
  });
});

describe('what is on one side alone and was not stopped', () => {
  it('is traffic between hosts of that side, and with the gateway itself', async () => {
    const { client, router } = clientSide();
    const tell = (scene: Scene): void => {
      scene.datagram(client.port(5353), neighbourOf(client, 7).port(5353), text('good morning'));
      scene.datagram(client.port(40_001), router.port(53), text('who is who here'));
      new TcpConnection(scene, client.port(40_002), router.port(22)).synUnanswered([0, 1, 3]);
    };
    const comparison = await compare(
      legs(tell, {
        fate: ({ destinationPort }) =>
          [80, 7, 41_000, 41_001, 40_999].includes(destinationPort) ? 'passes' : 'inside',
      }),
    );
    expect(stopped(comparison)).toEqual([]);
    expect(comparison.totals).toMatchObject({ dropped: 0, unproven: 0, local: 3 });
  });

  it('is a connection that another way answers', async () => {
    const { client, server } = clientSide();
    const fate: Box['fate'] = ({ sourcePort, destinationPort }) =>
      [sourcePort, destinationPort].includes(8080) ? 'inside' : 'passes';
    const tell = (scene: Scene): void => {
      new TcpConnection(scene, client.port(40_000), server.port(8080)).handshake().send('client', 'hello over there');
    };
    expect((await compare(legs(tell, { fate }))).totals).toMatchObject({ dropped: 0, 'other-way': 1 });
  });

  it('is what happened before the other capture began', async () => {
    const { inside, outside } = legs(tellRtspDropped, { fate: dropRtsp });
    const comparison = await compare({ inside, outside: outside.slice(-10) });
    expect(comparison.totals).toMatchObject({ dropped: 0, 'not-compared': 3, crosses: 1 });
    expect(comparison.notes.join(' ')).toContain('in common');
  });

  it('is what may have gone another way: nothing else crossed to that network', async () => {
    const { client, router } = clientSide();
    const elsewhere = new Host('172.16.9.9', { mac: router.mac, ttl: 63 });
    const tell = (scene: Scene): void => {
      new TcpConnection(scene, client.port(40_000), elsewhere.port(554)).synUnanswered(LINUX_SYNS);
    };
    const comparison = await compare(legs(tell, { fate: dropRtsp }));
    expect(comparison.totals).toMatchObject({ dropped: 0, unproven: 1 });
  });

  it('is a datagram where the other capture holds TCP alone', async () => {
    const { client, server } = clientSide();
    const tell = (scene: Scene): void => {
      for (let i = 0; i < 5; i++)
        scene.datagram(client.port(5000), server.port(1719), text(`who is my gatekeeper ${i}`));
    };
    const fate: Box['fate'] = ({ isTcp, isOutbound }) => (isTcp ? 'passes' : isOutbound ? 'stopped' : 'inside');
    expect((await compare(legs(tell, { fate }))).totals).toMatchObject({ dropped: 0, unproven: 1 });
  });

  it('is nothing at all where the captures have no packet in common', async () => {
    const { inside } = legs(tellRtspDropped, { fate: dropRtsp });
    const other = new Scene();
    const { client, server } = clientSide();
    const tcp = new TcpConnection(
      other,
      neighbourOf(client, 9).port(49_000),
      new Host('10.10.2.21', server).port(80),
    ).handshake();
    tcp.send('client', `GET / HTTP/1.1\r\nHost: ${server.address}\r\n\r\n`);
    tcp.send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nAnother');
    const comparison = await compare({ inside, outside: other.frames() });
    expect(comparison.clocks).toBeNull();
    expect(comparison.flows).toEqual([]);
    expect(comparison.notes[0]).toContain('No packet is in both captures');
  });
});

describe('captures that are not what they should be', () => {
  it('may hold each frame twice on one side', async () => {
    const { inside, outside } = legs(tellRtspDropped, { fate: dropRtsp });
    const comparison = await compare({ inside: withCopies(inside), outside });
    expect(stopped(comparison)).toEqual(['dropped RTSP toResponder']);
  });

  it('may be cut to the headers on one side', async () => {
    const { inside, outside } = legs(tellRtspDropped, { fate: dropRtsp, translates: NAT });
    const comparison = await compare({ inside, outside: snapped(outside, 64) });
    expect(stopped(comparison)).toEqual(['dropped RTSP toResponder']);
    expect(comparison.totals.crosses).toBe(3);
  });

  it('may be of a box that takes nothing from the TTL', async () => {
    const box = { fate: dropRtsp, ttlStep: 0, delaySeconds: 0.004 };
    const comparison = await compare(legs(tellRtspDropped, box));
    expect(stopped(comparison)).toEqual(['dropped RTSP toResponder']);
    expect(comparison.flows[0]?.toResponder?.entry).toBe('inside');
  });

  it('may be empty', async () => {
    const { inside } = legs(tellRtspDropped);
    expect((await compare({ inside, outside: [] })).clocks).toBeNull();
    expect((await compare({ inside: [], outside: [] })).flows).toEqual([]);
  });
});
