import { describe, expect, it } from 'vitest';
import { describeGroup } from './multicast.ts';

describe('a multicast group', () => {
  it.each([
    ['224.0.0.251', 'mDNS', 'link-local control', true],
    ['224.0.0.120', null, 'link-local control', true],
    ['224.0.1.77', null, 'internetwork control', true],
    ['224.2.127.254', 'SAP', 'global', true],
    ['232.1.2.3', null, 'source-specific', false],
    ['233.252.0.1', null, 'GLOP', false],
    ['239.255.1.2', null, 'administrative, local', false],
    ['239.195.0.1', null, 'administrative, organisation', false],
    ['239.1.2.3', null, 'administrative', false],
    ['ff02::fb', 'mDNS', 'link-local', true],
    ['ff05::1:3', 'LLMNR', 'site-local', true],
    ['ff02::1:ff00:1', 'solicited node', 'link-local', true],
    ['ff1e::1234', null, 'global', false],
    ['ff15::fb', null, 'site-local', false],
    ['ff0e::2:7ffe', 'SAP', 'global', true],
  ])('%s is named and placed', (group, name, scope, isControl) => {
    expect(describeGroup(group)).toEqual({ name, scope, isControl });
  });
});
