import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type BlockedFlow, permitsOfBlocked } from './permits-of-blocked.ts';
import { permitsOfPolicy } from './permits-of-policy.ts';
import { peakOf, portsToOpen } from './port-sizing.ts';
import { readSitePolicy } from './read-site-policy.ts';
import { FIREWALL_KINDS, type FirewallKind, writeRules } from './write-rules.ts';

const SITE = `
networks:
  inside: [10.1.0.0/16, 'fd00:1::/64']
clients: inside
servers:
  wms:
    address: [10.2.0.20, 'fd00:2::20']
    roles: [windows-media-unicast, windows-media-multicast, windows-media-administration, windows-media-encoder]
    administrators: 10.1.0.5
    encoders: any
    VERSION
  tcs: { address: 10.2.0.30, roles: content-server, administrators: 10.1.0.5 }
  ext: { address: 192.0.2.9, roles: windows-media-external, publishers: tcs }
  gk: { address: 10.2.0.40, roles: h323-gatekeeper }
  camera: { address: 10.2.0.50, roles: rtsp-camera }
rows:
  - { id: all, protocol: "a \\"quoted\\" 'word' \\\\ $HOME", transport: both, ports: 8443, from: any, to: any }
exceptions:
  - { id: ended, transport: tcp, ports: 9999, from: any, to: tcs, until: 2026-01-31 }
`;
const NOW = Date.parse('2026-11-21T00:00:00Z') / 1000;

function rulesFor(kind: FirewallKind, server = '', observed = { mmsu: 0, dcom: 0 }): string {
  return writeRules(permitsOfPolicy(readSitePolicy(SITE.replace('VERSION', server)), observed, NOW), kind);
}

const blocked = (changes: Partial<BlockedFlow>): BlockedFlow => ({
  transport: 'tcp',
  protocol: 'rtsp',
  label: 'RTSP',
  rule: 'wms9-rtsp',
  initiator: { address: '10.1.0.5', port: 40000 },
  responder: { address: '10.2.0.20', port: 554 },
  isMulticast: false,
  control: null,
  start: 0,
  end: 1,
  ...changes,
});
const textFor = (flows: readonly BlockedFlow[]): string => writeRules(permitsOfBlocked(flows), 'text');
const permitsIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^ +\d+\. /.test(line))
    .map((line) => line.trim());

describe('the rules of a policy', () => {
  it.each(FIREWALL_KINDS)('for %s let nothing in that has ended or stays closed', (kind) => {
    const text = rulesFor(kind);
    expect(text).toContain('1755');
    expect(text).not.toMatch(/\b(9999|2090)\b/);
  });

  it('open one port for all rules that need it, toward the same server', () => {
    const lines = rulesFor('nftables')
      .split('\n')
      .filter((line) => line.includes('10.2.0.30 tcp dport 554'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('comment "tcs/cs-rtsp, tcs/cs-play-rtsp: RTSP');
  });

  it('open the first of alternatives and tell of the other', () => {
    const text = rulesFor('nftables');
    expect(text).toMatch(/^ {4}ip saddr 10\.1\.0\.0\/16 ip daddr 192\.0\.2\.9 tcp dport 554 /m);
    expect(text).toMatch(
      /^ {4}# ip saddr 10\.1\.0\.0\/16 ip daddr 192\.0\.2\.9 tcp dport 80 .*instead of ext\/ext-wm-rtsp/m,
    );
  });

  it('size dynamic ranges by what is expected or seen at once, and ten percent more', () => {
    expect(rulesFor('nftables')).toContain('udp dport 1024-5000');
    expect(rulesFor('nftables', 'viewers: 40')).toContain('udp dport 1024-1067');
    expect(rulesFor('nftables', '', { mmsu: 10, dcom: 0 })).toContain('udp dport 1024-1034');
    expect(rulesFor('nftables', 'viewers: 40', { mmsu: 10, dcom: 0 })).toContain('udp dport 1024-1067');
    expect(rulesFor('nftables')).toContain('tcp dport 3001-3010');
    expect(rulesFor('nftables', 'processes: 20')).toContain('tcp dport 3001-3022');
    expect(rulesFor('nftables', 'ports: { wms9-admin-dcom-tcp: 6000-6009 }')).toContain('tcp dport 6000-6009');
  });

  it('say which values the registry needs, by version, and that it takes a restart and no translation', () => {
    const nine = rulesFor('text');
    expect(nine).toContain('HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Rpc\\Internet');
    expect(nine).toMatch(/Ports +REG_MULTI_SZ +135, 3001-3010/);
    expect(nine).toMatch(/UseInternetPorts +REG_SZ +Y/);
    expect(nine).toContain('Restart the computer');
    expect(nine).toContain('address translation');
    const old = rulesFor('text', 'windows-media: 4.1');
    expect(old).toMatch(/UseInternetPorts +REG_MULTI_SZ +Y/);
  });

  it('name the program before any port on Windows', () => {
    const text = rulesFor('windows');
    expect(text.indexOf('WMServer.exe')).toBeGreaterThan(0);
    expect(text.indexOf('WMServer.exe')).toBeLessThan(text.indexOf('localport='));
    expect(text).toContain('First, on wms, ext:');
    expect(rulesFor('windows', 'windows-media: 4.1')).toContain('First, on ext:');
    expect(text).toContain('reg add "HKLM\\Software\\Microsoft\\Rpc\\Internet" /v Ports /t REG_MULTI_SZ');
  });

  it('say that a content server sends players from 80 to 8080', () => {
    expect(rulesFor('text')).toContain('redirects requests for streams on port 80 to 8080');
  });

  it('hand dynamic ports of H.323 to the helper of each firewall', () => {
    expect(rulesFor('nftables')).toContain('ct helper set "h323-call"');
    expect(rulesFor('iptables')).toContain('-j CT --helper Q.931');
    expect(rulesFor('cisco-asa')).toMatch(/inspect rtsp\n {2}inspect h323/);
  });

  it('write ranges and masks as each firewall takes them', () => {
    expect(rulesFor('iptables')).toContain('--dport 1024:5000');
    expect(rulesFor('cisco-asa')).toContain('permit udp host 10.2.0.20 10.1.0.0 255.255.0.0 range 1024 5000');
    expect(rulesFor('cisco-asa')).toContain('permit tcp fd00:1::/64 host fd00:2::20 eq 554');
  });

  it.each(['iptables', 'nftables'] as const)(
    'keep quotes in words of the site from ending the comment of %s',
    (kind) => {
      const lines = rulesFor(kind)
        .split('\n')
        .filter((line) => line.includes('8443'));
      expect(lines).not.toHaveLength(0);
      for (const line of lines) expect(line.match(kind === 'iptables' ? /'/g : /"/g)).toHaveLength(2);
    },
  );
});

describe('the rules that a capture needs', () => {
  it('cure a rollover with one line', () => {
    const text = textFor([
      blocked({}),
      blocked({ protocol: 'mms', label: 'MMS', rule: 'wms9-mms-tcp', responder: { address: '10.2.0.20', port: 1755 } }),
    ]);
    expect(permitsIn(text)).toEqual(['1. permit TCP from 10.1.0.5 to 10.2.0.20 port 554']);
    expect(text).toContain('Port 1755 of 10.2.0.20 is not needed');
  });

  it('keep what another client needs', () => {
    const other = blocked({
      protocol: 'mms',
      initiator: { address: '10.1.0.6', port: 1 },
      responder: { address: '10.2.0.20', port: 1755 },
    });
    expect(permitsIn(textFor([blocked({}), other]))).toHaveLength(2);
  });

  it('are one for forty clients of one server', () => {
    const flows = Array.from({ length: 40 }, (_, i) =>
      blocked({ initiator: { address: `10.1.0.${i + 1}`, port: 40000 } }),
    );
    expect(permitsIn(textFor(flows))).toHaveLength(1);
  });

  it('are one for many servers of one client that are blocked alike', () => {
    const flows = Array.from({ length: 9 }, (_, i) =>
      blocked({ responder: { address: `10.2.0.${i + 100}`, port: 554 } }),
    );
    const [line, ...others] = permitsIn(textFor(flows));
    expect(others).toEqual([]);
    expect(line).toMatch(/ to 10\.2\.0\.100, 10\.2\.0\.101, .*10\.2\.0\.108 port 554$/);
    for (const kind of ['nftables', 'iptables', 'cisco-asa', 'windows'] as const) {
      const text = writeRules(permitsOfBlocked(flows), kind);
      for (const { responder } of flows) expect(text).toContain(responder.address);
    }
  });

  it('let media come from the server to every port that was agreed upon', () => {
    const media = (port: number) =>
      blocked({
        transport: 'udp',
        protocol: 'rtp',
        rule: null,
        initiator: { address: '10.1.0.5', port },
        responder: { address: '10.2.0.20', port: 50000 },
        control: { protocol: 'rtsp', label: 'RTSP', server: '10.2.0.20' },
        start: Number.NEGATIVE_INFINITY,
        end: Number.POSITIVE_INFINITY,
      });
    const text = textFor([media(15964), media(15965), media(15966)]);
    expect(permitsIn(text)).toEqual(['1. permit UDP from 10.2.0.20 to 10.1.0.5 port 15964-15967']);
    expect(text).toContain('agreed upon over RTSP: room for what was seen at once (3 flows) and ten percent more');
  });

  it('are none for media whose port nobody named, and reach no further than the last port', () => {
    const media = (port: number) =>
      blocked({
        ...{ transport: 'udp', protocol: 'rtp', rule: null, initiator: { address: '10.1.0.5', port } },
        control: { protocol: 'rtsp', label: 'RTSP', server: '10.2.0.20' },
      });
    expect(permitsIn(textFor([media(0)]))).toEqual([]);
    expect(permitsIn(textFor([media(65535)]))).toEqual(['1. permit UDP from 10.2.0.20 to 10.1.0.5 port 65535']);
  });

  it('speak of no program on Windows where no server of Windows Media is known', () => {
    const text = writeRules(permitsOfBlocked([blocked({})]), 'windows');
    expect(text).toContain('\nrem Ports:\n');
    expect(text).not.toContain('WMServer.exe');
  });

  it('are none where nothing is blocked, and say so', () => {
    expect(permitsIn(textFor([]))).toEqual([]);
    expect(textFor([])).toContain('Nothing in the capture is proven to be blocked');
  });
});

describe("the site's own rows", () => {
  it('name no network that lies in another one, or comes twice', () => {
    const site = readSitePolicy(`
networks: { inside: [10.0.0.0/8, 10.1.0.0/16], lab: 10.1.2.0/24 }
rows:
  - { id: tv, protocol: RTP, transport: tcp, ports: 5004, from: [inside, lab, inside], to: [192.0.2.9, 192.0.2.9/32, any] }
`);
    const text = writeRules(permitsOfPolicy(site, { mmsu: 0, dcom: 0 }, 0), 'text');
    expect(text).toContain('1. permit TCP from 10.0.0.0/8 to any port 5004\n     tv: RTP, site row\n');
  });

  it('say what is left out where an access list would be endless', () => {
    const addresses = (third: number) => Array.from({ length: 150 }, (_, i) => `10.0.${third}.${i}`).join(', ');
    const site = readSitePolicy(`
rows:
  - { id: tv, protocol: RTP, transport: tcp, ports: 5004, from: [${addresses(1)}], to: [${addresses(2)}] }
`);
    const lines = writeRules(permitsOfPolicy(site, { mmsu: 0, dcom: 0 }, 0), 'cisco-asa').split('\n');
    expect(lines.length).toBeLessThan(10);
    expect(lines[2]).toMatch(/^! Not written: 22,500 lines, which want object groups\. permit TCP from 10\.0\.1\.0, /);
  });

  it('let nothing come from a group, which never sends', () => {
    const site = readSitePolicy(
      'rows:\n  - { id: tv, protocol: RTP, transport: udp, ports: 5004, from: 10.1.0.5, to: 239.1.1.1 }\n',
    );
    const text = writeRules(permitsOfPolicy(site, { mmsu: 0, dcom: 0 }, 0), 'text');
    expect(permitsIn(text)).toEqual(['1. permit UDP from 10.1.0.5 to 239.1.1.1 port 5004']);
    expect(text).toContain('Multicast needs routers');
  });
});

describe('sizes', () => {
  it('add ten percent, rounded up, without the noise of fractions', () => {
    expect([1, 9, 10, 11, 100].map(portsToOpen)).toEqual([2, 10, 11, 13, 110]);
  });

  it('count what lives at one time', () => {
    expect(peakOf([])).toBe(0);
    expect(
      peakOf([
        { start: 0, end: 2 },
        { start: 2, end: 3 },
        { start: 4, end: 5 },
      ]),
    ).toBe(2);
  });
});

const canCheck = spawnSync('nft', ['-c', '-f', '-'], { input: 'table inet t {}' }).status === 0;

describe.skipIf(!canCheck)('nft', () => {
  it.each(['', 'viewers: 40', 'windows-media: 4.1'])('accepts the rules of a policy (%s)', (server) => {
    const { status, stderr } = spawnSync('nft', ['-c', '-f', '-'], {
      input: rulesFor('nftables', server),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('accepts the rules that a capture needs, and an empty set', () => {
    for (const flows of [[blocked({})], []]) {
      const input = writeRules(permitsOfBlocked(flows), 'nftables');
      expect(spawnSync('nft', ['-c', '-f', '-'], { input, encoding: 'utf8' }).stderr).toBe('');
    }
  });
});
