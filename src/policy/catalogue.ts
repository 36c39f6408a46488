/** The port catalogue: what the makers of media servers say about ports, looked up by specificity and never by order. */

import { CONTENT_SERVER_ROWS } from './content-server-rows.ts';
import type { PortOwner, PortRange, PortRow } from './port-row.ts';
import { WINDOWS_MEDIA_4_1_ROWS } from './windows-media-4-rows.ts';
import { WINDOWS_MEDIA_9_ROWS } from './windows-media-9-rows.ts';

export const CATALOGUE: readonly PortRow[] = [
  ...CONTENT_SERVER_ROWS,
  ...WINDOWS_MEDIA_4_1_ROWS,
  ...WINDOWS_MEDIA_9_ROWS,
];

/** The documents by the name that `PortRow.source` begins with. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'content-server-ports.txt': 'Cisco TelePresence Content Server',
  'wms41-kb189416.txt': 'Microsoft KB 189416, Windows Media Services 4.1',
  'wms9-firewalls.txt': 'Microsoft, firewalls and Windows Media Services 9',
};

/** A range of more ports than this names no service: ephemeral ports fall into it. */
const MOST_PORTS_NAMED = 1000;

/** True when the row's ports are few enough to say what should run there. */
function isNarrow(row: PortRow): boolean {
  return row.ports !== null && rangeWidth(row.ports) <= MOST_PORTS_NAMED;
}

function rangeWidth(range: PortRange): number {
  return range.last - range.first + 1;
}

/**
 * Orders rows from the one that says most about a flow to the one that says least: narrower range, fewer transports, the
 * server's own port before that of a part (origin, encoder) that a capture does not show, a stated direction, then the id.
 */
export function compareSpecificity(a: PortRow, b: PortRow): number {
  return (
    widthOf(a) - widthOf(b) ||
    a.transports.length - b.transports.length ||
    Number(a.portOf !== 'server') - Number(b.portOf !== 'server') ||
    Number(a.direction === null) - Number(b.direction === null) ||
    (a.id < b.id ? -1 : 1)
  );
}

function widthOf(row: PortRow): number {
  return row.ports === null ? Number.POSITIVE_INFINITY : rangeWidth(row.ports);
}

const BY_SPECIFICITY = CATALOGUE.toSorted(compareSpecificity);
const BY_ID = new Map(CATALOGUE.map((row) => [row.id, row]));
const NARROW_ROWS = { tcp: indexNarrowRows('tcp'), udp: indexNarrowRows('udp') };

function indexNarrowRows(transport: 'tcp' | 'udp'): ReadonlyMap<number, readonly PortRow[]> {
  const index = new Map<number, PortRow[]>();
  for (const row of BY_SPECIFICITY) {
    if (row.ports === null || !isNarrow(row) || !row.transports.includes(transport)) continue;
    for (let port = row.ports.first; port <= row.ports.last; port++) {
      const rows = index.get(port);
      if (rows === undefined) index.set(port, [row]);
      else rows.push(row);
    }
  }
  return index;
}

const NO_ROWS: readonly PortRow[] = [];
const WIDE_ROWS = BY_SPECIFICITY.filter((row) => row.ports !== null && !isNarrow(row));

/** Rows that name this very port or a small range around it, most specific first. */
export function narrowRowsForPort(transport: 'tcp' | 'udp', port: number): readonly PortRow[] {
  return NARROW_ROWS[transport].get(port) ?? NO_ROWS;
}

/** Rows whose range of over a thousand ports holds this one, most specific first: they prove nothing about a flow. */
export function wideRowsForPort(transport: 'tcp' | 'udp', port: number): readonly PortRow[] {
  return WIDE_ROWS.filter((row) => row.transports.includes(transport) && holdsPort(row, port));
}

/** False for a row whose port the site sets. */
export function holdsPort(row: PortRow, port: number): boolean {
  return row.ports !== null && row.ports.first <= port && port <= row.ports.last;
}

export interface PortExplanation {
  readonly port: number;
  /** Rows that name the port, most specific first, whatever their transport. */
  readonly named: readonly PortRow[];
  /** Rows that hold it only in a range too wide to prove anything. */
  readonly inWideRange: readonly PortRow[];
}

export function explainPort(port: number): PortExplanation {
  const rows = BY_SPECIFICITY.filter((row) => holdsPort(row, port));
  return { port, named: rows.filter(isNarrow), inWideRange: rows.filter((row) => !isNarrow(row)) };
}

export function findRow(id: string): PortRow | null {
  return BY_ID.get(id) ?? null;
}

/** The row's document and table as people call them: `Cisco TelePresence Content Server, table 10-1`. */
export function describeSource({ source }: PortRow): string {
  const [name = '', part] = source.split(/ (.*)/);
  const document = DOCUMENTS[name];
  if (document === undefined) return source;
  return part === undefined ? document : `${document}, ${part}`;
}

/** One line for people: `UDP 1024-5000 of the client, outbound: MMSU (data of MMSU; open only the ports needed)`. */
export function describeRow(row: PortRow): string {
  return `${describeRowPorts(row)} (${row.note})`;
}

/** The same without the note. */
export function describeRowPorts(row: PortRow): string {
  const transports = row.transports.join('/').toUpperCase();
  const ports = row.ports === null ? 'ports set by the site' : describePorts(row.ports);
  const direction = describeDirection(row);
  return `${transports === '' ? '' : `${transports} `}${ports} of ${ownerWords(row.portOf)}${direction}: ${row.protocol}`;
}

function ownerWords(owner: PortOwner): string {
  return owner === 'either side' ? 'either side' : `the ${owner}`;
}

/** `in/out` on TCP is one connection that the client opens, never leave to open one back. */
function describeDirection(row: PortRow): string {
  if (row.direction === null) return '';
  if (row.direction === 'in') return ', inbound';
  if (row.direction === 'out') return ', outbound';
  return row.transports.includes('tcp') ? ', opened by the client' : ', both ways';
}

export function describePorts(range: PortRange): string {
  return range.first === range.last ? `${range.first}` : `${range.first}-${range.last}`;
}
