#!/usr/bin/env node
/** Entry of the program `mediatap`: begins the thread for which a screen would wait, and loads all else beside it. */

import { AnalysisThreads } from '../analysis/analysis-threads.ts';

/** A file of its own in `dist`, see `scripts/build.mjs`. */
const WORKER = new URL('../analysis/analysis-worker.js', import.meta.url);

/** A first word like these is a command; of commands, few show a screen. */
const COMMAND = /^[a-z]+$/;
const SHOWN = ['demo', 'live'];
const ABOUT_ITSELF = ['-h', '--help', '-V', '--version'];

function isForScreen(args: readonly string[]): boolean {
  if (!process.stdout.isTTY || args.some((arg) => ABOUT_ITSELF.includes(arg))) return false;
  const [first = ''] = args;
  return SHOWN.includes(first) || !COMMAND.test(first);
}

const args = process.argv.slice(2);
const threads = new AnalysisThreads(WORKER);
if (isForScreen(args)) threads.prepare();
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(args, threads);
