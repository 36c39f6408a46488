/**
 * `npm run bench`: mediatap and every peer that is installed, in turn on the same captures, several runs; prints medians
 * and ratios. Options: `--runs N` (3), `--only NAME`, `--capture big|small`.
 */

import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeCaptures } from './make-captures.ts';
import { type Cost, measure } from './measure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    capture: { type: 'string' },
  },
});

interface Tool {
  readonly name: string;
  /** Program that must be there. */
  readonly needs: string;
  readonly command: (capture: string) => readonly string[];
}

const TOOLS: readonly Tool[] = [
  {
    name: 'mediatap',
    needs: 'node',
    command: (capture) => ['node', join(root, 'dist/cli/main.js'), 'report', capture],
  },
  { name: 'capinfos -c', needs: 'capinfos', command: (capture) => ['capinfos', '-c', capture] },
  {
    name: 'nfpcapd',
    needs: 'nfpcapd',
    command: (capture) => ['bash', '-c', 'd=$(mktemp -d); nfpcapd -r "$1" -w "$d"; rm -rf "$d"', 'bash', capture],
  },
  { name: 'ndpiReader -q', needs: 'ndpiReader', command: (capture) => ['ndpiReader', '-q', '-i', capture] },
  { name: 'argus', needs: 'argus', command: (capture) => ['argus', '-r', capture, '-w', '/dev/null'] },
  {
    name: 'tshark conversations',
    needs: 'tshark',
    command: (capture) => ['tshark', '-q', '-z', 'conv,udp', '-z', 'conv,tcp', '-r', capture],
  },
  {
    name: 'pcap-parser, counting',
    needs: 'node',
    command: (capture) => ['node', join(root, 'bench/count-with-pcap-parser.mjs'), capture],
  },
];

function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const captures = makeCaptures(join(root, 'bench/.cache'));
const tools = TOOLS.filter(
  (tool) => isInstalled(tool.needs) && (options.only === undefined || tool.name === options.only),
);
const lines: string[] = [];
const print = (line: string): void => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};

print(
  `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}`,
);
for (const [name, capture] of Object.entries(captures)) {
  if (options.capture !== undefined && options.capture !== name) continue;
  const costs = new Map<string, Cost[]>(tools.map((tool) => [tool.name, []]));
  for (let run = 0; run < Number(options.runs); run++) {
    for (const tool of tools) costs.get(tool.name)?.push(await measure(tool.command(capture)));
  }
  print('');
  print(`| ${name} | CPU s | wall s | peak MB | CPU against mediatap |`);
  print('|---|---|---|---|---|');
  const own = median(costs.get('mediatap')?.map((cost) => cost.cpuSeconds) ?? []);
  for (const [tool, runs] of costs) {
    const cpu = median(runs.map((cost) => cost.cpuSeconds));
    const wall = median(runs.map((cost) => cost.wallSeconds));
    const peak = median(runs.map((cost) => cost.peakMegabytes));
    print(`| ${tool} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${peak.toFixed(0)} | ${(cpu / own).toFixed(1)}x |`);
  }
}
