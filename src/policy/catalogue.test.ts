import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CATALOGUE,
  describeRow,
  describeSource,
  explainPort,
  findRow,
  narrowRowsForPort,
  wideRowsForPort,
} from './catalogue.ts';
import type { PortRow } from './port-row.ts';
import { protocolIdsOfRow } from './row-protocols.ts';
import { STANDARD_ROWS } from './standard-rows.ts';

const TABLE = new URL('../../../shared/seeds/port-rows.tsv', import.meta.url);

/** The row as one line of the table of all documents. */
function asLine(row: PortRow): string {
  const ports =
    row.ports === null
      ? ''
      : row.ports.first === row.ports.last
        ? `${row.ports.first}`
        : `${row.ports.first}-${row.ports.last}`;
  return [
    row.id,
    row.source,
    row.scenario,
    row.protocol,
    row.transports.join(','),
    ports,
    row.portOf,
    row.direction ?? '',
    row.addresses.join(','),
    row.openOnFirewall ?? '',
    row.note,
  ].join('\t');
}

describe('the port catalogue', () => {
  it.skipIf(!existsSync(TABLE))('holds every row of the documents, word for word', () => {
    const lines = readFileSync(TABLE, 'utf8').trimEnd().split('\n').slice(1);
    expect(CATALOGUE.map(asLine).sort()).toEqual(lines.toSorted());
  });

  it('holds sixty rows with ids of their own', () => {
    expect(new Set(CATALOGUE.map((row) => row.id)).size).toBe(60);
  });

  it('knows the protocol ids of every row but two whose bytes are unknown', () => {
    const unnamed = CATALOGUE.filter((row) => protocolIdsOfRow(row).length === 0).map((row) => row.id);
    expect(unnamed).toEqual(['cs-database', 'cs-application']);
  });

  it('finds the rows of a port from the narrowest to the widest', () => {
    expect(narrowRowsForPort('udp', 1755).map((row) => row.id)).toEqual(['wms9-mms-udp', 'cs-mms']);
    const widths = wideRowsForPort('udp', 1755).map((row) =>
      row.ports === null ? 0 : row.ports.last - row.ports.first,
    );
    expect(widths.length).toBeGreaterThan(3);
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
  });

  it('explains a port by what names it and by what merely holds it', () => {
    const { named, inWideRange } = explainPort(1755);
    expect(named.map((row) => row.id).sort()).toEqual([
      'cs-mms',
      'wms41-tcp',
      'wms41-udp-control',
      'wms9-mms-tcp',
      'wms9-mms-udp',
    ]);
    expect(inWideRange.map((row) => row.id)).toContain('wms9-mmsu');
    expect(explainPort(0)).toEqual({ port: 0, named: [], inWideRange: [] });
  });

  it('says a row and its source in words', () => {
    const row = findRow('wms9-mmsu');
    expect(row && describeRow(row)).toBe(
      'UDP 1024-5000 of the client, outbound: MMSU (data of MMSU; open only the ports needed)',
    );
    expect(row && describeSource(row)).toBe('Microsoft, firewalls and Windows Media Services 9, unicast');
    expect(STANDARD_ROWS.map(describeSource)).toContain('IANA service name and port number registry');
    const siteRow = findRow('cs-h323-range');
    expect(siteRow && describeRow(siteRow)).toMatch(/^ports set by the site of the server: H\.323 \(/);
    expect(findRow('nothing')).toBeNull();
  });
});
