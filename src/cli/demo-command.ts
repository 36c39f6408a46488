/** `mediatap demo`: the capture that comes with the program, with a guided tour. */

import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { plainOption } from './capture-command.ts';
import { notes } from './help-notes.ts';
import type { CliHost } from './host.ts';
import { lookAt } from './look.ts';

/** Two folders up both from the source and from what is built of it. */
const DEMO = fileURLToPath(new URL('../../fixtures/demo/capture.pcapng', import.meta.url));

const EXAMPLES = `
Examples:
  mediatap demo
  mediatap demo --plain                      as lines, for screen readers`;

export function addDemoCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('demo')
    .description('look at a small capture that comes with the program, with a guided tour')
    .addOption(plainOption())
    .addHelpText('after', notes(EXAMPLES))
    .action(async () => finish(await lookAt(host, [DEMO], {}, { isTour: true })));
}
