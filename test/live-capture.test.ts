/** Live capture as it is used: the built program beside a real router. */

import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCaptures } from '../src/capture/open-captures.ts';
import { CLIENT_SIDE, IP, NetworkLab, SERVER } from './network-lab.ts';
import { PROGRAM, PseudoTerminal } from './pseudo-terminal.ts';

const PATIENCE_MS = 40_000;
const GLANCE_MS = 100;
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

interface News {
  readonly event: string;
  readonly state?: string;
  readonly text?: string;
  readonly path?: string;
  readonly frames?: number;
  readonly missing?: number;
  readonly finding?: { readonly code: string; readonly verdict: string; readonly title: string };
  readonly captures?: readonly { readonly frames: number; readonly dropped: number | null }[];
  readonly quality?: readonly { readonly code: string }[];
  readonly totals?: { readonly byProtocol: readonly { readonly protocol: string }[] };
}

/** A live capture that prints its news as JSON lines. */
class LiveRun {
  readonly news: News[] = [];
  readonly ended: Promise<number | null>;
  complaints = '';
  readonly #child: ChildProcess;
  #line = '';
  #hasEnded = false;

  constructor(lab: NetworkLab, ...args: readonly string[]) {
    const command = [PROGRAM, 'live', '-i', CLIENT_SIDE, '--headless', '--format', 'jsonl', ...args];
    this.#child = lab.start('router', process.execPath, ...command);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaints += text;
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#hasEnded = true;
        resolve(code);
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async see(what: string, isIt: (news: News) => boolean): Promise<News> {
    await until(what, () => this.#hasEnded || this.news.some(isIt));
    const found = this.news.find(isIt);
    if (found === undefined) throw new Error(`ended without ${what}: ${JSON.stringify(this.news)} ${this.complaints}`);
    return found;
  }

  /** Asks for summaries until one knows of this protocol: frames take a moment to arrive. */
  async seeProtocol(label: string): Promise<void> {
    const hasIt = ({ totals }: News): boolean => totals?.byProtocol.some(({ protocol }) => protocol === label) === true;
    await until(label, () => {
      this.signal('SIGUSR1');
      return this.news.some(hasIt);
    });
  }

  /** Connects until it is seen: a program that begins again misses what passes meanwhile. */
  async seeConnection(connect: () => Promise<number | null>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!this.#knowsRtsp() && Date.now() < end) {
      expect(await connect()).toBe(0);
      this.signal('SIGUSR1');
      await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    }
    expect(this.#knowsRtsp()).toBe(true);
  }

  #knowsRtsp(): boolean {
    return this.news.some(({ totals }) => totals?.byProtocol.some(({ protocol }) => protocol === 'RTSP') === true);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it and gives its last summary. */
  async end(): Promise<News> {
    this.signal('SIGINT');
    await this.ended;
    return this.news.at(-1) as News;
  }

  #hear(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    this.news.push(...lines.map((line) => JSON.parse(line) as News));
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
  }
}

/** Programs that a process has started, by any of its threads. */
function childrenOf(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  const lists = readdirSync(folder).map((thread) => readFileSync(join(folder, thread, 'children'), 'utf8'));
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

const isBlocked = ({ finding }: News): boolean => finding?.code === 'tcp-unanswered' && finding.verdict === 'blocked';
const isStarted = ({ event }: News): boolean => event === 'started';

const probe = NetworkLab.make();
probe?.close();

/** cap is an optional package, which npm leaves out where it cannot be built. */
const isCapBuilt = existsSync(fileURLToPath(new URL('../node_modules/cap/build/Release/cap.node', import.meta.url)));
const VIAS = ['dumpcap', 'tcpdump', ...(isCapBuilt ? ['cap'] : [])];

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
      const live = new LiveRun(lab, '--via', via, '--write', path, '--evidence', join(folder, 'proofs'));
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
      await live.see(
        'end of the finding',
        ({ finding: gone, state }) => gone?.code === finding?.code && state === 'passed',
      );
      await live.seeProtocol('RTSP');
      const summary = await live.end();
      expect(await live.ended).toBe(0);
      expect(summary.captures?.[0]?.dropped).toBe(via === 'cap' ? null : 0);
      expect(summary.quality?.some(({ code }) => code === 'uncounted')).toBe(via === 'cap');
      expect(await countFrames(path)).toBe(summary.captures?.[0]?.frames);
    });

    it('goes on after its program was killed, and says so', async () => {
      const live = new LiveRun(lab, '--via', via);
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
      const live = new LiveRun(lab, '--via', via);
      await live.see('start', isStarted);
      lab.run('router', 'ip', 'link', 'set', CLIENT_SIDE, 'down');
      await live.see('warning', ({ text }) => text?.includes(`${CLIENT_SIDE} is down`) === true);
      lab.run('router', 'ip', 'link', 'set', CLIENT_SIDE, 'up');
      await live.seeConnection(connect);
    });

    it('sees what passes on several interfaces, and goes on with the others when one is taken away', async () => {
      lab.run('router', 'ip', 'link', 'add', 'span', 'type', 'veth', 'peer', 'name', 'other');
      lab.run('router', 'ip', 'link', 'set', 'span', 'up');
      lab.run('router', 'ip', 'link', 'set', 'other', 'up');
      const live = new LiveRun(lab, '--via', via, '-i', 'span');
      await live.see('start', isStarted);
      lab.run('router', 'ip', 'link', 'del', 'span');
      await live.see('warning', ({ text }) => text?.includes('span is gone') === true);
      await live.seeConnection(connect);
    });

    it('names an interface that is not there', async () => {
      const wrong = new LiveRun(lab, '--via', via, '-i', 'nothing0');
      expect(await wrong.ended).toBe(3);
      expect(wrong.complaints).toContain("There is no interface 'nothing0'");
    });

    it('tells a filter that is not understood in one line', async () => {
      const live = new LiveRun(lab, '--via', via, '--filter', 'tcp prt 80');
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
      terminal.press('q');
      await terminal.see('Still capturing. Quit?');
      terminal.press('y');
      expect(await terminal.ended).toMatchObject({ exitCode: 0 });
      await terminal.see(() => terminal.isGivenBack);
      expect(programs.some(isAlive)).toBe(false);
    } finally {
      terminal.close();
    }
  });

  it('knows a stream of RTP that a real program sends', async () => {
    lab.run('router', 'ip', 'link', 'set', 'lo', 'up');
    const live = new LiveRun(lab, '--metrics', '9464');
    await live.see('start', isStarted);
    const pattern = ['-re', '-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=25', '-t', '60', '-c:v', 'mpeg4'];
    lab.start('client', 'ffmpeg', '-v', 'error', ...pattern, '-f', 'rtp', `rtp://${SERVER}:5004`);
    await live.seeProtocol('RTP');
    const scrape = "fetch('http://127.0.0.1:9464/metrics').then((it) => it.text()).then(console.log)";
    await until('the stream in the metrics', () => {
      const metrics = lab.run('router', process.execPath, '-e', scrape);
      return new RegExp(`mediatap_rtp_packets_total\\{.*destination="${SERVER}",destination_port="5004"`).test(metrics);
    });
  });

  it('saves what proves a finding out of its memory where nothing else is saved', async () => {
    const proofs = join(folder, 'remembered');
    const live = new LiveRun(lab, '--evidence', proofs);
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

  it('ends after as many frames as it was asked for', async () => {
    const live = new LiveRun(lab, '--count', '3');
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
