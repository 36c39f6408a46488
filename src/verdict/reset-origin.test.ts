import { describe, expect, it } from 'vitest';
import {
  at,
  attempt,
  captureCase,
  flowCase,
  hostInfo,
  macInfo,
  SERVER,
  tcpCase,
  tcpEvent,
} from '../../test/case-builder.ts';
import type { HostInfo } from '../flow/host-table.ts';
import type { MacInfo } from '../flow/mac-table.ts';
import { findResetOrigin } from './reset-origin.ts';

const ROUTER = { ...at(0), fact: 'it sends for three hosts' };

function origin(ttl: number, mac: number, hosts: readonly HostInfo[], macs: readonly MacInfo[] = []): string {
  const flow = attempt([0]);
  return findResetOrigin(tcpEvent('rst', 0.1, { ttl, mac }), flow, captureCase([flow], { hosts, macs })).by;
}

describe('the sender of a reset', () => {
  it('is the host when its own packets have the same TTL', () => {
    expect(origin(63, 0, [hostInfo(SERVER, { tcpTtl: 63 })])).toBe('host');
    expect(origin(118, 0, [hostInfo(SERVER, { tcpTtl: 118 })])).toBe('host');
  });

  it('is on the path when its TTL is unreduced and that of the host is not', () => {
    expect(origin(64, 0, [hostInfo(SERVER, { tcpTtl: 63 })])).toBe('path');
    expect(origin(255, 0, [hostInfo(SERVER, { tcpTtl: 118 })])).toBe('path');
  });

  it('is on the path when it is many routers nearer than the host', () => {
    expect(origin(62, 0, [hostInfo(SERVER, { tcpTtl: 52 })])).toBe('path');
  });

  it('is not known when another way through the network explains the difference', () => {
    expect(origin(51, 0, [hostInfo(SERVER, { tcpTtl: 52 })])).toBe('unknown');
  });

  it('is not known when the same distance is counted from another initial value', () => {
    expect(origin(252, 0, [hostInfo(SERVER, { tcpTtl: 61 })])).toBe('unknown');
    expect(origin(125, 0, [hostInfo(SERVER, { tcpTtl: 61 })])).toBe('unknown');
  });

  it('is the router that passes on the packets of the host, when the reset has lost nothing on its way', () => {
    const hosts = [hostInfo(SERVER, { tcpTtl: 64, macs: [1], forwarder: 2 })];
    const macs = [macInfo(1), macInfo(2, { router: ROUTER })];
    expect(origin(64, 2, hosts, macs)).toBe('path');
    expect(origin(64, 1, hosts, macs)).toBe('host');
    expect(origin(63, 2, hosts, macs)).toBe('host');
  });

  it('is on the path when the host has that TTL on the other side of the router alone', () => {
    const sighting = (ttl: number, mac: number) => ({ ttl, transport: 6, mac, ...at(0) });
    const hosts = [hostInfo(SERVER, { ttls: [sighting(64, 1), sighting(63, 2)], macs: [1, 2] })];
    expect([origin(64, 2, hosts), origin(63, 2, hosts), origin(64, 1, hosts)]).toEqual(['path', 'host', 'host']);
  });

  it('is not known where the MAC of both bears the address here, as a host with containers does', () => {
    const sightings = [{ ttl: 63, transport: 6, mac: 2, ...at(0) }];
    const hosts = [hostInfo(SERVER, { ttls: sightings, macs: [2] })];
    const resolved = (address: string) => [macInfo(2, { resolved: { address, ...at(0) } })];
    expect([origin(64, 2, hosts, resolved(SERVER)), origin(64, 2, hosts, resolved('10.10.1.1'))]).toEqual([
      'unknown',
      'path',
    ]);
  });

  it('is not known where the host is seen on the other side of the router alone', () => {
    const sightings = [{ ttl: 63, transport: 6, mac: 2, ...at(0) }];
    const hosts = [hostInfo(SERVER, { ttls: sightings, macs: [2] })];
    const macs = [macInfo(1), macInfo(2, { router: ROUTER }), macInfo(3, { router: ROUTER })];
    const from = (requestTtl: number, requestMac: number, mac: number) => {
      const reset = tcpEvent('rst', 0.1, { ttl: 64, mac });
      const events = [tcpEvent('syn', 0, { ttl: requestTtl, mac: requestMac }), reset];
      const flow = flowCase({ tcp: tcpCase({ outcome: 'refused', events }) });
      return findResetOrigin(reset, flow, captureCase([flow], { hosts, macs })).by;
    };
    expect([from(63, 3, 1), from(63, 3, 3), from(64, 4, 1)]).toEqual(['unknown', 'path', 'path']);
  });

  it('is not known when the TTL fits and the MAC is a router that never sent for the host', () => {
    const hosts = [hostInfo(SERVER, { tcpTtl: 64, macs: [1] })];
    expect(origin(64, 2, hosts, [macInfo(1), macInfo(2, { router: ROUTER })])).toBe('unknown');
    const resolved = (address: string) => macInfo(2, { resolved: { address, ...at(0) } });
    expect(origin(64, 2, hosts, [macInfo(1), resolved('10.10.1.1')])).toBe('unknown');
    expect(origin(64, 2, hosts, [macInfo(1), resolved(SERVER)])).toBe('host');
  });

  it('is the gateway when its TTL is unreduced and nothing else of the host is known', () => {
    expect(origin(64, 1, [], [macInfo(1, { router: ROUTER })])).toBe('path');
    expect(origin(64, 1, [], [macInfo(1, { resolved: { address: '10.10.1.1', ...at(0) } })])).toBe('path');
  });

  it('is not known when a router sends it for an address of the segment, which may be its own', () => {
    const flow = { ...attempt([0]), responder: { address: '10.10.1.1', port: 8080 } };
    const macs = [macInfo(1, { router: ROUTER })];
    const hosts = [hostInfo(flow.initiator.address, { tcpTtl: 64 })];
    const reset = tcpEvent('rst', 0.1, { ttl: 64, mac: 1 });
    expect(findResetOrigin(reset, flow, captureCase([flow], { hosts, macs })).by).toBe('unknown');
    expect(findResetOrigin(reset, flow, captureCase([flow], { hosts: [], macs })).by).toBe('path');
  });

  it('is the host when ARP gave its MAC', () => {
    expect(origin(64, 1, [], [macInfo(1, { resolved: { address: SERVER, ...at(0) } })])).toBe('host');
  });

  it('is nobody when there is nothing to compare with', () => {
    const flow = attempt([0]);
    expect(findResetOrigin(tcpEvent('rst', 0.1, { ttl: 64 }), flow, captureCase([flow])).by).toBe('unknown');
  });
});
