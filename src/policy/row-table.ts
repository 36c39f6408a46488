/** Builds the rows of one table of a document without repeating what they share. */

import type { PortOwner, PortRow } from './port-row.ts';

/** A row as its table states it; what a table leaves out is left out here too. */
interface RowStatement {
  readonly id: string;
  readonly protocol: string;
  /** Transports, comma between; left out where the site configures the port. */
  readonly on?: 'tcp' | 'udp' | 'tcp,udp';
  /** One port, or the first and last of a range; left out where the site configures it. */
  readonly ports?: number | readonly [first: number, last: number];
  /** The server's unless told otherwise. */
  readonly portOf?: PortOwner;
  readonly direction?: 'in' | 'out' | 'in/out';
  readonly addresses?: readonly string[];
  readonly open?: PortRow['openOnFirewall'];
  readonly note: string;
}

const TRANSPORTS = { tcp: ['tcp'], udp: ['udp'], 'tcp,udp': ['tcp', 'udp'] } as const;

export function buildRows(source: string, scenario: string, statements: readonly RowStatement[]): PortRow[] {
  return statements.map(({ id, protocol, on, ports, portOf, direction, addresses, open, note }) => ({
    id,
    source,
    scenario,
    protocol,
    transports: on === undefined ? [] : TRANSPORTS[on],
    ports: portRange(ports),
    portOf: portOf ?? 'server',
    direction: direction ?? null,
    addresses: addresses ?? [],
    openOnFirewall: open ?? null,
    note,
  }));
}

function portRange(ports: RowStatement['ports']): PortRow['ports'] {
  if (ports === undefined) return null;
  return typeof ports === 'number' ? { first: ports, last: ports } : { first: ports[0], last: ports[1] };
}
