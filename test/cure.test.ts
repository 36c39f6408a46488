/** The line that mediatap prints for what is blocked, put into the firewall that blocked it: then it works. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startLocalAnalysis } from '../src/analysis/local-analysis.ts';
import { CLIENT_SIDE, NetworkLab, SERVER } from './network-lab.ts';
import { runOnHost } from './run-on-host.ts';
import { type Report, runReport } from './run-report.ts';

const lab = NetworkLab.make();
const folder = mkdtempSync(join(tmpdir(), 'mediatap-cure-'));
afterAll(() => {
  lab?.close();
  rmSync(folder, { recursive: true });
});

/** Connects and leaves as soon as the server does; gives up after a few SYNs. */
const CONNECT = `const s=require('net').connect(554,'${SERVER}');s.resume();s.on('close',()=>process.exit());s.on('error',()=>{});setTimeout(()=>process.exit(),3500)`;
const LISTEN = `require('net').createServer((s)=>s.end('RTSP/1.0 400 Bad Request\\r\\n\\r\\n')).listen(554)`;

/** A connection attempt, recorded on the router's leg to the client. */
async function record(network: NetworkLab, name: string): Promise<string> {
  const path = join(folder, `${name}.pcap`);
  const tcpdump = network.start(
    'router',
    'tcpdump',
    '-i',
    CLIENT_SIDE,
    '-n',
    '--immediate-mode',
    '-U',
    '-w',
    path,
    'not ip6',
  );
  await new Promise<void>((resolve) => {
    tcpdump.stderr?.on('data', (text) => String(text).includes('listening') && resolve());
  });
  network.run('client', process.execPath, '-e', CONNECT);
  const ended = new Promise((resolve) => tcpdump.once('exit', resolve));
  tcpdump.kill('SIGINT');
  await ended;
  return path;
}

async function printRules(capture: string): Promise<string> {
  const words = ['policy', 'rules', '--capture', capture, '--for', 'nftables'];
  return (await runOnHost(words, { startAnalysis: startLocalAnalysis })).out;
}

function verdicts({ flows }: Report): string[] {
  return flows.filter(({ responder }) => responder.port === 554).map(({ verdict }) => verdict);
}

describe.skipIf(lab === null)('the rule for what a firewall drops', () => {
  it('is one line, and makes the next recording work', async () => {
    const network = lab as NetworkLab;
    network.start('server', process.execPath, '-e', LISTEN);
    await network.waitForPort('server', 554);
    network.block(554);
    const blocked = await record(network, 'blocked');
    expect(verdicts(await runReport(blocked))).toEqual(['blocked']);
    const lines = (await printRules(blocked)).split('\n').filter((line) => line.includes('dport'));
    expect(lines).toHaveLength(1);
    const rules = join(folder, 'cure.nft');
    writeFileSync(rules, `insert rule inet lab forward ${lines[0]?.trim()}\n`);
    network.run('router', 'nft', '-f', rules);
    const cured = await runReport(await record(network, 'cured'));
    expect(verdicts(cured)).toEqual(['ok']);
    expect(cured.findings.filter(({ verdict }) => verdict === 'blocked')).toEqual([]);
  });
});
