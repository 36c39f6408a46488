/** Live capture as it is used: the built program beside a real router. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCaptures } from '../src/capture/open-captures.ts';
import { isStarted, LiveRun, type News, until, VIAS } from './live-run.ts';
import { CLIENT_SIDE, IP, NetworkLab, SERVER } from './network-lab.ts';
import { PROGRAM, PseudoTerminal } from './pseudo-terminal.ts';

const TEST_MS = 120_000;
const RTSP = 554;

const RTSP_SERVER = `require('node:net').createServer((socket) => {
  socket.on('data', () => socket.write('RTSP/1.0 200 OK\\r\\nCSeq: 1\\r\\nPublic: OPTIONS, DESCRIBE\\r\\n\\r\\n'));
  socket.on('error', () => {});
}).listen(${RTSP}, () => console.log('ready'))`;
const RTSP_CLIENT = `const socket = require('node:net').connect(${RTSP}, '${SERVER}', () => {
  socket.write('OPTIONS rtsp://${SERVER}/ RTSP/1.0\\r\\nCSeq: 1\\r\\n\\r\\n');
});
socket.on('data', () => process.exit(0)).on('error', () => process.exit(1))`;

/** Datagrams to a port on which nobody listens. */
const FLOOD = `const socket = require('node:dgram').createSocket('udp4');
for (let i = 0; i < 100; i++) socket.send(Buffer.alloc(1000), 9, '${SERVER}');
setTimeout(() => socket.close(), 50);`;

/** Programs that a process has started, by any of its threads. */
function childrenOf(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).flatMap((thread) => childrenOfThread(join(folder, thread)));
}

function childrenOfThread(folder: string): number[] {
  try {
    return readFileSync(join(folder, 'children'), 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // The thread has ended since it was listed.
    return [];
  }
}

const isBlocked = ({ finding }: News): boolean => finding?.code === 'tcp-unanswered' && finding.verdict === 'blocked';

const probe = NetworkLab.make();
probe?.close();

describe.skipIf(probe === null)('live capture beside a router', { timeout: TEST_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mediatap-live-'));
  let lab: NetworkLab;

  beforeEach(async () => {
    lab = NetworkLab.make() as NetworkLab;
    const server = lab.start('server', process.execPath, '-e', RTSP_SERVER);
    await new Promise((resolve) => server.stdout?.once('data', resolve));
  });

  afterEach(() => lab.close());

  afterAll(() => rmSync(folder, { recursive: true }));

  /** Resolves to 0 when the server has answered. */
  function connect(): Promise<number | null> {
    const client = lab.start('client', process.execPath, '-e', RTSP_CLIENT);
    return new Promise((resolve) => client.on('close', resolve));
  }

  describe.each(VIAS)('by %s', (via) => {
    it('sees a connection work, tells when a rule drops it, and takes that back when the rule is gone', async () => {
      const path = join(folder, `${via}.pcapng`);
      const live = new LiveRun(lab, CLIENT_SIDE, '--via', via, '--write', path, '--evidence', join(folder, 'proofs'));
      await live.see('start', isStarted);
      expect(await connect()).toBe(0);
      lab.block(RTSP);
      const blocked = connect();
      const { finding } = await live.see('finding', isBlocked);
      expect(finding?.title).toContain(`${SERVER}:${RTSP}`);
      const proof = await live.see('evidence', ({ event }) => event === 'evidence');
      expect(proof.missing).toBe(0);
      expect(await countFrames(proof.path as string)).toBe(proof.frames);
      lab.unblock();
      // The kernel tries again on its timer, and is answered.
      expect(await blocked).toBe(0);
      // That it was undetermined before it was blocked has passed long ago.
      await live.see('end of the finding', (news) => isBlocked(news) && news.state === 'passed');
      await live.seeProtocol('RTSP');
      const summary = await live.end();
      expect(await live.ended).toBe(0);
      expect(summary.captures?.[0]?.dropped).toBe(via === 'cap' ? null : 0);
      expect(summary.quality?.some(({ code }) => code === 'uncounted')).toBe(via === 'cap');
      expect(await countFrames(path)).toBe(summary.captures?.[0]?.frames);
    });

    it('goes on after its program was killed, and says so', async () => {
      const live = new LiveRun(lab, CLIENT_SIDE, '--via', via);
      await live.see('start', isStarted);
      await until('a child', () => childrenOf(live.pid).length > 0);
      const [first] = childrenOf(live.pid);
      process.kill(first as number, 'SIGKILL');
      await live.see('warning', ({ text }) => text?.includes('was captured') === true && text.includes('SIGKILL'));
      expect(await connect()).toBe(0);
      await live.seeProtocol('RTSP');
      await live.end();
      expect(isAlive(first as number)).toBe(false);
    });

    it('tells when its interface goes down, and goes on when it is up again', async () => {
      const live = new LiveRun(lab, CLIENT_SIDE, '--via', via);
      await live.see('start', isStarted);
      lab.run('router', 'ip', 'link', 'set', CLIENT_SIDE, 'down');
      await live.see('warning', ({ text }) => text?.includes(`${CLIENT_SIDE} is down`) === true);
      lab.run('router', 'ip', 'link', 'set', CLIENT_SIDE, 'up');
      await live.see('warning', ({ text }) => text?.includes(`${CLIENT_SIDE} was down from`) === true);
      await live.seeConnection(connect);
    });

    it('sees what passes on several interfaces, and goes on with the others when one is taken away', async () => {
      lab.run('router', 'ip', 'link', 'add', 'span', 'type', 'veth', 'peer', 'name', 'other');
      lab.run('router', 'ip', 'link', 'set', 'span', 'up');
      lab.run('router', 'ip', 'link', 'set', 'other', 'up');
      const live = new LiveRun(lab, CLIENT_SIDE, '--via', via, '-i', 'span');
      await live.see('start', isStarted);
      lab.run('router', 'ip', 'link', 'del', 'span');
      await live.see('warning', ({ text }) => text?.includes('span is gone') === true);
      await live.seeConnection(connect);
    });

    it('names an interface that is not there', async () => {
      const wrong = new LiveRun(lab, CLIENT_SIDE, '--via', via, '-i', 'nothing0');
      expect(await wrong.ended).toBe(3);
      expect(wrong.complaints).toContain("There is no interface 'nothing0'");
    });

    it('tells a filter that is not understood in one line', async () => {
      const live = new LiveRun(lab, CLIENT_SIDE, '--via', via, '--filter', 'tcp prt 80');
      expect(await live.ended).toBe(3);
      expect(live.complaints).toMatch(
        /^mediatap: The filter 'tcp prt 80' is not understood: [^\n]*syntax error[^\n]*\n$/,
      );
    });
  });

  it('shows what is on its screen, asks before it quits, and leaves nothing behind', async () => {
    const command = ['netns', 'exec', lab.nameOf('router'), process.execPath, PROGRAM, 'live', '-i', CLIENT_SIDE];
    const terminal = new PseudoTerminal(IP, command, 120, 30);
    try {
      await terminal.see(`${CLIENT_SIDE} (live, `);
      const programs = childrenOf(terminal.pid);
      expect(programs).toHaveLength(1);
      terminal.press('2');
      expect(await connect()).toBe(0);
      await terminal.see('RTSP');
      terminal.kill('SIGUSR1');
      terminal.press('q');
      await terminal.see('Still capturing. Quit?');
      terminal.press('y');
      expect(await terminal.ended).toMatchObject({ exitCode: 0 });
      await terminal.see(() => terminal.isGivenBack);
      expect(programs.some(isAlive)).toBe(false);
      // What Node.js does at this signal where nobody listens to it.
      expect(terminal.output).not.toContain('Debugger');
    } finally {
      terminal.close();
    }
  });

  it('leaves nothing behind when its reader has seen enough', async () => {
    lab.run('router', IP, 'link', 'set', 'lo', 'up');
    const live = lab.start('router', process.execPath, PROGRAM, 'live', '-i', 'lo', '--headless');
    await new Promise((resolve) => live.stderr?.once('data', resolve));
    live.stdout?.destroy();
    const programs = [live.pid ?? 0, ...childrenOf(live.pid ?? 0)];
    expect(programs).toHaveLength(2);
    const ended = new Promise((resolve) => live.once('exit', resolve));
    live.kill('SIGUSR1');
    expect(await ended).toBe(0);
    await until('they end', () => !programs.some(isAlive));
  });

  it.each([[[]], [['--headless']]])('leaves nothing behind when its terminal is closed, %j', async (words) => {
    // Where nothing passes: a program that captures would end by itself at the next frame.
    lab.run('router', IP, 'link', 'set', 'lo', 'up');
    const options = ['live', '-i', 'lo', ...words];
    const command = ['netns', 'exec', lab.nameOf('router'), process.execPath, PROGRAM, ...options];
    const terminal = new PseudoTerminal(IP, command, 120, 30);
    try {
      await terminal.see('lo (live, ');
      const programs = [terminal.pid, ...childrenOf(terminal.pid)];
      expect(programs).toHaveLength(2);
      terminal.hangUp();
      expect(await terminal.ended).toMatchObject({ signal: constants.signals.SIGHUP });
      await until('they end', () => !programs.some(isAlive));
    } finally {
      terminal.close();
    }
  });

  it('saves what proves a finding out of its memory where nothing else is saved', async () => {
    const proofs = join(folder, 'remembered');
    const live = new LiveRun(lab, CLIENT_SIDE, '--evidence', proofs);
    await live.see('start', isStarted);
    expect(await connect()).toBe(0);
    lab.block(RTSP);
    void connect();
    const proof = await live.see('evidence', ({ event }) => event === 'evidence');
    expect(proof.missing).toBe(0);
    expect(await countFrames(proof.path as string)).toBe(proof.frames);
    const [told] = JSON.parse(
      lab.run('router', process.execPath, PROGRAM, 'report', '-f', 'json', proof.path as string),
    ).findings;
    expect(told).toMatchObject({ code: 'tcp-unanswered', verdict: 'blocked' });
  });

  it('keeps what it saved when the disk is full, says so, and goes on', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      const path = join(disk, 'room.pcapng');
      const live = new LiveRun(lab, CLIENT_SIDE, '--write', path);
      await live.see('start', isStarted);
      let warning: News | undefined;
      await until('a full disk', () => {
        lab.run('client', process.execPath, '-e', FLOOD);
        warning = live.news.find(({ text }) => text?.includes('Nothing more is saved') === true);
        return warning !== undefined;
      });
      expect(warning?.text).toContain('no space is left');
      expect(warning?.text).toContain(`the first ${await countFrames(path)} frames`);
      expect(await connect()).toBe(0);
      await live.seeProtocol('RTSP');
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('ends after as many frames as it was asked for', async () => {
    const live = new LiveRun(lab, CLIENT_SIDE, '--count', '3');
    await live.see('start', isStarted);
    await connect();
    expect(await live.ended).toBe(0);
    expect(live.news.at(-1)?.captures?.[0]?.frames).toBe(3);
  });

  it('lists the interfaces with their links, and that they can be captured on', () => {
    const rows = JSON.parse(lab.run('router', process.execPath, PROGRAM, 'interfaces', '--format', 'json'));
    expect(rows).toContainEqual(
      expect.objectContaining({ name: CLIENT_SIDE, link: 'up', hindrance: null, addresses: expect.any(Array) }),
    );
  });
});

async function countFrames(path: string): Promise<number> {
  const source = await openCaptures([path]);
  let frames = 0;
  for (let batch = await source.next(); batch !== null; batch = await source.next()) frames += batch.count;
  await source.close();
  return frames;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
