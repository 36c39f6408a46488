/** The command line: what can be typed, and how each ending becomes an exit code and at most one line of complaint. */

import { Command, CommanderError } from 'commander';
import { statOrNull } from '../capture/open-input.ts';
import { WriteError } from '../capture/pcapng-writer.ts';
import { printable } from '../format/text.ts';
import { UnknownFinding } from '../report/report-source.ts';
import { type CaptureOptions, failOnOption, followOption, plainOption, requireCaptures } from './capture-command.ts';
import { addCompareCommand } from './compare-command.ts';
import { addCompletionCommands } from './completion-command.ts';
import { addDemoCommand } from './demo-command.ts';
import { addEvidenceCommand } from './evidence-command.ts';
import { FLOWS_COMMAND } from './flows-command.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT, UsageError } from './host.ts';
import { addInterfacesCommand } from './interfaces-command.ts';
import { addListCommand } from './list-command.ts';
import { addLiveCommand } from './live-command.ts';
import { lookAt } from './look.ts';
import { requireNotRead } from './output-file.ts';
import { addPolicyCommand } from './policy-command.ts';
import { policyOption } from './policy-file.ts';
import { addPortsCommand } from './ports-command.ts';
import { addReportCommand } from './report-command.ts';
import { argumentsOf } from './start-command.ts';
import { STREAMS_COMMAND } from './streams-command.ts';

const DESCRIPTION =
  'Says, with proof, which media streams in a packet capture work, which are blocked and by whom, and what should not be there.';

const EXAMPLES = `
Examples:
  mediatap                                   recent captures, interfaces, a demo
  mediatap demo                              a guided tour
  mediatap trunk.pcapng                      look at a capture in the terminal
  mediatap inside.pcap outside.pcap.gz       several captures as one
  tcpdump -w - -i eth0 | mediatap -          from standard input
  mediatap --follow ring_00001.pcapng        what is still being written
  mediatap live -i eth1                      on a span port
  mediatap report trunk.pcapng               a summary for a ticket
  mediatap flows trunk.pcapng --where blocked
  mediatap streams trunk.pcapng              loss and jitter of each stream
  mediatap compare inside.pcap outside.pcap  what a firewall between them stops
  mediatap evidence trunk.pcapng             a small capture with the proofs
  mediatap ports 1755                        what the makers say of a port
  mediatap trunk.pcapng --policy site.yaml   judge by the policy of the site

Without a terminal, captures that are named alone are summed up as text, as by mediatap report.

Exit codes: 0 done; 1 found what --fail-on names; 2 usage, or an output that cannot be written; 3 input that could not be
read at all.

Environment: MEDIATAP_THEME is dark, light or high-contrast; NO_COLOR turns colours off; MEDIATAP_PLAIN=1 is --plain.`;

/** Resolves to the exit code; never rejects. `args` are those after the name of the program. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  let exitCode: number = EXIT.done;
  let help = '';
  const program = createProgram(
    args,
    host,
    (text) => {
      help += text;
    },
    (code) => {
      exitCode = code;
    },
  );
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (help === '') return explain(error, host);
    await host.write(help);
    return EXIT.done;
  }
}

function createProgram(
  args: readonly string[],
  host: CliHost,
  showHelp: (text: string) => void,
  finish: (code: number) => void,
): Command {
  const program = new Command('mediatap')
    .description(DESCRIPTION)
    .version(host.version, '-V, --version')
    .argument('[captures...]', "capture files, or '-' for standard input")
    .addOption(followOption())
    .addOption(plainOption())
    .addOption(policyOption())
    .addOption(failOnOption())
    .addHelpText('after', notes(EXAMPLES))
    .helpCommand(true)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: showHelp, writeErr: () => {} })
    .hook('preAction', (_program, command) => {
      const { output, write } = command.opts<{ readonly output?: string; readonly write?: string }>();
      requireNotRead(args, output ?? write);
    })
    .action(async (captures: string[], options: CaptureOptions) => {
      refuseMistypedCommand(captures[0]);
      finish(captures.length === 0 ? await start(host) : await lookAt(host, captures, options));
    });
  addDemoCommand(program, host, finish);
  addReportCommand(program, host, finish);
  for (const list of [FLOWS_COMMAND, STREAMS_COMMAND]) addListCommand(program, host, finish, list);
  addCompareCommand(program, host, finish);
  addEvidenceCommand(program, host, finish);
  addPortsCommand(program, host, finish);
  addPolicyCommand(program, host, finish);
  addLiveCommand(program, host, finish);
  addInterfacesCommand(program, host, finish);
  addCompletionCommands(program, host, finish);
  return program;
}

/** A word that names no file was probably meant as a command. */
function refuseMistypedCommand(word: string | undefined): void {
  if (word === undefined || !/^[a-z]+$/.test(word) || statOrNull(word) !== null) return;
  throw new UsageError(
    `there is neither a command '${word}' nor a capture of this name; mediatap --help lists the commands`,
  );
}

/** Without any argument, what is chosen on the start screen is run as if it had been typed. */
async function start(host: CliHost): Promise<number> {
  if (!host.openTerminal()) requireCaptures([]);
  const choice = await host.chooseStart();
  return choice === null ? EXIT.done : runCli(argumentsOf(choice), host);
}

function explain(error: unknown, host: CliHost): number {
  if (error instanceof CommanderError) {
    // Commander's message for a group of commands alone is a word of its own workings.
    const isCommandMissing = error.code === 'commander.help';
    complain(host, isCommandMissing ? 'name one of the commands that --help lists' : inOurWords(error.message));
    return EXIT.usage;
  }
  complain(host, error instanceof Error ? error.message : String(error));
  // What is neither a mistake in typing nor named here is a capture that could not be read.
  const isAsTyped = [UsageError, UnknownFinding, WriteError].some((kind) => error instanceof kind);
  return isAsTyped ? EXIT.usage : EXIT.unreadable;
}

function inOurWords(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^command-argument value ('.*') is invalid for argument '(\w+)'\./, '$1 cannot be the $2.');
}

function complain(host: CliHost, message: string): void {
  host.complain(`mediatap: ${printable(message.trim().replace(/\s*\n\s*/g, ' '))}`);
}
