/** `mediatap live`: the same on interfaces, in the terminal or, without a screen, as news line by line. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Analysis } from '../analysis/snapshot.ts';
import { CAPTURE_PROGRAMS, type CaptureProgram, type LiveOptions } from '../capture/live/live-options.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import { failOnOption } from './capture-command.ts';
import { EndingSignals } from './ending-signals.ts';
import { type FailCondition, meetsFailCondition } from './fail-on.ts';
import { type CliHost, EXIT, UsageError } from './host.ts';
import { LIVE_FORMATS, type LiveFormat, LiveNews } from './live-news.ts';
import { policyOption } from './policy-file.ts';

interface LiveCommandOptions {
  readonly interface?: readonly string[];
  readonly filter?: string;
  readonly snapLength: number;
  readonly buffer: number;
  readonly promiscuous: boolean;
  readonly via?: CaptureProgram;
  readonly write?: string;
  readonly duration?: number;
  readonly count?: number;
  readonly headless?: true;
  readonly format: LiveFormat;
  readonly policy?: SitePolicy;
  readonly failOn?: readonly FailCondition[];
}

const EXAMPLES = `
Examples:
  mediatap live -i eth1                          look at a span port in the terminal
  mediatap live -i eth1 -i eth2 --filter 'not port 22'
  mediatap live -i eth1 --write room.pcapng      keep what was seen
  mediatap live -i eth1 --headless               findings as they arise and pass
  mediatap live -i eth1 --headless --format jsonl --duration 10m --fail-on blocked

Without a screen, SIGINT and SIGTERM end it with a summary; SIGUSR1 prints one in between.
Frames are captured by dumpcap, else by tcpdump: only they need privileges (see mediatap interfaces). Where neither is,
npm's cap serves, which counts no losses.`;

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** The longest that a timer takes. */
const MOST_SECONDS = 2_147_483;
const MOST_SNAP_LENGTH = 262_144;
const MOST_BUFFER = 2000;
const DEFAULT_BUFFER = 64;

export function addLiveCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('live')
    .description('the same on live traffic')
    .addOption(
      new Option('-i, --interface <name>', 'capture here; may be given several times').argParser(
        (name: string, names?: readonly string[]) => [...(names ?? []), name],
      ),
    )
    .option('--filter <expression>', "only what this filter takes, in tcpdump's language")
    .addOption(numberOption('--snap-length <bytes>', 'most bytes kept of a frame, 0 for all', MOST_SNAP_LENGTH, 0))
    .addOption(numberOption('--buffer <mebibytes>', "the kernel's buffer", MOST_BUFFER, DEFAULT_BUFFER))
    .option('--no-promiscuous', 'only what is addressed to this machine')
    .addOption(new Option('--via <program>', 'capture with this program').choices(CAPTURE_PROGRAMS))
    .option('--write <file>', 'save what is captured, as pcapng')
    .addOption(new Option('--duration <time>', 'end after this time, such as 90, 15m, 2h').argParser(parseDuration))
    .addOption(numberOption('--count <frames>', 'end after so many frames', Number.MAX_SAFE_INTEGER))
    .option('--headless', 'print findings as they arise and pass, without a screen')
    .addOption(new Option('-f, --format <format>', 'form of the news').choices(LIVE_FORMATS).default('text'))
    .addOption(policyOption())
    .addOption(failOnOption())
    .addHelpText('after', EXAMPLES)
    .action(async (options: LiveCommandOptions) => finish(await runLive(host, options)));
}

async function runLive(host: CliHost, options: LiveCommandOptions): Promise<number> {
  const live = liveOptions(options);
  const isShown = options.headless !== true && host.openTerminal();
  const signals = new EndingSignals();
  const analysis = await host.startAnalysis({ paths: [], live, isWatched: true, policy: options.policy ?? null });
  const end = (): void => analysis.cancel();
  signals.onSignal(end);
  const { duration } = options;
  const timer = duration === undefined ? undefined : setTimeout(end, duration * 1000);
  try {
    if (isShown) await host.runTui(analysis);
    else await tell(host, analysis, options.format);
  } finally {
    clearTimeout(timer);
    await analysis.close();
    signals.release();
  }
  const { phase, failure } = analysis.snapshot;
  if (phase === 'failed') throw new Error(failure ?? 'the capture ended early');
  return meetsFailCondition(analysis.snapshot, options.failOn ?? []) ? EXIT.found : EXIT.done;
}

async function tell(host: CliHost, analysis: Analysis, format: LiveFormat): Promise<void> {
  const news = new LiveNews(host, analysis, format);
  const summarize = (): void => news.summarize();
  process.on('SIGUSR1', summarize);
  try {
    await analysis.finished;
    await news.end();
  } finally {
    process.off('SIGUSR1', summarize);
  }
}

function liveOptions(options: LiveCommandOptions): LiveOptions {
  const interfaces = options.interface ?? [];
  if (interfaces.length === 0)
    throw new UsageError('name an interface with -i; mediatap interfaces lists those of this machine');
  return {
    interfaces: [...new Set(interfaces)],
    filter: options.filter ?? null,
    snapLength: options.snapLength,
    bufferMebibytes: options.buffer,
    isPromiscuous: options.promiscuous,
    via: options.via ?? null,
    writePath: options.write ?? null,
    mostFrames: options.count ?? null,
  };
}

function numberOption(flags: string, description: string, most: number, usual?: number): Option {
  const least = usual === 0 ? 0 : 1;
  const option = new Option(flags, description).argParser((text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  });
  return usual === undefined ? option : option.default(usual);
}

/** Seconds. */
function parseDuration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const seconds = amount === '' ? Number.NaN : Number(amount) * (SECONDS_OF_UNIT[unit] ?? 1);
  if (!(seconds >= 1 && seconds <= MOST_SECONDS))
    throw new InvalidArgumentError('It must be a time from 1s to 24d, such as 90, 15m or 2h.');
  return seconds;
}
