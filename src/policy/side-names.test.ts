import { describe, expect, it } from 'vitest';
import { readSitePolicy } from './read-site-policy.ts';
import { sideNames } from './side-names.ts';

const POLICY = readSitePolicy(`
networks:
  site: 10.0.0.0/8
  dmz: [10.10.2.0/24, fd00:2::/64]
clients: site
servers:
  wms:
    address: 10.10.2.20
    roles: [windows-media-unicast]
`);

describe('what a site calls an address', () => {
  it('is the narrowest name, and what that lies in', () => {
    const sideOf = sideNames(POLICY);
    expect(sideOf('10.10.2.20')).toBe('wms in dmz');
    expect(sideOf('10.10.2.21')).toBe('dmz in site');
    expect(sideOf('10.1.1.1')).toBe('site');
    expect(sideOf('fd00:2::1')).toBe('dmz');
  });

  it('is nothing for others, for what is no address, and without a policy', () => {
    expect(sideNames(POLICY)('192.0.2.1')).toBeNull();
    expect(sideNames(POLICY)('10.0.0.0/8')).toBeNull();
    expect(sideNames(null)('10.1.1.1')).toBeNull();
  });
});
