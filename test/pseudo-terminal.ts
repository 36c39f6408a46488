/** The program in a terminal of its own, and what a person would see of it. */

import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';

export const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const PATIENCE_MS = 20_000;
const GLANCE_MS = 20;

/** Nothing is remembered from one run to the next. */
const QUIET = {
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  LANG: 'C.UTF-8',
  XDG_STATE_HOME: '/dev/null',
};

export interface Ending {
  readonly exitCode: number;
  readonly signal: number | undefined;
}

export class PseudoTerminal {
  readonly ended: Promise<Ending>;
  /** Everything that was written, with its control sequences. */
  output = '';
  readonly #pty: IPty;
  readonly #screen: Terminal;

  constructor(
    file: string,
    args: readonly string[],
    columns = 80,
    rows = 24,
    env: Record<string, string> = {},
    cwd = process.cwd(),
  ) {
    this.#screen = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 200 });
    this.#pty = spawn(file, [...args], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd,
      env: { ...QUIET, ...env },
    });
    this.#pty.onData((text) => {
      this.output += text;
      this.#screen.write(text);
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => resolve({ exitCode, signal }));
    });
  }

  /** mediatap itself. */
  static run(args: readonly string[], columns?: number, rows?: number, env?: Record<string, string>): PseudoTerminal {
    return new PseudoTerminal(process.execPath, [PROGRAM, ...args], columns, rows, env);
  }

  /** Of the program in it. */
  get pid(): number {
    return this.#pty.pid;
  }

  press(keys: string): void {
    this.#pty.write(keys);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  /** As when its window is closed. */
  hangUp(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** The rows on screen, without the blanks at their ends. */
  get rows(): string[] {
    const { active } = this.#screen.buffer;
    const rows = Array.from({ length: this.#screen.rows }, (_, row) => active.getLine(active.baseY + row));
    return rows.map((row) => row?.translateToString(true) ?? '');
  }

  get text(): string {
    return this.rows.join('\n');
  }

  /** True once the screen, the keyboard's mouse and the wrapping are as a shell expects them. */
  get isGivenBack(): boolean {
    const { mouseTrackingMode, wraparoundMode } = this.#screen.modes;
    const isCursorShown = this.output.lastIndexOf('\x1b[?25h') > this.output.lastIndexOf('\x1b[?25l');
    return this.isNormalScreen && mouseTrackingMode === 'none' && wraparoundMode && isCursorShown;
  }

  get isNormalScreen(): boolean {
    return this.#screen.buffer.active.type === 'normal';
  }

  /** Waits until the screen is as wanted; fails with what is there instead. */
  async see(wanted: string | RegExp | (() => boolean)): Promise<void> {
    const isSeen = () => {
      if (typeof wanted === 'function') return wanted();
      return typeof wanted === 'string' ? this.text.includes(wanted) : wanted.test(this.text);
    };
    const until = Date.now() + PATIENCE_MS;
    while (!isSeen()) {
      if (Date.now() > until) throw new Error(`never saw ${String(wanted)}; on screen is\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    }
  }

  /** Ends what still runs. */
  close(): void {
    try {
      this.#pty.kill('SIGKILL');
    } catch {
      // It had ended already.
    }
    this.#screen.dispose();
  }
}
