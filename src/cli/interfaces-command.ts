/** `mediatap interfaces`: what can be captured on, and what is missing to do so. */

import { type Command, Option } from 'commander';
import { findInterfaces, type InterfaceRow } from '../capture/live/find-interfaces.ts';
import { printable } from '../format/text.ts';
import { alignColumns } from './align-columns.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT } from './host.ts';

interface InterfacesOptions {
  readonly format: 'table' | 'json';
}

const HEAD = ['Interface', 'Link', 'Capture', 'Addresses'];
const LINKS: Readonly<Record<InterfaceRow['link'], string>> = {
  up: 'up',
  'no-carrier': 'no carrier',
  down: 'down',
  gone: 'gone',
  unknown: '-',
};

const EXAMPLES = `
Examples:
  mediatap interfaces
  mediatap interfaces --format json | jq '.[] | select(.via) | .name'

What is missing to capture on an interface is told below the list, with the command that permits it.`;

export function addInterfacesCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('interfaces')
    .description('list what can be captured on, and what is missing to do so')
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(['table', 'json']).default('table'))
    .addHelpText('after', notes(EXAMPLES))
    .action(async ({ format }: InterfacesOptions) => {
      const rows = await findInterfaces();
      await host.write(format === 'json' ? `${JSON.stringify(rows, null, 2)}\n` : interfaceTable(rows));
      finish(EXIT.done);
    });
}

/** Hindrances are told once each below the table: they are long, and mostly the same for all. */
function interfaceTable(rows: readonly InterfaceRow[]): string {
  const table = alignColumns([
    HEAD,
    ...rows.map(({ name, link, via, addresses }) => [
      printable(name),
      LINKS[link],
      via === null ? 'no' : `by ${via}`,
      addresses.join(' '),
    ]),
  ]);
  const hindrances = [...new Set(rows.map(({ hindrance }) => hindrance).filter((text) => text !== null))];
  return `${[...table, ...hindrances.flatMap((text) => ['', `  ${text}`])].join('\n')}\n`;
}
