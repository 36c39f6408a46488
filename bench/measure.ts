/** Runs a command and tells what it cost: CPU, wall time and peak memory of the whole process tree. */

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Largest resident set of one process, in MB of 10^6 bytes. */
  readonly peakMegabytes: number;
}

const POLL_MS = 20;

/** Rejects when the command cannot be started or fails. CPU is the shell's own accounting of its child. */
export function measure(command: readonly string[]): Promise<Cost> {
  const script = 'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null 2>/dev/null';
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    let peak = 0;
    child.stderr.on('data', (part: Buffer) => {
      told += part.toString();
    });
    const poll = setInterval(() => {
      for (const pid of descendants(child.pid ?? 0)) peak = Math.max(peak, peakOf(pid));
    }, POLL_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(poll);
      const [user = 0, system = 0, wall = 0] = told.trim().split(/\s+/).map(Number);
      if (code !== 0) reject(new Error(`${command.join(' ')} ended with ${code}`));
      else resolve({ cpuSeconds: user + system, wallSeconds: wall, peakMegabytes: peak });
    });
  });
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const parent = Number(/^PPid:\s+(\d+)/m.exec(readStatus(entry))?.[1] ?? Number.NaN);
    if (Number.isNaN(parent)) continue;
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found: number[] = [];
  for (const queue = [...(children.get(pid) ?? [])]; queue.length > 0; ) {
    const next = queue.pop() ?? 0;
    found.push(next);
    queue.push(...(children.get(next) ?? []));
  }
  return found;
}

function peakOf(pid: number): number {
  return (Number(/^VmHWM:\s+(\d+) kB/m.exec(readStatus(String(pid)))?.[1] ?? 0) * 1024) / 1e6;
}

/** Empty for what is no process, or is gone already. */
function readStatus(pid: string): string {
  if (!/^\d+$/.test(pid)) return '';
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
