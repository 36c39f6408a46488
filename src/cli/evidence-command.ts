/** `mediatap evidence`: a small commented capture with only the packets that prove the findings. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Analysis, Snapshot } from '../analysis/snapshot.ts';
import { findCaptures } from '../capture/find-captures.ts';
import { counted, formatCount } from '../format/count.ts';
import { printable } from '../format/text.ts';
import {
  DEFAULT_EVIDENCE,
  type EvidenceOptions,
  requireReadableAgain,
  type WrittenEvidence,
  writeEvidence,
} from '../report/evidence-capture.ts';
import type { ReportSource } from '../report/report-source.ts';
import { ANONYMIZE_HELP, type AnonymizeOptions, anonymizeOptions, disguiseOf } from './anonymize-options.ts';
import { type CaptureOptions, failOnOption, requireCaptures, runOnCaptures, toolOf } from './capture-command.ts';
import { nameOfSaved, writeFreeFile } from './free-name.ts';
import { hashCaptures } from './hash-captures.ts';
import { notes } from './help-notes.ts';
import type { CliHost } from './host.ts';
import { requireFileName, requireFitOutput, writeToFile } from './output-file.ts';
import { policyOption } from './policy-file.ts';
import { reportOnScope, type ScopeOptions, scopeOptions } from './scope-options.ts';

interface EvidenceCommandOptions extends CaptureOptions, AnonymizeOptions, ScopeOptions {
  readonly headersOnly?: true;
  readonly context: number;
}

const MOST_CONTEXT = 1000;

const EXAMPLES = `
Examples:
  mediatap evidence trunk.pcapng                        for all findings, named after the capture
  mediatap evidence trunk.pcapng -o proof.pcapng
  mediatap evidence trunk.pcapng --finding tcp-unanswered-5d41
  mediatap evidence trunk.pcapng --host 10.1.2.3 --since 10:02
  mediatap evidence a.pcap b.pcap --headers-only        without what the packets carry
  tshark -r proof.pcapng -Y frame.comment -T fields -e frame.number -e frame.comment

Frames keep their times, lengths and link types; those that prove a finding say so in a comment. Wireshark shows the
summary under Statistics, Capture File Properties.`;

export function addEvidenceCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  const command = program
    .command('evidence')
    .description('write a small capture with only the packets that prove the findings')
    .argument('[captures...]', 'capture files; not a pipe, since they are read twice')
    .option('-o, --output <file>', 'name of the capture, instead of one after the captures that is still free')
    .option('--headers-only', 'leave out what the packets carry')
    .addOption(
      new Option('--context <frames>', 'frames of the same flow before and after each')
        .argParser(parseContext)
        .default(DEFAULT_EVIDENCE.context),
    )
    .addOption(policyOption())
    .addOption(failOnOption())
    .addHelpText('after', notes(EXAMPLES + ANONYMIZE_HELP))
    .action(async (captures: string[], { output, ...options }: EvidenceCommandOptions) => {
      requireCaptures(captures);
      requireFit(captures, output);
      const disguise = disguiseOf(host, options);
      const made = { ...options, disguise, isHeadersOnly: options.headersOnly === true };
      finish(await runOnCaptures(host, captures, options, (...read) => pickOut(host, made, output, ...read)));
    });
  for (const option of [...scopeOptions(), ...anonymizeOptions()]) command.addOption(option);
}

async function* pickOut(
  host: CliHost,
  options: ScopeOptions & EvidenceOptions,
  output: string | undefined,
  analysis: Analysis,
  snapshot: Snapshot,
  judge: (part: Snapshot) => void,
): AsyncGenerator<string> {
  const source = await reportOnScope(analysis, await hashCaptures(snapshot), toolOf(host), options);
  judge(source.snapshot);
  if (source.snapshot.findings.length === 0) {
    yield 'There is no finding to prove: no capture was written.\n';
    return;
  }
  const write = (path: string) => writeEvidence(source, path, options);
  if (output !== undefined) {
    // Says early, and as for other outputs, that it cannot be written.
    await writeToFile(output, []);
    yield* tell(host, output, source, await write(output));
    return;
  }
  const { findings, captures } = (options.disguise?.source(source) ?? source).snapshot;
  const named = options.finding.length === 0 ? [] : findings.map(({ id }) => id);
  const { path, result } = await writeFreeFile('.', nameOfSaved(captures, named), 'pcapng', write);
  yield* tell(host, path, source, result);
}

function* tell(
  host: CliHost,
  path: string,
  { snapshot }: ReportSource,
  { frames, missing }: WrittenEvidence,
): Generator<string> {
  const all = counted(snapshot.totals.frames, 'frame');
  yield `${printable(path)}: ${formatCount(frames)} of ${all}, for ${counted(snapshot.findings.length, 'finding')}.\n`;
  if (missing > 0) host.complain(`mediatap: ${counted(missing, 'frame')} that prove findings could not be read again`);
}

/** Before anything is read, which may take long: neither a pipe that cannot be read again, nor an input as the output. */
function requireFit(paths: readonly string[], output: string | undefined): void {
  const captures = findCaptures(paths).map(({ path }) => path);
  for (const path of captures) requireReadableAgain(path);
  requireFileName(output);
  requireFitOutput(captures, output);
}

function parseContext(text: string): number {
  const context = Number(text);
  if (!/^\d+$/.test(text) || context > MOST_CONTEXT) {
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${MOST_CONTEXT}.`);
  }
  return context;
}
