/** The program `mediatap`: ties the command line to this process. */

import { readFileSync } from 'node:fs';
import { isatty, type ReadStream } from 'node:tty';
import type { AnalysisThreads } from '../analysis/analysis-threads.ts';
import { startAnalysis } from '../analysis/start-analysis.ts';
import { sideNames } from '../policy/side-names.ts';
import type { ScreenMemory } from '../tui/state.ts';
import { openKeyboard } from './keyboard.ts';
import { runCli } from './run-cli.ts';
import { changeState, readState, statePath, withMemory, withOpened } from './saved-state.ts';
import { createSaver } from './saver.ts';
import { startOffer, withInterfaces } from './start-command.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Of many captures that are looked at as one, the first are remembered. */
const MOST_REMEMBERED = 3;

const OUTPUTS = [process.stdout, process.stderr];

// Loaded only when it is shown: a report on a small capture is quicker without it.
const loadTui = () => import('../tui/run-tui.ts');

/** Resolves to the exit code. */
export async function runProgram(args: readonly string[], threads: AnalysisThreads): Promise<number> {
  const isPlain = args.includes('--plain') || process.env.MEDIATAP_PLAIN === '1';
  // Lines need nothing of a terminal.
  const canDraw = process.stdout.isTTY && (isPlain || process.env.TERM !== 'dumb');
  let keyboard: ReadStream | null = null;
  let tui: ReturnType<typeof loadTui> | null = null;
  const state = statePath(process.env, process.platform);
  const streams = (input: ReadStream) => ({ input, output: process.stdout, isPlain });
  heedReaders();
  const code = await runCli(args, {
    version,
    openTerminal: () => {
      keyboard = canDraw ? openKeyboard(args.includes('-')) : null;
      if (keyboard !== null) tui = loadTui();
      return keyboard !== null;
    },
    startAnalysis: (options) => startAnalysis(options, threads),
    runTui: async (analysis, { isTour = false, policy = null } = {}) => {
      if (keyboard === null || tui === null) return;
      const { runTui } = await tui;
      const files = analysis.snapshot.captures.map(({ file }) => file).slice(0, MOST_REMEMBERED);
      if (!isTour) changeState(state, (before) => withOpened(before, files, Date.now()));
      const saver = createSaver(analysis, { name: 'mediatap', version }, '.', sideNames(policy));
      const remember = (memory: ScreenMemory): void => changeState(state, (before) => withMemory(before, memory));
      const memory = readState(state);
      await runTui(analysis, { ...streams(keyboard), env: process.env, saver, isTour, memory, remember });
      keyboard.destroy();
    },
    chooseStart: async () => {
      if (keyboard === null) return null;
      const { runStart } = await import('../tui/start/run-start.ts');
      const offer = startOffer(state, '.');
      return runStart(offer, withInterfaces(offer), { ...streams(keyboard), env: process.env });
    },
    write: (text) =>
      new Promise((resolve) => {
        process.stdout.write(text, () => resolve());
      }),
    complain: (line) => process.stderr.write(`${line}\n`),
  });
  // At its own end Node.js gives terminals back, and breaks where one is gone.
  if (OUTPUTS.some(({ isTTY, fd }) => isTTY && !isatty(fd))) process.kill(process.pid, 'SIGHUP');
  return code;
}

/** A reader such as head that has seen enough is no failure. What goes on without an end ends in good order, as by a signal. */
function heedReaders(): void {
  for (const stream of OUTPUTS) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Where nobody listens to the signal, nothing has to be ended.
      if (error.code === 'EPIPE') return process.emit('SIGTERM') || process.exit(0);
      // A terminal that is gone has sent its own.
      if (error.code === 'EIO' && stream.isTTY) return;
      if (stream === process.stdout)
        process.stderr.write(`mediatap: standard output cannot be written: ${error.message}\n`);
      process.exit(2);
    });
  }
}
