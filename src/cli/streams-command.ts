/** `mediatap streams`: one media stream per line, with its quality. */

import { type Command, Option } from 'commander';
import { FLOW_LIST_FORMATS, type FlowListFormat } from '../report/flow-list.ts';
import { reportOnCapture } from '../report/report-source.ts';
import { writeStreamList } from '../report/stream-list.ts';
import {
  type CaptureOptions,
  failOnOption,
  followOption,
  outputOption,
  runOnCaptures,
  toolOf,
} from './capture-command.ts';
import { parseWhere } from './flows-command.ts';
import { notes } from './help-notes.ts';
import type { CliHost } from './host.ts';

interface StreamsOptions extends CaptureOptions {
  readonly format: FlowListFormat;
  readonly where: string;
}

const EXAMPLES = `
Examples:
  mediatap streams trunk.pcapng
  mediatap streams trunk.pcapng --where 'loss>1%'
  mediatap streams trunk.pcapng --where 'host:239.1.2.3' --format jsonl | jq .maxJitterMs
  mediatap streams trunk.pcapng --format csv -o streams.csv

Loss, delta and jitter are measured as Wireshark's list of RTP streams measures them; late packets and copies made on the
way are told apart, copies made by the span are not counted. '~' marks a clock that was estimated. Expressions are those
of mediatap flows, and select the flows that carry the streams.`;

export function addStreamsCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('streams')
    .description('list media streams with their quality, one per line')
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(FLOW_LIST_FORMATS).default('table'))
    .addOption(
      new Option('-w, --where <expression>', 'only streams of flows that match')
        .argParser(parseWhere)
        .default('', 'all flows'),
    )
    .addOption(followOption())
    .addOption(outputOption())
    .addOption(failOnOption())
    .addHelpText('after', notes(EXAMPLES))
    .action(async (captures: string[], options: StreamsOptions) => {
      const { format, where } = options;
      finish(
        await runOnCaptures(host, captures, options, (analysis, snapshot) =>
          writeStreamList(reportOnCapture(analysis, snapshot, toolOf(host), where), format),
        ),
      );
    });
}
