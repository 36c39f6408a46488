/** `mediatap completion` and `mediatap man`: what a packager or a shell wants of the program. */

import { Argument, type Command } from 'commander';
import { writeOut } from './capture-command.ts';
import { outlineOf } from './command-outline.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT } from './host.ts';
import { writeManPage } from './man-page.ts';
import { SHELLS, type Shell, writeCompletions } from './shell-completions.ts';

const COMPLETION_EXAMPLES = `
Examples:
  source <(mediatap completion bash)                     in ~/.bashrc
  mediatap completion zsh > ~/.zfunc/_mediatap           with fpath+=~/.zfunc before compinit
  mediatap completion fish > ~/.config/fish/completions/mediatap.fish`;

const MAN_EXAMPLES = `
Examples:
  mediatap man | man -l -
  mediatap man > /usr/local/share/man/man1/mediatap.1`;

export function addCompletionCommands(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', notes(COMPLETION_EXAMPLES))
    .action(async (shell: Shell) => {
      await writeOut(host, undefined, [writeCompletions(shell, outlineOf(program))]);
      finish(EXIT.done);
    });
  program
    .command('man')
    .description('print the manual page')
    .addHelpText('after', notes(MAN_EXAMPLES))
    .action(async () => {
      await writeOut(host, undefined, [writeManPage(program, host.version)]);
      finish(EXIT.done);
    });
}
