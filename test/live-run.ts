/** A live capture of the built program, and what it prints. */

import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

  /** `meanwhile` is done between two looks. */
  async see(what: string, isIt: (news: News) => boolean, meanwhile = async (): Promise<void> => {}): Promise<News> {
    try {
      await until(what, () => this.#hasEnded || this.news.some(isIt), meanwhile);
    } catch (error) {
      throw new Error(`${this.#heard()}`, { cause: error });
    }
    const found = this.news.find(isIt);
    if (found === undefined) throw new Error(`ended without ${what}: ${this.#heard()}`);
    return found;
  }

  /** Asks for summaries until one counts bytes of this protocol: what is only announced is listed with none. */
  async seeProtocol(label: string, leastBytes = 1, meanwhile = async (): Promise<void> => {}): Promise<void> {
    const hasIt = ({ totals }: News): boolean =>
      totals?.byProtocol.some(({ protocol, bytes }) => protocol === label && bytes >= leastBytes) === true;
    await this.see(label, hasIt, async () => {
      await meanwhile();
      this.signal('SIGUSR1');
    });
  }

  /** Connects until it is seen: a program that begins again misses what passes meanwhile, and a link that does may lose it. */
  async seeConnection(connect: () => Promise<unknown>): Promise<void> {
    await this.seeProtocol('RTSP', 1, async () => void (await connect()));
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

export async function until(
  what: string,
  isSo: () => boolean,
  meanwhile = async (): Promise<void> => {},
): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await meanwhile();
    await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
  }
}

export const isStarted = ({ event }: News): boolean => event === 'started';
