/** `mediatap report`: a summary for a ticket, a pipeline or a program. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { REPORT_FORMATS, type ReportFormat, writeReport } from '../report/formats.ts';
import { type ReportSource, reportOnCapture, reportOnFindings } from '../report/report-source.ts';
import { TICKET_LENGTH } from '../report/text-report.ts';
import {
  ANONYMIZE_HELP,
  type AnonymizeOptions,
  anonymizeOption,
  disguiseOf,
  keepOption,
  keyOption,
} from './anonymize-options.ts';
import {
  type CaptureOptions,
  failOnOption,
  followOption,
  outputOption,
  runOnCaptures,
  toolOf,
} from './capture-command.ts';
import { hashCaptures } from './hash-captures.ts';
import type { CliHost } from './host.ts';
import { policyOption } from './policy-file.ts';

interface ReportOptions extends CaptureOptions, AnonymizeOptions {
  readonly format: ReportFormat;
  readonly finding?: string;
  readonly limit: number;
  readonly quiet?: true;
}

const EXAMPLES = `
Examples:
  mediatap report trunk.pcapng                          text, short enough for a ticket
  mediatap report trunk.pcapng --format html -o report.html
  mediatap report a.pcap b.pcap --format markdown       several captures in one report
  tcpdump -w - -c 100000 | mediatap report -            from standard input
  mediatap report site.pcap --fail-on blocked,refused --quiet && echo fine
  mediatap report site.pcap --format json | jq '.findings[].title'`;

export function addReportCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('report')
    .description('write a summary: verdict, findings with their evidence, what to do next')
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(new Option('-f, --format <format>', 'form of the report').choices(REPORT_FORMATS).default('text'))
    .option('--finding <id>', 'report on this finding alone; the beginning of its id is enough')
    .addOption(
      new Option('--limit <characters>', 'most characters of a text report, 0 for no limit')
        .argParser(parseLimit)
        .default(TICKET_LENGTH),
    )
    .option('-q, --quiet', 'write nothing, for the exit code alone')
    .addOption(followOption())
    .addOption(outputOption())
    .addOption(anonymizeOption())
    .addOption(keyOption())
    .addOption(keepOption())
    .addOption(policyOption())
    .addOption(failOnOption())
    .addHelpText('after', EXAMPLES + ANONYMIZE_HELP)
    .action(async (captures: string[], options: ReportOptions) => {
      finish(await runOnCaptures(host, captures, options, (...made) => writeIt(host, options, ...made)));
    });
}

async function* writeIt(
  host: CliHost,
  { format, finding, limit, quiet, ...anonymity }: ReportOptions,
  analysis: Analysis,
  snapshot: Snapshot,
): AsyncGenerator<string> {
  const tool = toolOf(host);
  const hashed = quiet === true ? snapshot : await hashCaptures(snapshot);
  const source: ReportSource =
    finding === undefined
      ? reportOnCapture(analysis, hashed, tool)
      : reportOnFindings(analysis, hashed, tool, [finding]);
  if (quiet === true) return;
  const disguise = disguiseOf(host, anonymity);
  yield* writeReport(disguise === null ? source : disguise.source(source), format, limit);
}

/** Shorter than this holds no verdict with its proof. */
const LEAST_LIMIT = 500;

function parseLimit(text: string): number {
  const limit = Number(text);
  if (text === '0') return Number.POSITIVE_INFINITY;
  if (!Number.isInteger(limit) || limit < LEAST_LIMIT) {
    throw new InvalidArgumentError(`It must be 0 or a whole number from ${LEAST_LIMIT} on.`);
  }
  return limit;
}
