/** Addresses that the box changes on the way: which inside address is which outside. */

import type { Direction, Endpoint } from '../../verdict/flow-case.ts';
import type { Translation } from './comparison.ts';
import { opposite, type PairedFlow } from './pair-directions.ts';
import { endOf } from './way-across.ts';

const MOST_TRANSLATIONS = 500;

/** Those of most flows first. */
export function listTranslations(pairs: readonly PairedFlow[]): Translation[] {
  const found = new Map<string, { inside: string; outside: string; flows: number; portsChanged: number }>();
  for (const pair of pairs) {
    for (const end of [0, 1] as const) {
      const [inside, outside] = endsOf(pair, end);
      if (inside.address === outside.address) continue;
      const key = `${inside.address} ${outside.address}`;
      const known = found.get(key) ?? { inside: inside.address, outside: outside.address, flows: 0, portsChanged: 0 };
      known.flows++;
      if (inside.port !== outside.port) known.portsChanged++;
      found.set(key, known);
    }
  }
  const ranked = [...found.values()].sort((a, b) => b.flows - a.flows || (a.inside < b.inside ? -1 : 1));
  return ranked.slice(0, MOST_TRANSLATIONS);
}

function endsOf(pair: PairedFlow, end: Direction): [Endpoint, Endpoint] {
  return [endOf(pair.inside, end), endOf(pair.outside, pair.isTurned ? opposite(end) : end)];
}
