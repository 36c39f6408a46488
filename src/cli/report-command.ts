/** `mediatap report`: a summary for a ticket, a pipeline or a program. */

import { readFileSync, statSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { whyNotRead } from '../format/system-error.ts';
import type { Disguise } from '../report/anonymous/disguise.ts';
import { type Baseline, BaselineError, readBaseline, sinceBaseline } from '../report/baseline.ts';
import { REPORT_FORMATS, type ReportFormat, writeReport } from '../report/formats.ts';
import { ANONYMIZE_HELP, type AnonymizeOptions, anonymizeOptions, disguiseOf } from './anonymize-options.ts';
import {
  type CaptureOptions,
  failOnOption,
  followOption,
  limitOption,
  outputOption,
  runOnCaptures,
  toolOf,
} from './capture-command.ts';
import { hashCaptures } from './hash-captures.ts';
import { notes } from './help-notes.ts';
import type { CliHost } from './host.ts';
import { policyOption } from './policy-file.ts';
import { reportOnScope, type ScopeOptions, scopeOptions } from './scope-options.ts';

interface ReportOptions extends CaptureOptions, AnonymizeOptions, ScopeOptions {
  readonly baseline?: Baseline;
  readonly format: ReportFormat;
  readonly limit: number;
  readonly quiet?: true;
}

const EXAMPLES = `
Examples:
  mediatap report trunk.pcapng                          text that fits a ticket
  mediatap report trunk.pcapng --format html -o report.html
  mediatap report a.pcap b.pcap --format markdown       several captures in one
  tcpdump -w - -c 100000 | mediatap report -            from standard input
  mediatap report trunk.pcapng --host 10.1.2.3 --since 10:02
  mediatap report today.pcap --baseline yesterday.json --fail-on blocked
  mediatap report site.pcap --fail-on blocked,refused --quiet && echo fine
  mediatap report site.pcap --anonymize --key secret.key
  mediatap report site.pcap --format json | jq '.findings[].title'`;

export function addReportCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  const command = program
    .command('report')
    .description('write a summary: verdict, findings with their evidence, what to do next')
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(new Option('-f, --format <format>', 'form of the report').choices(REPORT_FORMATS).default('text'))
    .addOption(limitOption())
    .addOption(
      new Option('--baseline <report>', 'only what is new, worse or gone since this report in JSON').argParser(
        loadBaseline,
      ),
    )
    .addOption(new Option('-q, --quiet', 'write nothing, for the exit code alone').conflicts('output'))
    .addOption(followOption())
    .addOption(outputOption())
    .addOption(policyOption())
    .addOption(failOnOption())
    .addHelpText('after', notes(EXAMPLES + ANONYMIZE_HELP))
    .action(async (captures: string[], options: ReportOptions) => {
      const disguise = options.quiet === true ? null : disguiseOf(host, options);
      finish(await runOnCaptures(host, captures, options, (...made) => writeIt(host, options, disguise, ...made)));
    });
  for (const option of [...scopeOptions(), ...anonymizeOptions()]) command.addOption(option);
}

async function* writeIt(
  host: CliHost,
  options: ReportOptions,
  disguise: Disguise | null,
  analysis: Analysis,
  snapshot: Snapshot,
  judge: (part: Snapshot) => void,
): AsyncGenerator<string> {
  const isQuiet = options.quiet === true;
  const hashed = isQuiet ? snapshot : await hashCaptures(snapshot);
  const whole = await reportOnScope(analysis, hashed, toolOf(host), options);
  const source = options.baseline === undefined ? whole : sinceBaseline(whole, options.baseline);
  judge(source.snapshot);
  if (!isQuiet) yield* writeReport(disguise?.source(source) ?? source, options.format, options.limit);
}

/** More than the report on a hundred thousand flows. */
const MOST_BASELINE_BYTES = 256e6;

/** Throws for commander. */
function loadBaseline(path: string): Baseline {
  try {
    if (statSync(path).size > MOST_BASELINE_BYTES) throw new BaselineError('it is too large for a report');
    return readBaseline(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read: ${whyNotRead(error)}.`);
  }
}
