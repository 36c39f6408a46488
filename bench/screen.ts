/**
 * `npm run bench:screen`: how quick the terminal UI is on the large capture, measured from outside, in a real terminal: the
 * first rows, keys while the capture is still being read, scrolling, sorting and filtering when it has been read, and what
 * an idle live capture costs.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import { makeCaptures } from './make-captures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = join(root, 'dist/cli/main.js');
const STARTS = 20;
/** The capture is read so often while keys are pressed, with this pause between two. */
const READINGS = 4;
const KEY_PAUSE_MS = 70;
const MOST_KEYS = 500;
/** By an address, by words and by fields. */
const FILTERS = ['host:10.1', '10.1.2', 'rtsp verdict:blocked', '!background port:554'];
/** Nothing more comes when so long nothing came. */
const QUIET_MS = 150;
const IDLE_SECONDS = 10;
/** In which the last program gives its memory back: that takes a core, and is no part of the next one's start. */
const RELEASE_MS = 200;
const PATIENCE_MS = 60_000;
/** `getconf CLK_TCK` wherever Linux runs. */
const TICKS_PER_SECOND = 100;

/** The row of tabs changes with the view and with nothing else; the next one tells how far the capture is read. */
const TABS_CHANGED = '\x1b[2;1H';
const PROGRESS_CHANGED = '\x1b[3;1H';
const ROW_OF_A_FLOW =
  /(✓ ok|✗ blocked|⊘ refused|\? undetermined|· background|! unexpected) +\S+ .*\d+\.\d+\.\d+\.\d+:\d+/;

class Screen {
  readonly #pty: IPty;
  readonly #startedAt = performance.now();
  #output = '';
  #heardAt = 0;
  #isReading = false;

  constructor(args: readonly string[]) {
    this.#pty = spawn(process.execPath, [PROGRAM, ...args], {
      name: 'xterm-256color',
      cols: 120,
      rows: 40,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: 'C.UTF-8', XDG_STATE_HOME: '/dev/null' },
    });
    this.#pty.onData((text) => {
      this.#output += text;
      this.#heardAt = performance.now();
      const progressAt = text.lastIndexOf(PROGRESS_CHANGED);
      if (progressAt >= 0) this.#isReading = text.includes('Reading ', progressAt);
    });
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  /** Milliseconds since the program was started until the output matched. */
  async untilSeen(wanted: RegExp): Promise<number> {
    await this.#until(() => wanted.test(stripVTControlCharacters(this.#output)));
    return this.#heardAt - this.#startedAt;
  }

  /** Milliseconds until `wanted` comes after the keys; without it, until all that they caused has come. */
  async press(keys: string, wanted: string | null = null): Promise<number> {
    this.#output = '';
    const pressedAt = performance.now();
    this.#heardAt = pressedAt;
    this.#pty.write(keys);
    await this.#until(() =>
      wanted === null
        ? this.#output !== '' && performance.now() - this.#heardAt > QUIET_MS
        : this.#output.includes(wanted),
    );
    return this.#heardAt - pressedAt;
  }

  /** While a capture is read, its progress is told several times a second. */
  async untilRead(): Promise<void> {
    await this.#until(() => performance.now() - this.#heardAt > 2000);
  }

  /** Seconds of CPU that the program has used, its threads included (proc(5)). */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#pty.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Gone when the next one is measured; `SIGTERM` where it has started something that must end with it. */
  close(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
    this.#pty.kill(signal);
  }

  async #until(isTrue: () => boolean): Promise<void> {
    const endsAt = performance.now() + PATIENCE_MS;
    while (!isTrue()) {
      if (performance.now() > endsAt) throw new Error(`waited in vain; the last output is ${this.#output.slice(-300)}`);
      await delay(1);
    }
  }
}

function tell(what: string, values: readonly number[], goal: string): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0);
  process.stdout.write(
    `${what.padEnd(34)} median ${at(0.5).padStart(4)} ms  p95 ${at(0.95).padStart(4)} ms  (${sorted.length} times; goal ${goal})\n`,
  );
}

async function measureStart(capture: string): Promise<void> {
  const [screens, rows]: [number[], number[]] = [[], []];
  for (let run = 0; run < STARTS; run++) {
    const screen = new Screen([capture]);
    screens.push(await screen.untilSeen(/1 Findings/));
    void screen.press('2').catch(() => {});
    rows.push(await screen.untilSeen(ROW_OF_A_FLOW));
    screen.close();
    await delay(RELEASE_MS);
  }
  tell('start to the first screen', screens, '300');
  tell('start to the first rows of flows', rows, '300');
}

async function measureKeys(capture: string): Promise<void> {
  const times: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    const screen = new Screen([capture]);
    await screen.untilSeen(/1 Findings/);
    for (let key = 0; key < MOST_KEYS; key++) {
      const time = await screen.press(String(1 + ((key + 1) % 7)), TABS_CHANGED);
      if (!screen.isReading) break;
      times.push(time);
      await delay(KEY_PAUSE_MS);
    }
    screen.close();
  }
  tell('a key while the capture is read', times, '50');
}

async function measureLists(capture: string): Promise<void> {
  const screen = new Screen([capture]);
  await screen.untilSeen(/1 Findings/);
  await screen.untilRead();
  await screen.press('2');
  const times = async (keys: readonly string[]): Promise<number[]> => {
    const all: number[] = [];
    for (const key of keys) all.push(await screen.press(key));
    return all;
  };
  const pages = Array.from({ length: 24 }, (_, index) => ['\x1b[6~', 'j', 'G', 'g'][index % 4] ?? 'j');
  tell('scrolling 92,000 flows', await times(pages), '100');
  tell('sorting them', await times(Array.from({ length: 18 }, () => 's')), '100');
  const typed: number[] = [];
  for (const filter of FILTERS) {
    await screen.press('/');
    typed.push(...(await times([...filter])));
    await screen.press('\x1b');
  }
  tell('filtering them, by the character', typed, '100');
  screen.close();
}

async function measureIdle(args: readonly string[]): Promise<void> {
  const screen = new Screen(args);
  await screen.untilSeen(/Capturing/);
  await delay(2000);
  const before = screen.cpuSeconds;
  await delay(1000 * IDLE_SECONDS);
  const share = (100 * (screen.cpuSeconds - before)) / IDLE_SECONDS;
  process.stdout.write(`${'idle live capture'.padEnd(34)} ${share.toFixed(1)} % of a core (goal 20)\n`);
  screen.close('SIGTERM');
}

const { big } = makeCaptures(join(root, 'bench/.cache'));
await measureStart(big);
await measureKeys(big);
await measureLists(big);
await measureIdle(['live', '-i', process.argv[2] ?? 'lo']);
