import { describe, expect, it } from 'vitest';
import { concernsPolicy, judgeByPolicy, type PolicyFlowFacts } from './judge-policy.ts';
import { readSitePolicy } from './read-site-policy.ts';

const POLICY = readSitePolicy(`
networks:
  inside: 10.1.0.0/16
clients: inside
servers:
  wms: { address: 10.2.0.20, roles: windows-media-unicast }
  tcs: { address: 10.2.0.30, roles: content-server, administrators: [] }
  ext: { address: 192.0.2.9, roles: windows-media-external, publishers: tcs }
exceptions:
  - { id: migration, transport: tcp, ports: 2090, from: 10.1.0.9, to: tcs, until: 2027-06-30 }
`);

const DAY = (text: string): number => Date.parse(`${text}T12:00:00Z`) / 1000;

function flow(from: string, to: string, changes: Partial<PolicyFlowFacts> = {}): PolicyFlowFacts {
  const end = (text: string) => ({ address: text.split(':')[0] ?? '', port: Number(text.split(':')[1]) });
  return {
    transport: 'tcp',
    initiator: end(from),
    responder: end(to),
    protocol: null,
    isStreaming: false,
    isInitiatorProven: true,
    responderSends: true,
    seconds: DAY('2027-01-01'),
    ...changes,
  };
}

function judged(...of: Parameters<typeof flow>): string {
  const answer = judgeByPolicy(POLICY, flow(...of));
  if (answer.kind === 'permitted') return answer.rules.map(({ id }) => id).join(' ');
  return answer.kind === 'unlisted' ? answer.kind : `${answer.kind} ${answer.rule.id}`;
}

const UDP = { transport: 'udp', isInitiatorProven: false } as const;

describe('a flow is', () => {
  it('permitted by each rule that holds its ends and its port', () => {
    expect(judged('10.1.0.5:40000', '10.2.0.20:554')).toBe('wms/wms9-rtsp');
    expect(judged('10.1.0.5:40000', '10.2.0.30:554')).toBe('tcs/cs-rtsp tcs/cs-play-rtsp');
  });

  it('not permitted from elsewhere, to elsewhere, or on another port', () => {
    expect(judged('172.16.0.5:40000', '10.2.0.20:554')).toBe('unlisted');
    expect(judged('10.1.0.5:40000', '10.2.0.21:554')).toBe('unlisted');
    expect(judged('10.1.0.5:40000', '10.2.0.20:555')).toBe('unlisted');
    expect(judged('10.1.0.5:40000', '10.2.0.20:554', UDP)).toBe('unlisted');
  });

  it('the other way round where the server connects to the port of its own', () => {
    expect(judged('10.2.0.20:40000', '10.1.0.5:554')).toBe('reversed wms/wms9-rtsp');
    expect(judged('10.2.0.20:40000', '172.16.0.5:554')).toBe('unlisted');
  });

  it('permitted when the capture begins with an answer', () => {
    expect(judged('10.2.0.20:554', '10.1.0.5:40000', { isInitiatorProven: false })).toBe('wms/wms9-rtsp');
    expect(judged('10.2.0.20:554', '10.1.0.5:40000')).toBe('unlisted');
  });

  it('let out only: a knock at a port that sends is the wrong way round, an exchange is not', () => {
    expect(judged('10.2.0.20:5004', '10.1.0.5:41000', UDP)).toBe('wms/wms9-rtp');
    expect(judged('10.1.0.5:41000', '10.2.0.20:5004', UDP)).toBe('wms/wms9-rtp');
    expect(judged('10.1.0.5:41000', '10.2.0.20:5004', { ...UDP, responderSends: false })).toBe('reversed wms/wms9-rtp');
    expect(judged('10.1.0.5:41001', '10.2.0.20:5005', { ...UDP, responderSends: false })).toBe('wms/wms9-rtcp');
  });

  it('in a wide range permitted only as what it is proven to be', () => {
    expect(judged('10.2.0.20:1755', '10.1.0.5:2000', { ...UDP, protocol: 'dns' })).toBe('wms/wms9-mms-udp');
    expect(judged('10.2.0.20:53000', '10.1.0.5:2000', { ...UDP, protocol: 'mmsu' })).toBe('wms/wms9-mmsu');
    expect(judged('10.2.0.20:53000', '10.1.0.5:2000', { ...UDP, protocol: 'dns' })).toBe('unlisted');
    expect(judged('10.2.0.20:53000', '10.1.0.5:2000', UDP)).toBe('unlisted');
  });

  it('closed on ports marked no, except while an exception lasts', () => {
    expect(judged('10.1.0.5:40000', '10.2.0.30:8008')).toBe('closed tcs/cs-application');
    expect(judged('10.1.0.9:40000', '10.2.0.30:2090')).toBe('migration');
    expect(judged('10.1.0.9:40000', '10.2.0.30:2090', { seconds: DAY('2027-06-30') })).toBe('migration');
    expect(judged('10.1.0.9:40000', '10.2.0.30:2090', { seconds: DAY('2027-07-01') })).toBe('closed tcs/cs-database');
  });
});

describe('the policy is asked about', () => {
  const asked = (...of: Parameters<typeof flow>) => concernsPolicy(POLICY, flow(...of));

  it('its servers, streaming ports, and streaming', () => {
    expect(asked('172.16.0.5:40000', '10.2.0.20:22')).toBe(true);
    expect(asked('172.16.0.5:40000', '198.51.100.1:554')).toBe(true);
    expect(asked('172.16.0.5:40000', '198.51.100.1:8554', { protocol: 'rtsp', isStreaming: true })).toBe(true);
  });

  it('what its servers ask of the networks of the site, on a port that a row names', () => {
    expect(asked('10.2.0.20:40000', '10.1.0.5:3389')).toBe(true);
    expect(asked('10.2.0.20:40000', '10.1.0.5:22')).toBe(false);
    expect(asked('10.2.0.20:40000', '198.51.100.1:3389')).toBe(false);
    expect(asked('10.1.0.6:40000', '10.1.0.5:3389')).toBe(false);
  });

  it('nothing that other hosts do among themselves', () => {
    expect(asked('10.1.0.5:40000', '10.1.0.6:22', { protocol: 'ssh' })).toBe(false);
    expect(asked('10.1.0.5:40000', '198.51.100.1:80', { protocol: 'http', isStreaming: true })).toBe(false);
    expect(asked('10.1.0.5:40000', '198.51.100.1:8008')).toBe(false);
    expect(asked('10.2.0.20:40000', '198.51.100.1:443', { protocol: 'tls' })).toBe(false);
  });
});
