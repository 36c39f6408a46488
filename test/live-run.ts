/** A live capture of the built program, and what it prints. */

import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { NetworkLab } from './network-lab.ts';
import { PROGRAM } from './pseudo-terminal.ts';

const PATIENCE_MS = 40_000;
const GLANCE_MS = 100;

/** cap is an optional package, which npm leaves out where it cannot be built. */
const isCapBuilt = existsSync(fileURLToPath(new URL('../node_modules/cap/build/Release/cap.node', import.meta.url)));
/** What captures, of what is installed here. */
export const VIAS = ['dumpcap', 'tcpdump', ...(isCapBuilt ? ['cap'] : [])];

export interface News {
  readonly event: string;
  readonly state?: string;
  readonly text?: string;
  readonly path?: string;
  readonly frames?: number;
  readonly missing?: number;
  readonly finding?: { readonly code: string; readonly verdict: string; readonly title: string };
  readonly captures?: readonly { readonly frames: number; readonly dropped: number | null }[];
  readonly quality?: readonly { readonly code: string }[];
  readonly totals?: { readonly byProtocol: readonly { readonly protocol: string; readonly bytes: number }[] };
}

/** A live capture that prints its news as JSON lines. */
export class LiveRun {
  readonly news: News[] = [];
  readonly ended: Promise<number | null>;
  complaints = '';
  readonly #child: ChildProcess;
  #line = '';
  #hasEnded = false;

  /** `on`: an interface of the router. */
  constructor(lab: NetworkLab, on: string, ...args: readonly string[]) {
    const command = [PROGRAM, 'live', '-i', on, '--headless', '--format', 'jsonl', ...args];
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
    try {
      await until(what, () => this.#hasEnded || this.news.some(isIt));
    } catch (error) {
      throw new Error(`${this.#heard()}`, { cause: error });
    }
    const found = this.news.find(isIt);
    if (found === undefined) throw new Error(`ended without ${what}: ${this.#heard()}`);
    return found;
  }

  /** Asks for summaries until one counts bytes of this protocol: what is only announced is listed with none. */
  async seeProtocol(label: string, leastBytes = 1): Promise<void> {
    const hasIt = ({ totals }: News): boolean =>
      totals?.byProtocol.some(({ protocol, bytes }) => protocol === label && bytes >= leastBytes) === true;
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

  #heard(): string {
    return `${JSON.stringify(this.news)} ${this.complaints}`;
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

export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
  }
}

export const isStarted = ({ event }: News): boolean => event === 'started';
