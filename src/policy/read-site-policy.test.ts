import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePolicy } from './describe-policy.ts';
import { readSitePolicy } from './read-site-policy.ts';
import { PolicyError, type SiteRule } from './site-policy.ts';

const SITE = `
networks:
  inside: [10.1.0.0/16, 'fd00:1::/64']
  outside: any
clients: inside
ports:
  cs-dynamic-media: 12000-12999
servers:
  wms:
    address: 10.2.0.20
    roles: [windows-media-unicast, windows-media-administration]
    administrators: 10.1.0.5
    ports: { wms9-rtsp: 8554 }
  tcs:
    address: 10.2.0.30
    roles: content-server
    administrators: []
rows:
  - { id: web, protocol: HTTPS, transport: tcp, ports: 8443, from: [inside, tcs], to: wms }
exceptions:
  - { id: old, transport: tcp, ports: 2090, from: 10.1.0.9, to: tcs, until: 2027-06-30 }
`;

/** What is wrong, as `line:column: message`. */
function mistakes(text: string): string[] {
  try {
    readSitePolicy(text);
  } catch (error) {
    if (error instanceof PolicyError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const server = (lines: string): string => `clients: 10.0.0.0/8\nservers:\n  s:\n    address: 10.2.0.1\n${lines}`;

describe('a valid policy', () => {
  const policy = readSitePolicy(SITE);
  const rule = (id: string) => policy.rules.find((each) => each.id === id);

  it('gives each server the rows of its roles', () => {
    expect(policy.rules.filter(({ server: name }) => name === 'wms')).toHaveLength(15);
    expect(rule('wms/wms9-mmsu')).toMatchObject({ portEnd: 'acceptor', ports: { first: 1024, last: 5000 } });
    expect(rule('wms/wms9-mmsu')?.opener.label).toBe('wms');
    expect(rule('wms/wms9-rtp')).toMatchObject({ portEnd: 'opener', isBothWays: false });
    expect(rule('wms/wms9-rtcp')).toMatchObject({ portEnd: 'acceptor', isBothWays: true });
    expect(rule('wms/wms9-admin-smb')?.opener.label).toBe('10.1.0.5');
  });

  it('takes the ports that the site has set', () => {
    expect(rule('wms/wms9-rtsp')?.ports).toEqual({ first: 8554, last: 8554 });
    expect(rule('tcs/cs-dynamic-media')?.ports).toEqual({ first: 12000, last: 12999 });
  });

  it('tells of servers that have no rules, and of those alone', () => {
    const text =
      'servers:\n  a: { address: 10.2.0.1, roles: rtsp-camera }\n  b: { address: 10.2.0.2, roles: rtsp-camera, clients: any }\n';
    const notes = describePolicy(readSitePolicy(text), 0).filter((line) => line.includes('has no rules'));
    expect(notes.map((line) => line.trim().split(' ')[0])).toEqual(['a']);
  });

  it('leaves out rows that nobody may use and ports that nobody has set', () => {
    expect(rule('tcs/cs-rdp')).toBeUndefined();
    expect(rule('tcs/cs-network-pull')).toBeUndefined();
  });

  it('lets a call begin at either end', () => {
    const sides = ({ opener, acceptor }: SiteRule) => [opener.label, acceptor.label];
    const calls = policy.rules.filter(({ id }) => id.startsWith('tcs/cs-q931'));
    expect(calls.map(sides)).toEqual([
      ['inside', 'tcs'],
      ['tcs', 'inside'],
    ]);
  });

  it('lets ports of a cluster be set beside servers that are no content servers', () => {
    const roles = 'roles: [content-server, content-server-cluster], administrators: [], ports: { cs-ras: 1800 }';
    const text = `clients: 10.0.0.0/8\nservers:\n  a: { address: 10.2.0.1, ${roles} }\n  b: { address: 10.2.0.2, roles: rtsp-camera }\nports: { cs-q931: 1721 }\n`;
    expect(mistakes(text)).toEqual([]);
  });

  it('keeps ports marked no closed, and knows alternatives', () => {
    expect(rule('tcs/cs-database')?.permission).toBe('never');
    const lines = describePolicy(policy, 0).filter((line) => line.startsWith('  closed: '));
    expect(lines.join()).toMatch(/^ {2}closed: TCP 2090 from any to tcs: database .*closed: TCP 8008 /);
    expect(lines).toHaveLength(2);
    expect([rule('tcs/cs-play-rtsp')?.group, rule('tcs/cs-play-http')?.group]).toEqual(['tcs/cs-play', 'tcs/cs-play']);
  });

  it('lets an exception end after its last day', () => {
    expect(rule('old')?.endsAt).toBe(Date.parse('2027-07-01T00:00:00Z') / 1000);
    expect(describePolicy(policy, Date.parse('2027-06-30T23:59:59Z') / 1000).join()).not.toContain('old ended');
    expect(describePolicy(policy, Date.parse('2027-07-01T00:00:00Z') / 1000).join()).toContain(
      'old ended on 2027-06-30',
    );
  });

  it('can be sent to another thread', () => {
    expect(structuredClone(policy)).toEqual(policy);
  });

  it('opens the cluster ports between its servers alone', () => {
    const roles = 'roles: [content-server, content-server-cluster], administrators: []';
    const pair = `clients: 10.0.0.0/8\nservers:\n  a: { address: 10.2.0.1, ${roles} }\n  b: { address: 10.2.0.2, ${roles} }\n`;
    const between = readSitePolicy(pair).rules.find(({ id }) => id === 'a/cs-database-cluster');
    expect(between?.opener.networks.map(({ address }) => [...address])).toEqual([[10, 2, 0, 2]]);
  });

  it('has other rows for Windows Media Services 4.1', () => {
    const old = readSitePolicy(server('    roles: windows-media-unicast\n    windows-media: 4.1\n'));
    expect(old.rules.map(({ id }) => id)).toEqual([
      's/wms41-udp-control',
      's/wms41-udp-data',
      's/wms41-tcp',
      's/wms41-http',
    ]);
  });
});

describe('a mistake is told with its place and what is allowed', () => {
  it.each([
    ['netwoks: {}', "1:1: unknown key 'netwoks' in the policy: allowed are name, networks"],
    ['networks:\n  inside: [10.0.0.0/33]', "2:12: network inside: '10.0.0.0/33' is neither an address"],
    ['networks:\n  inside: []', "2:11: network 'inside' needs addresses"],
    ['networks: [a]', '1:11: networks must be a mapping'],
    [
      'clients: nobody-knows',
      "1:10: clients: 'nobody-knows' is neither an address, a block, nor one of any, multicast",
    ],
    [server('    roles: windows'), "5:12: role 'windows' is not one of windows-media-unicast"],
    [
      server('    role: wowza\n    roles: darwin\n    publishers: []'),
      "5:5: unknown key 'role' in server s: allowed are address",
    ],
    [server(''), "3:3: server s needs 'roles'"],
    ['servers:\n  s: { roles: rtsp-camera }', "2:3: server s needs 'address'"],
    [server('    roles: windows-media-encoder'), "3:3: role windows-media-encoder of s needs 'encoders'"],
    [server('    roles: rtsp-camera\n    viewers: many'), '6:14: viewers must be a whole number'],
    ['ports: { cs-database: 2091 }', "1:10: the port of 'cs-database' cannot be set; those that can are"],
    ['ports: { wms9-mmsu: 900-1000 }', '1:21: ports of wms9-mmsu must lie within 1024-5000'],
    ['ports: { wms9-rtsp: 70000 }', "1:21: wms9-rtsp: '70000' is not a port from 1 to 65535"],
    [
      server('    roles: content-server\n    administrators: []\n    ports: { cs-ras: 1800 }'),
      '7:14: cs-ras can be set in a cluster only',
    ],
    ['rows:\n  - { id: a, transport: tcp, ports: 1 }', "2:5: a row needs 'from', 'to', 'protocol'"],
    [
      'rows:\n  - { id: a, protocol: X, transport: tcp, ports: 1, from: any, to: any }\n  - { id: a, protocol: X, transport: tcp, ports: 2, from: any, to: any }',
      "3:5: the id 'a' is taken by another row or exception",
    ],
    [
      'rows:\n  - { id: wms9-rtsp, protocol: X, transport: tcp, ports: 1, from: any, to: any }',
      "2:11: the id 'wms9-rtsp' is taken by a row of the port tables",
    ],
    [
      'exceptions:\n  - { id: a, transport: tcp, ports: 1, from: any, to: any, until: 2027-02-30 }',
      "2:67: until: '2027-02-30' is not a day such as 2027-06-30",
    ],
    [
      'networks: { s: any }\nservers:\n  s: { address: 10.0.0.1, roles: rtsp-camera }',
      "3:3: 's' names a network or a server already",
    ],
    ['networks: { any: 10.0.0.0/8 }', "1:13: 'any' names a network or a server already"],
    ['servers:\n  s: { address: [], roles: rtsp-camera }', "2:3: server s needs 'address'"],
    ['name: [a]', '1:7: name must be a word'],
    ['name: ""', '1:7: name must be a word'],
    ['name: !site x', '1:7: Unresolved tag'],
    ['name: x\n---\nname: y', '2:1: a policy is one document'],
    ['', '1:1: the policy is empty'],
    ['a: b: c', '1:'],
    ['name: x\nname: y', '2:1: '],
  ])('%j', (text, expected) => {
    expect(mistakes(text)[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('leaves out no item of a long list in silence', () => {
    expect(mistakes(`clients: [${'any, '.repeat(2001)}]`)).toEqual([
      '1:10: a list has 2001 items, at most 2000 are read',
    ]);
  });

  it('finds every mistake in one reading, in order', () => {
    const found = mistakes('clients: x\nports: { a: 1 }\nfoo: 1\n');
    expect(found.map((line) => line.split(':')[0])).toEqual(['1', '2', '3']);
  });

  it('repeats no control characters of the file', () => {
    expect(mistakes('clients: "\\e[31mred"')[0]).toContain('\\x1b[31mred');
  });

  it('never fails in another way, whatever the text', () => {
    const word = fc.constantFrom(
      'networks',
      'servers',
      'rows',
      'inside',
      ':',
      '- ',
      '\n  ',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '10.0.0.0/8',
      'any',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          expect(Array.isArray(mistakes(text))).toBe(true);
        },
      ),
    );
  });
});
