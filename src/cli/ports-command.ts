/** `mediatap ports`: the port catalogue with its sources, or what it says of one port. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { CATALOGUE, describePorts, describeRow, describeSource, explainPort } from '../policy/catalogue.ts';
import type { PortRow } from '../policy/port-row.ts';
import { alignColumns } from './align-columns.ts';
import { notes } from './help-notes.ts';
import { type CliHost, EXIT } from './host.ts';

interface PortsOptions {
  readonly format: 'table' | 'json';
}

const EXAMPLES = `
Examples:
  mediatap ports                    all rows of the makers' documents
  mediatap ports 1755               what they say of one port
  mediatap ports --format json      for programs, each row with its id

A range of over 1,000 ports proves nothing about a flow: it is listed, never used to expect one.`;

export function addPortsCommand(program: Command, host: CliHost, finish: (code: number) => void): void {
  program
    .command('ports')
    .description('show the port catalogue, or explain one port')
    .argument('[port]', 'a port number', parsePort)
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(['table', 'json']).default('table'))
    .addHelpText('after', notes(EXAMPLES))
    .action(async (port: number | undefined, { format }: PortsOptions) => {
      if (format === 'json') await host.write(`${JSON.stringify(portsAsJson(port), null, 2)}\n`);
      else await host.write(port === undefined ? catalogueTable() : portText(port));
      finish(EXIT.done);
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

function portsAsJson(port: number | undefined): unknown {
  if (port === undefined) return CATALOGUE.map(rowAsJson);
  const { named, inWideRange } = explainPort(port);
  return { port, named: named.map(rowAsJson), inWideRange: inWideRange.map(rowAsJson) };
}

function rowAsJson(row: PortRow): unknown {
  return { ...row, document: describeSource(row) };
}

const TABLE_HEAD = ['Id', 'Transport', 'Ports', 'Of', 'Direction', 'Firewall', 'Protocol', 'Note'];

function catalogueTable(): string {
  const sources = [...new Set(CATALOGUE.map(describeSource))];
  const tables = sources.map((source) => {
    const rows = CATALOGUE.filter((row) => describeSource(row) === source);
    return [source, ...alignColumns([TABLE_HEAD, ...rows.map(rowCells)]), ''].join('\n');
  });
  return tables.join('\n');
}

function rowCells(row: PortRow): string[] {
  return [
    row.id,
    row.transports.join(',') || '-',
    row.ports === null ? 'site' : describePorts(row.ports),
    row.portOf,
    row.direction ?? '-',
    row.openOnFirewall ?? '-',
    row.protocol,
    row.addresses.length === 0 ? row.note : `${row.addresses.join(', ')}; ${row.note}`,
  ];
}

function portText(port: number): string {
  const { named, inWideRange } = explainPort(port);
  const parts = [named.length === 0 ? `No row names port ${port}.` : `Port ${port} is named by`, ...named.map(rowText)];
  if (inWideRange.length > 0) {
    parts.push('', 'It also lies in ranges too wide to prove anything about a flow', ...inWideRange.map(rowText));
  }
  return `${parts.join('\n')}\n`;
}

function rowText(row: PortRow): string {
  const firewall = row.openOnFirewall === null ? '' : `; open on the firewall: ${row.openOnFirewall}`;
  const source = describeSource(row);
  const scenario = source.endsWith(`, ${row.scenario}`) ? '' : `, ${row.scenario}`;
  return `  ${row.id}: ${describeRow(row)}\n      ${source}${scenario}${firewall}`;
}
