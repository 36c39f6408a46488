/** `mediatap flows`: one flow per line. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { compileQuery } from '../query/compile-query.ts';
import { QUERY_FIELDS } from '../query/query-fields.ts';
import { FLOW_LIST_FORMATS, type FlowListFormat, writeFlowList } from '../report/flow-list.ts';
import { reportOnCapture } from '../report/report-source.ts';
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

interface FlowsOptions extends CaptureOptions {
  readonly format: FlowListFormat;
  readonly where: string;
}

const EXAMPLES = `
Examples:
  mediatap flows trunk.pcapng
  mediatap flows trunk.pcapng --where 'blocked | refused'
  mediatap flows trunk.pcapng --where 'proto:rtsp host:10.1/16 !ok'
  mediatap flows trunk.pcapng --format jsonl --where 'loss>1%' | jq .id
  mediatap flows trunk.pcapng --format csv -o flows.csv

Expressions: words match anything; terms side by side must all match; '|' or 'or' allows either; '!' or '-' turns a term
round; parentheses group; quotes keep spaces. Fields:
${fieldLines()}`;

export function addFlowsCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('flows')
    .description('list flows, one per line')
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(FLOW_LIST_FORMATS).default('table'))
    .addOption(
      new Option('-w, --where <expression>', 'only flows that match').argParser(parseWhere).default('', 'all flows'),
    )
    .addOption(followOption())
    .addOption(outputOption())
    .addOption(policyOption())
    .addOption(failOnOption())
    .addHelpText('after', notes(EXAMPLES))
    .action(async (captures: string[], options: FlowsOptions) => {
      const { format, where } = options;
      finish(
        await runOnCaptures(host, captures, options, (analysis, snapshot) =>
          writeFlowList(reportOnCapture(analysis, snapshot, toolOf(host), where), format),
        ),
      );
    });
}

/** Throws for commander, with the place of the mistake. */
export function parseWhere(text: string): string {
  const query = compileQuery(text);
  if (!query.ok) throw new InvalidArgumentError(`At character ${query.position + 1}: ${query.error}.`);
  return text;
}

function fieldLines(): string {
  const width = Math.max(...QUERY_FIELDS.map(({ example }) => example.length));
  return QUERY_FIELDS.map(({ example, meaning }) => `  ${example.padEnd(width)}  ${meaning}`).join('\n');
}
