/** `mediatap compare`: two captures from the two sides of a firewall. */

import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CROSSING_STATES, type CrossingState } from '../analysis/compare/comparison.ts';
import { COMPARE_FORMATS, type CompareFormat, writeComparison } from '../report/compare-formats.ts';
import { ANONYMIZE_HELP, type AnonymizeOptions, anonymizeOptions, disguiseOf } from './anonymize-options.ts';
import { limitOption, outputOption, toolOf, writeOut } from './capture-command.ts';
import { hashCaptures } from './hash-captures.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT, UsageError } from './host.ts';
import { requireFitOutput, requireNoneOf } from './output-file.ts';

interface CompareOptions extends AnonymizeOptions {
  readonly format: CompareFormat;
  readonly limit: number;
  readonly output?: string;
  readonly failOn?: readonly CrossingState[];
}

const EXAMPLES = `
Examples:
  mediatap compare inside.pcap outside.pcap
  mediatap compare inside.pcapng outside.pcapng --format markdown -o ticket.md
  mediatap compare inside/ outside/          each may be a folder or a pattern
  mediatap compare inside.pcap outside.pcap --fail-on dropped,cut
  mediatap compare inside.pcap outside.pcap --format json | jq '.flows[] | select(.state == "dropped")'

Packets are found on the other side by what a box leaves of them (TCP numbers, payload, RTP header, IP identification), so
addresses and ports may be changed on the way, and clocks may differ. Record both sides at one time, without a filter or
with the same one, and let something through that is allowed: flows that cross show which way the others should have gone.

States: dropped, cut, lossy, unproven (nothing shows that its way leads through), crosses, other-way (answered, but not
seen on the other side), not-compared (at a time that the other capture does not cover, or
more than is kept of large ones), local.`;

export function addCompareCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  const command = program
    .command('compare')
    .description('find what is stopped between two captures from the two sides of a firewall')
    .argument('<inside>', 'capture of the side of the clients or of the protected network')
    .argument('<outside>', 'capture of the other side, of the same time')
    .addOption(new Option('-f, --format <format>', 'form of the result').choices(COMPARE_FORMATS).default('text'))
    .addOption(limitOption())
    .addOption(outputOption())
    .addOption(
      new Option(
        '--fail-on <states>',
        'exit with 1 when there are flows in these states, such as dropped,cut',
      ).argParser(parseStates),
    )
    .addHelpText('after', notes(EXAMPLES + ANONYMIZE_HELP))
    .action(async (inside: string, outside: string, options: CompareOptions) => {
      finish(await compare(host, inside, outside, options));
    });
  for (const option of anonymizeOptions()) command.addOption(option);
}

async function compare(host: CliHost, inside: string, outside: string, options: CompareOptions): Promise<number> {
  const { format, limit, output, failOn = [] } = options;
  if (resolve(inside) === resolve(outside))
    throw new UsageError('name two captures: that of the inside, and that of the outside');
  requireFitOutput([inside, outside], output);
  const disguise = disguiseOf(host, options);
  const { compareCaptures } = await import('../analysis/compare/compare-captures.ts');
  const comparison = await compareCaptures(inside, outside);
  requireNoneOf([...comparison.inside.captures, ...comparison.outside.captures], output);
  const told = {
    ...comparison,
    inside: await hashCaptures(comparison.inside),
    outside: await hashCaptures(comparison.outside),
  };
  await writeOut(host, output, writeComparison(disguise?.comparison(told) ?? told, toolOf(host), format, limit));
  return failOn.some((state) => comparison.totals[state] > 0) ? EXIT.found : EXIT.done;
}

/** Throws for commander. */
function parseStates(text: string): CrossingState[] {
  return text.split(',').map((name) => {
    const state = CROSSING_STATES.find((known) => known === name);
    if (state === undefined) throw new InvalidArgumentError(`'${name}' is not one of ${CROSSING_STATES.join(', ')}.`);
    return state;
  });
}
