/** `mediatap live`: the same on interfaces, in the terminal or, without a screen, as news line by line. */

import type { Command } from 'commander';
import type { Analysis } from '../analysis/snapshot.ts';
import { meetsFailCondition } from './fail-on.ts';
import { ENDING_SIGNALS, HeardSignals, SUMMARY_SIGNALS } from './heard-signals.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT } from './host.ts';
import { addLiveOptions, type LiveArguments, liveOptions } from './live-arguments.ts';
import { LiveEvidence } from './live-evidence.ts';
import { LiveNews } from './live-news.ts';
import { MetricsServer } from './metrics-server.ts';
import { requireFileName, requireFitOutput } from './output-file.ts';

const EXAMPLES = `
Examples:
  mediatap live -i eth1                          a span port in the terminal
  mediatap live -i eth1 -i eth2 --filter 'not port 22'
  mediatap live -i eth1 --write room.pcapng      keep what was seen
  mediatap live -i eth1 --write room.pcapng --ring 100M,20
  mediatap live -i eth1 --headless               findings as they arise and pass
  mediatap live -i eth1 --headless --evidence proofs
  mediatap live -i eth1 --headless --metrics 9464
  mediatap live -i eth1 --headless --format jsonl --duration 10m --fail-on blocked

Without a screen, SIGINT and SIGTERM end it with a summary; SIGUSR1 prints one in between. --fail-on asks of the findings
that stand at the end.

Frames are captured by dumpcap, else by tcpdump: only they need privileges (see mediatap interfaces). Where neither is,
npm's cap serves. Of frames that the kernel dropped tcpdump tells each second, dumpcap at its end, cap never.

Evidence is picked out of the files that are saved (the latest GiB), else out of the latest frames in memory, where of
frames longer than 1000 bytes only the beginning is held.`;

export function addLiveCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  addLiveOptions(program.command('live').description('judge live traffic: in the terminal, or as news line by line'))
    .addHelpText('after', notes(EXAMPLES))
    .action(async (given: LiveArguments) => finish(await runLive(host, given)));
}

async function runLive(host: CliHost, given: LiveArguments): Promise<number> {
  const live = liveOptions(given);
  requireFileName(given.write);
  requireFitOutput([], given.write);
  const isShown = given.headless !== true && host.openTerminal();
  const endings = new HeardSignals(ENDING_SIGNALS);
  const summaries = new HeardSignals(SUMMARY_SIGNALS);
  const analysis = await host.startAnalysis({ paths: [], live, isWatched: true, policy: given.policy ?? null });
  const end = (): void => analysis.cancel();
  endings.onSignal(end);
  let metrics: MetricsServer | null = null;
  const timer = given.duration === undefined ? undefined : setTimeout(end, given.duration * 1000);
  try {
    if (given.metrics !== undefined) metrics = await MetricsServer.start(analysis, given.metrics);
    if (isShown) await show(host, analysis, given);
    else await tell(host, analysis, summaries, given);
  } finally {
    clearTimeout(timer);
    metrics?.close();
    await analysis.close();
    endings.release();
    summaries.release();
  }
  const { phase, failure } = analysis.snapshot;
  if (phase === 'failed') throw new Error(failure ?? 'the capture ended early');
  return meetsFailCondition(analysis.snapshot, given.failOn ?? []) ? EXIT.found : EXIT.done;
}

/** What was saved meanwhile is told when the screen is gone. */
async function show(host: CliHost, analysis: Analysis, { evidence: folder, policy }: LiveArguments): Promise<void> {
  const lines: string[] = [];
  const evidence = folder === undefined ? null : new LiveEvidence(host, analysis, folder, (words) => lines.push(words));
  await host.runTui(analysis, { policy: policy ?? null });
  await evidence?.end();
  for (const line of lines) host.complain(`mediatap: ${line}`);
}

async function tell(
  host: CliHost,
  analysis: Analysis,
  summaries: HeardSignals,
  { format, evidence: folder }: LiveArguments,
): Promise<void> {
  const news = new LiveNews(host, analysis, format);
  const evidence =
    folder === undefined ? null : new LiveEvidence(host, analysis, folder, (words, row) => news.note(words, row));
  summaries.onSignal(() => news.summarize());
  await analysis.finished;
  await evidence?.end();
  await news.end();
}
