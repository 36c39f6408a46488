/** What the commands share that print one line for each thing that flows carry: form, filter, and how captures are judged. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { compileQuery } from '../query/compile-query.ts';
import { FLOW_LIST_FORMATS, type FlowListFormat } from '../report/flow-list.ts';
import { type ReportSource, reportOnCapture } from '../report/report-source.ts';
import { ANONYMIZE_HELP, type AnonymizeOptions, anonymizeOptions, disguiseOf } from './anonymize-options.ts';
import {
  type CaptureOptions,
  failOnOption,
  followOption,
  outputOption,
  runOnCaptures,
  toolOf,
} from './capture-command.ts';
import { notes } from './help-notes.ts';
import type { CliHost } from './host.ts';
import { policyOption } from './policy-file.ts';

interface ListOptions extends CaptureOptions, AnonymizeOptions {
  readonly format: FlowListFormat;
  readonly where: string;
}

export interface ListCommand {
  readonly name: string;
  readonly description: string;
  /** What `--where` leaves. */
  readonly whereDescription: string;
  readonly examples: string;
  readonly write: (source: ReportSource, format: FlowListFormat) => AsyncGenerator<string>;
}

export function addListCommand(
  program: Command,
  host: CliHost,
  finish: (code: number) => void,
  { name, description, whereDescription, examples, write }: ListCommand,
): void {
  const command = program
    .command(name)
    .description(description)
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(FLOW_LIST_FORMATS).default('table'))
    .addOption(new Option('-w, --where <expression>', whereDescription).argParser(parseWhere).default('', 'all flows'))
    .addOption(followOption())
    .addOption(outputOption())
    .addOption(policyOption())
    .addOption(failOnOption())
    .addHelpText('after', notes(examples + ANONYMIZE_HELP))
    .action(async (captures: string[], options: ListOptions) => {
      const { format, where } = options;
      const disguise = disguiseOf(host, options);
      finish(
        await runOnCaptures(host, captures, options, (analysis, snapshot) => {
          const source = reportOnCapture(analysis, snapshot, toolOf(host), where);
          return write(disguise?.source(source) ?? source, format);
        }),
      );
    });
  for (const option of anonymizeOptions()) command.addOption(option);
}

/** Throws for commander, with the place of the mistake. */
export function parseWhere(text: string): string {
  const query = compileQuery(text);
  if (!query.ok) throw new InvalidArgumentError(`At character ${query.position + 1}: ${query.error}.`);
  return text;
}
