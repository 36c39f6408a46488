import { describe, expect, it } from 'vitest';
import { at, captureCase, hostInfo, macInfo } from '../../test/case-builder.ts';
import { findRouterBefore, isOnSegment } from './position.ts';

describe('a host', () => {
  const isHere = (...ttls: readonly number[]) => {
    const sightings = ttls.map((ttl) => ({ ttl, transport: 6, mac: 0, ...at(0) }));
    return isOnSegment('10.10.9.9', captureCase([], { hosts: [hostInfo('10.10.9.9', { ttls: sightings })] }));
  };

  it('is on the segment where any of its packets has passed no router, as a span of both legs shows them', () => {
    expect([isHere(64), isHere(63, 64), isHere(63)]).toEqual([true, true, false]);
    expect(isHere()).toBeNull();
  });
});

describe('the router before a host', () => {
  it('is shown by the frame that gave its address for the MAC', () => {
    const hosts = [hostInfo('10.10.9.9', { macs: [1], sent: at(5) })];
    const resolved = { address: '10.10.1.1', ...at(2) };
    const found = findRouterBefore('10.10.9.9', captureCase([], { hosts, macs: [macInfo(1, { resolved })] }));
    expect(found).toMatchObject({ ...at(2), fact: 'MAC 02:00:00:00:00:01 belongs to 10.10.1.1' });
  });

  it('is not the host itself, nor one that nothing is known of', () => {
    const hosts = [hostInfo('10.10.9.9', { macs: [1], sent: at(5) })];
    const own = macInfo(1, { resolved: { address: '10.10.9.9', ...at(2) } });
    expect(findRouterBefore('10.10.9.9', captureCase([], { hosts, macs: [own] }))).toBeNull();
    expect(findRouterBefore('10.10.9.9', captureCase([], { hosts, macs: [macInfo(1)] }))).toBeNull();
  });
});
