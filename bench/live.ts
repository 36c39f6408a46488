/**
 * `npm run bench:live`: a live capture with its screen on while 200-byte packets of RTP come as fast as the senders can, up to
 * a rate, for some seconds; in network namespaces, so that the kernel's own counters of the interface tell what there was to
 * capture. Needs root, iproute2 and nftables. Options: `--rate` packets per second (100000), `--seconds` (10), `--senders` (3).
 */

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import { CLIENT_SIDE, IP, NetworkLab, SERVER } from '../test/network-lab.ts';

const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SENDER = fileURLToPath(new URL('./send-rtp.mjs', import.meta.url));
const FIRST_PORT = 20_000;
const FLOWS = 16;
const METRICS_PORT = 9464;
/** Key of the view that changes most while media comes. */
const STREAMS_VIEW = '3';
/** For what is still on its way. */
const REST_MS = 3000;

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '10' },
    senders: { type: 'string', default: '3' },
  },
});

/** Resolves when the text is on the screen; rejects when the program ends before. */
function shown(terminal: IPty, text: string): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    terminal.onExit(() => reject(new Error(`mediatap ended: ${output}`)));
    terminal.onData((part) => {
      output += part;
      if (output.includes(text)) resolve();
    });
  });
}

/** Packets that came and went on the interface, by the kernel's count: those that a capture can see. */
function passedBy(lab: NetworkLab): number {
  const folder = `/sys/class/net/${CLIENT_SIDE}/statistics`;
  const counts = lab.run('router', 'cat', `${folder}/rx_packets`, `${folder}/tx_packets`).trim().split('\n');
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

/** Sums of mediatap's figures by name. */
function readMetrics(lab: NetworkLab): Map<string, number> {
  const scrape = `fetch('http://127.0.0.1:${METRICS_PORT}/metrics').then((it) => it.text()).then(console.log)`;
  const sums = new Map<string, number>();
  for (const line of lab.run('router', process.execPath, '-e', scrape).split('\n')) {
    const [, name = '', value] = /^(mediatap_\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    if (value !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}

/** Resolves to how many packets were sent. */
async function send(lab: NetworkLab): Promise<number> {
  const senders = Number(options.senders);
  const perSecond = Math.ceil(Number(options.rate) / senders);
  const counts = Array.from({ length: senders }, async (_, i) => {
    const ports = String(FIRST_PORT + i * 2 * FLOWS);
    const args = [SENDER, SERVER, ports, String(FLOWS), String(perSecond), options.seconds];
    const child = lab.start('client', process.execPath, ...args);
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
    });
    await once(child, 'close');
    return Number(text);
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function measure(via: string): Promise<string> {
  const lab = NetworkLab.make();
  if (lab === null) throw new Error('network namespaces cannot be made here: run it as root');
  lab.run('router', 'ip', 'link', 'set', 'lo', 'up');
  lab.run('router', 'nft', 'add', 'rule', 'inet', 'lab', 'forward', 'udp', 'dport', '1-65535', 'drop');
  const live = ['live', '-i', CLIENT_SIDE, '--via', via, '--metrics', String(METRICS_PORT)];
  const command = ['netns', 'exec', lab.nameOf('router'), process.execPath, PROGRAM, ...live];
  const terminal = spawn(IP, command, { name: 'xterm-256color', cols: 160, rows: 50 });
  try {
    await shown(terminal, `${CLIENT_SIDE} (live, ${via})`);
    terminal.write(STREAMS_VIEW);
    const [before, seenBefore] = [passedBy(lab), readMetrics(lab)];
    const sent = await send(lab);
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const passed = passedBy(lab) - before;
    const figures = readMetrics(lab);
    const analysed = (figures.get('mediatap_packets_total') ?? 0) - (seenBefore.get('mediatap_packets_total') ?? 0);
    const told = figures.get('mediatap_dropped_packets_total');
    const rate = Math.round(sent / Number(options.seconds));
    return `| ${via} | ${rate} | ${passed} | ${analysed} | ${passed - analysed} | ${told ?? 'not told'} |`;
  } finally {
    terminal.kill('SIGTERM');
    lab.close();
  }
}

process.stdout.write(
  '| by | sent a second | passed (kernel) | analysed | lost | drops told |\n|---|---|---|---|---|---|\n',
);
for (const via of ['dumpcap', 'tcpdump', 'cap']) process.stdout.write(`${await measure(via)}\n`);
