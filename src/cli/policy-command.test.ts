import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runOnHost } from '../../test/run-on-host.ts';
import { startLocalAnalysis } from '../analysis/local-analysis.ts';
import { readSitePolicy } from '../policy/read-site-policy.ts';

const DEMO = fileURLToPath(new URL('../../fixtures/demo/capture.pcapng', import.meta.url));
const SITE = fileURLToPath(new URL('../../fixtures/demo/site.yaml', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'mediatap-'));

let files = 0;
function policyFile(text: string): string {
  const path = join(FOLDER, `policy-${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}

const run = (...args: string[]) => runOnHost(args, { startAnalysis: startLocalAnalysis });

interface JsonReport {
  readonly findings: readonly { readonly code: string; readonly rule: string | null; readonly title: string }[];
  readonly policy: readonly { readonly rule: string; readonly state: string; readonly site?: unknown }[];
}

async function reportBy(policy: string, capture = DEMO): Promise<JsonReport> {
  const { out } = await run('report', capture, '--format', 'json', '--policy', policy);
  return JSON.parse(out) as JsonReport;
}

const codesIn = ({ findings }: JsonReport): string[] => findings.map(({ code }) => code);

it('a capture in place of a policy is told from a mistake in one', async () => {
  const { code, errors } = await run('policy', 'rules', DEMO);
  expect([code, errors]).toEqual([2, [expect.stringContaining('it is no text, and a policy is written in YAML')]]);
});

describe('--policy', () => {
  it('names what no rule permits, once, and nothing that a rule permits', async () => {
    const report = await reportBy(SITE);
    expect(report.findings.filter(({ code }) => code === 'not-in-policy').map(({ title }) => title)).toEqual([
      'SSH from 10.10.1.13 to 10.10.3.7:1935 is unexpected: no rule of the policy permits it',
    ]);
    expect(codesIn(report)).not.toContain('wrong-direction');
  });

  it('puts the rules of the site before the catalogue, each with what it came to', async () => {
    const { policy } = await reportBy(SITE);
    const states = policy.filter(({ site }) => site !== undefined).map(({ rule, state }) => `${rule} ${state}`);
    expect(states).toEqual([
      'web working',
      'channel-1 working',
      'old-players refused',
      'media/std-rtsp working',
      'media/std-rtmp blocked',
      'camera/std-rtsp blocked',
    ]);
    expect(policy).toHaveLength(6 + 60);
  });

  it('tells a flow that is permitted the other way round', async () => {
    const path = policyFile(`
networks: { inside: 10.10.1.0/24 }
servers: { camera: { address: 10.10.3.7, roles: rtsp-camera, clients: [] } }
rows: [{ id: back, protocol: RTSP, transport: tcp, ports: 554, from: camera, to: inside }]
`);
    const report = await reportBy(path);
    expect(report.findings.filter(({ code }) => code === 'wrong-direction')).toMatchObject([
      { rule: 'back', title: expect.stringContaining('back permits it from camera to inside, not this way round') },
    ]);
  });

  it('judges alternatives as a group', async () => {
    const path = policyFile(`
clients: 10.10.1.0/24
servers: { media: { address: 10.10.2.20, roles: windows-media-external, publishers: [] } }
`);
    const { policy } = await reportBy(path);
    const group = policy.find(({ rule }) => rule === 'media/ext-wm');
    expect(group).toMatchObject({ state: 'working', site: { protocol: 'one of', ports: '554, 80' } });
  });

  it('tells an exception that had ended when the flow began', async () => {
    const path = policyFile(`
servers: { camera: { address: 10.10.3.7, roles: rtsp-camera } }
clients: 10.10.1.0/24
exceptions: [{ id: shell, transport: tcp, ports: 1935, from: any, to: camera, until: 2001-01-01 }]
`);
    const { findings } = await reportBy(path);
    expect(findings.find(({ rule }) => rule === 'shell')?.title).toContain('the exception shell has ended');
  });

  it('is what streams are judged by too', async () => {
    const path = policyFile('servers: {}\nclients: 192.0.2.0/24\n');
    const { out } = await run('streams', DEMO, '--format', 'csv', '--policy', path);
    expect(out).toContain('\r\n');
    expect((await run('streams', DEMO, '--format', 'csv')).out).not.toBe(out);
  });

  it('says where the file is wrong before it reads a capture', async () => {
    const { code, out, errors } = await run('flows', DEMO, '--policy', policyFile('clients: x\nfoo: 1\n'));
    expect([code, out, errors.length]).toEqual([2, '', 1]);
    expect(errors[0]).toMatch(/policy-\d+\.yaml:1:10: clients: 'x' is neither .* \(and 1 more: mediatap policy check /);
  });

  it('ends with 2 when the file cannot be read', async () => {
    const { code, errors } = await run(DEMO, '--policy', join(FOLDER, 'nothing.yaml'));
    expect([code, errors.length]).toEqual([2, 1]);
    const large = policyFile(`clients: any\n#${' '.repeat(2_000_000)}`);
    expect((await run(DEMO, '--policy', large)).errors[0]).toContain('has more than 2000000 bytes: it is no policy');
  });
});

describe('mediatap policy', () => {
  it('explains a valid file', async () => {
    const { code, out } = await run('policy', 'check', SITE);
    expect(code).toBe(0);
    expect(out).toContain('demo site is valid: 2 servers, 6 rules.');
    expect(out).toContain('TCP 554 from inside to camera: RTSP (camera/std-rtsp)');
  });

  it('lists every mistake of a file that is wrong', async () => {
    const path = policyFile('clients: x\nfoo: 1\n');
    const { code, out, errors } = await run('policy', 'check', path);
    expect([code, errors]).toEqual([2, []]);
    expect(out.split('\n').map((line) => line.slice(path.length, path.length + 6))).toEqual([':1:10:', ':2:1: ', '']);
  });

  it('writes to the file that is asked for, but never over the policy', async () => {
    const path = policyFile('clients: x\n');
    const output = join(FOLDER, 'checked.txt');
    for (const [policy, text] of [
      [SITE, 'demo site is valid'],
      [path, `${path}:1:10: clients: 'x'`],
    ] as const) {
      expect((await run('policy', 'check', policy, '-o', output)).out).toBe('');
      expect(readFileSync(output, 'utf8')).toContain(text);
    }
    const site = policyFile(readFileSync(SITE, 'utf8'));
    for (const args of [
      ['check', site],
      ['check', site, DEMO],
      ['rules', site],
    ])
      expect((await run('policy', ...args, '-o', site)).code).toBe(2);
    expect(readFileSync(site, 'utf8')).toBe(readFileSync(SITE, 'utf8'));
  });

  it('has no findings for --fail-on without captures', async () => {
    const { code, errors } = await run('policy', 'check', SITE, '--fail-on', 'blocked');
    expect([code, errors]).toEqual([2, ['mediatap: --fail-on needs captures: a policy alone has no findings']]);
  });

  it('ends with 1 when an exception has ended', async () => {
    const ended = policyFile(
      'exceptions: [{ id: a, transport: tcp, ports: 1, from: any, to: any, until: 2001-01-01 }]',
    );
    expect((await run('policy', 'check', ended)).code).toBe(1);
  });

  it('shows a matrix of a capture, and fails on what --fail-on names', async () => {
    const { code, out } = await run('policy', 'check', SITE, DEMO, '--fail-on', 'blocked');
    expect(code).toBe(1);
    expect(out).toMatch(/allowed and working +\d+ +media\/std-rtsp/);
    expect(out).toMatch(/blocked +1 +media\/std-rtmp/);
    expect(out).toContain('Not as the policy says\n  SSH from');
  });

  it('lists rules with their sources', async () => {
    const { out } = await run('policy', 'show', SITE);
    expect(out).toMatch(/camera\/std-rtsp +tcp +554 +camera +inside +camera +RTSP +permit +IANA/);
    const { rules } = JSON.parse((await run('policy', 'show', SITE, '--format', 'json')).out);
    expect(rules.map(({ id }: { id: string }) => id)).toContain('channel-1');
  });

  it('scaffolds a policy that holds for the capture it was made from', async () => {
    const { code, out } = await run('policy', 'init', DEMO);
    expect(code).toBe(0);
    const policy = readSitePolicy(out);
    expect(policy.servers.map(({ roles }) => roles)).toEqual([['rtsp-server'], ['rtsp-server']]);
    const report = await reportBy(policyFile(out));
    const unlisted = report.findings.filter(({ code: found }) => found === 'not-in-policy');
    expect(unlisted.map(({ title }) => title.split(' ')[0]).sort()).toEqual(['HTTP', 'MMS', 'RTMP', 'SSH']);
  });

  it('prints the rules of a policy and those that a capture needs', async () => {
    const policy = await run('policy', 'rules', SITE, '--for', 'nftables');
    expect(policy.out).toContain('ip saddr 10.10.1.0/24 ip daddr 10.10.2.20 tcp dport 1935 ');
    const capture = await run('policy', 'rules', '--capture', DEMO);
    expect(capture.out).toContain('permit TCP from 10.10.1.12 to 10.10.2.20 port 1935');
    expect(capture.out).toMatch(/permit UDP from 10\.10\.3\.7 to 10\.10\.1\.11 port 40100-40\d+/);
    expect(capture.out).not.toContain('10.10.2.20 port 1755');
  });

  it('asks for a policy or a capture', async () => {
    const { code, errors } = await run('policy', 'rules');
    expect([code, errors.length]).toEqual([2, 1]);
    expect((await run('policy', 'rules', SITE, '--for', 'pf')).code).toBe(2);
  });

  it('asks for a command when only the group is named, or none of it', async () => {
    const { code, errors } = await run('policy');
    expect([code, errors]).toEqual([2, ['mediatap: name one of the commands that --help lists']]);
    expect((await run('help', 'nothing')).errors).toEqual(errors);
  });

  it.each([['policy'], ['policy', 'check'], ['policy', 'init'], ['policy', 'show'], ['policy', 'rules']])(
    'has examples in the help of %s %s',
    async (...args) => {
      const { code, out } = await run(...args, '--help');
      expect(code).toBe(0);
      expect(out).toContain('Examples:');
    },
  );
});
