/** What the commands that read captures have in common: start, wait, write, close, and the exit code. */

import { InvalidArgumentError, Option } from 'commander';
import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { nameOf } from '../capture/byte-input.ts';
import { CaptureError } from '../capture/frame-batch.ts';
import { isStream } from '../capture/open-input.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import type { Tool } from '../report/report-source.ts';
import { TICKET_LENGTH } from '../report/text-report.ts';
import { type FailCondition, meetsFailCondition, parseFailOn } from './fail-on.ts';
import { ENDING_SIGNALS, HeardSignals } from './heard-signals.ts';
import { type CliHost, EXIT, UsageError } from './host.ts';
import { isFileName, requireFitOutput, requireNoneOf, writeToFile } from './output-file.ts';

export interface CaptureOptions {
  readonly failOn?: readonly FailCondition[];
  /** Read on as more is written, until a signal ends it. */
  readonly follow?: boolean;
  readonly output?: string;
  /** The policy of the site. */
  readonly policy?: SitePolicy;
}

export function failOnOption(): Option {
  return new Option(
    '--fail-on <verdicts>',
    'exit with 1 on findings with these verdicts, such as blocked,refused or unexpected:confirmed',
  ).argParser(parseFailOn);
}

/** Known already when the command runs: it says how the terminal is opened. */
export function plainOption(): Option {
  return new Option('--plain', 'tell what changes as lines, for screen readers (also MEDIATAP_PLAIN=1)');
}

export function outputOption(): Option {
  return new Option('-o, --output <file>', 'write to a file instead of standard output');
}

/** Shorter than this holds no verdict with its proof. */
const LEAST_LIMIT = 500;

export function limitOption(): Option {
  return new Option('--limit <characters>', 'most characters of a text, 0 for no limit')
    .argParser(parseLimit)
    .default(TICKET_LENGTH);
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (text === '0') return Number.POSITIVE_INFINITY;
  if (!Number.isInteger(limit) || limit < LEAST_LIMIT) {
    throw new InvalidArgumentError(`It must be 0 or a whole number from ${LEAST_LIMIT} on.`);
  }
  return limit;
}

export function toolOf(host: CliHost): Tool {
  return { name: 'mediatap', version: host.version };
}

export function followOption(): Option {
  return new Option('--follow', 'read on as the last capture grows and is rotated; Ctrl+C ends it in good order');
}

/** Time for the end of a pipe, whose writer has got the same signal, to come by itself. */
const PIPE_PATIENCE_MS = 1000;

/**
 * Reads the captures to their end and writes what `write` makes of them; resolves to the exit code. Where `write` speaks of
 * a part alone, it lets `judge` know, since `--fail-on` then asks of that part.
 */
export async function runOnCaptures(
  host: CliHost,
  paths: readonly string[],
  options: CaptureOptions,
  write: (analysis: Analysis, snapshot: Snapshot, judge: (part: Snapshot) => void) => AsyncIterable<string>,
): Promise<number> {
  const { output, follow = false } = options;
  requireCaptures(paths);
  requireFitOutput(paths, output);
  const analysis = await host.startAnalysis({ paths, follow, isWatched: false, policy: options.policy ?? null });
  try {
    const snapshot = await finishedOrEnded(host, analysis, paths, follow);
    requireSomethingRead(snapshot);
    requireNoneOf(snapshot.captures, output);
    let judged = snapshot;
    const judge = (part: Snapshot): void => {
      judged = part;
    };
    await writeOut(host, output, write(analysis, snapshot, judge));
    return meetsFailCondition(judged, options.failOn ?? []) ? EXIT.found : EXIT.done;
  } finally {
    await analysis.close();
  }
}

/** What need not have an end of its own is ended by a signal, and what was read until then counts; a second one kills. */
async function finishedOrEnded(
  host: CliHost,
  analysis: Analysis,
  paths: readonly string[],
  isFollowed: boolean,
): Promise<Snapshot> {
  if (!isFollowed && !paths.some(isStream)) return analysis.finished;
  const signals = new HeardSignals(ENDING_SIGNALS);
  let timer: NodeJS.Timeout | undefined;
  signals.onSignal(() => {
    signals.release();
    timer = setTimeout(() => analysis.cancel(), isFollowed ? 0 : PIPE_PATIENCE_MS);
  });
  if (isFollowed) host.complain(`mediatap: following ${paths.map(nameOf).join(', ')}; Ctrl+C ends it`);
  try {
    return await analysis.finished;
  } finally {
    clearTimeout(timer);
    signals.release();
  }
}

/** To the file where one is named, else to standard output. */
export async function writeOut(
  host: CliHost,
  output: string | undefined,
  chunks: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  if (isFileName(output)) await writeToFile(output, chunks);
  else for await (const chunk of chunks) await host.write(chunk);
}

export function requireCaptures(paths: readonly string[]): void {
  if (paths.length === 0) throw new UsageError("name a capture file, or '-' for standard input; see mediatap --help");
}

/** A failure after some frames is told in the report; one before any is an error. */
function requireSomethingRead({ phase, failure, totals }: Snapshot): void {
  if (phase === 'failed' && totals.frames === 0) throw new CaptureError(failure ?? 'the capture could not be read');
}
