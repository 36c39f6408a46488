/** Whether an interface is up and has a link, as Linux tells it in a folder for each interface. */

import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = '/sys/class/net';
/** What is no interface may stand there too. */
const NO_INTERFACE = 'bonding_masters';
/** IFF_UP of linux/if.h. */
const IS_UP = 1;

/** `gone`: there is no such interface. `unknown`: the system does not tell. */
export type LinkState = 'up' | 'no-carrier' | 'down' | 'gone' | 'unknown';

/** Also those without an address, which span ports seldom have; empty where the system does not tell. */
export function linkNames(): string[] {
  try {
    return readdirSync(FOLDER).filter((name) => name !== NO_INTERFACE);
  } catch {
    return [];
  }
}

export function linkState(name: string): LinkState {
  const names = linkNames();
  if (!names.includes(name)) return names.length === 0 || name === 'any' ? 'unknown' : 'gone';
  const flags = Number(readAttribute(name, 'flags') ?? Number.NaN);
  if (Number.isNaN(flags)) return 'unknown';
  if ((flags & IS_UP) === 0) return 'down';
  return readAttribute(name, 'carrier') === '0' ? 'no-carrier' : 'up';
}

function readAttribute(name: string, attribute: string): string | null {
  try {
    return readFileSync(`${FOLDER}/${name}/${attribute}`, 'utf8').trim();
  } catch {
    return null;
  }
}
