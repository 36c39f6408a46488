/** Ports that a site has set, in place of those of the port tables. */

import { describePorts } from './catalogue.ts';
import { CONFIGURABLE_PORTS } from './configurable-ports.ts';
import { type Entry, type Place, type PolicyText, short } from './policy-text.ts';
import type { PortRange } from './port-row.ts';
import type { SiteServer } from './site-policy.ts';

interface SetPorts {
  readonly row: string;
  readonly ports: PortRange;
  readonly at: number;
}

/** The site's ports by row, as far as the documents allow them to be set. */
export class PortOverrides {
  readonly #source: PolicyText;
  readonly #all: readonly SetPorts[];

  constructor(source: PolicyText, all: readonly SetPorts[]) {
    this.#source = source;
    this.#all = all;
  }

  /** Says so where a port of a content server was set that can be set in a cluster only. */
  forServer(server: SiteServer): [string, PortRange][] {
    const isAlone = server.roles.includes('content-server') && !server.roles.includes('content-server-cluster');
    for (const { row, at } of this.#all) {
      if (!isAlone || CONFIGURABLE_PORTS.get(row)?.isForClusters !== true) continue;
      this.#source.wrong(
        at,
        `${row} can be set in a cluster only: give ${server.name} the role content-server-cluster too`,
      );
    }
    return this.#all.map(({ row, ports }) => [row, ports]);
  }
}

export function readPorts(source: PolicyText, place: Entry | undefined): PortOverrides {
  if (place === undefined) return new PortOverrides(source, []);
  const all = source.entries(place, 'ports', null).flatMap((entry): SetPorts[] => {
    const configurable = CONFIGURABLE_PORTS.get(entry.key);
    if (configurable === undefined) {
      const allowed = [...CONFIGURABLE_PORTS.keys()].join(', ');
      source.wrong(entry.keyOffset, `the port of '${short(entry.key)}' cannot be set; those that can are ${allowed}`);
      return [];
    }
    const ports = readRange(source, entry, entry.key);
    if (ports === null) return [];
    const { bounds } = configurable;
    if (ports.first >= bounds.first && ports.last <= bounds.last)
      return [{ row: entry.key, ports, at: entry.keyOffset }];
    source.wrong(entry, `ports of ${entry.key} must lie within ${describePorts(bounds)}`);
    return [];
  });
  return new PortOverrides(source, all);
}

/** `8080` or `12000-12999`; null after saying what is wrong. */
export function readRange(source: PolicyText, place: Place, what: string): PortRange | null {
  const text = source.word(place, what);
  if (text === null) return null;
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match !== null && first >= 1 && first <= last && last <= 65535) return { first, last };
  source.wrong(place, `${what}: '${short(text)}' is not a port from 1 to 65535 or a range such as 12000-12999`);
  return null;
}
