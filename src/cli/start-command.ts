/** What happens without any argument: a choice of what could be opened. */

import { opendirSync } from 'node:fs';
import { join } from 'node:path';
import { findInterfaces } from '../capture/live/find-interfaces.ts';
import { statOrNull } from '../capture/open-input.ts';
import type { NearbyCapture, StartChoice, StartOffer } from '../tui/start/start-state.ts';
import { readState } from './saved-state.ts';

const CAPTURE_NAME = /\.(pcap|pcapng|cap|ntar|snoop|erf|trc|dmp)\d*(\.(gz|zst|lz4|xz))?$/i;
/** Of a folder, so that a large one does not delay the screen. */
const MOST_ENTRIES = 2000;
const MOST_NEARBY = 100;

/** What can be offered at once; interfaces are still to be looked for. */
export function startOffer(statePath: string, folder: string): StartOffer {
  const recent = readState(statePath).recent.filter(({ path }) => statOrNull(path) !== null);
  return { recent, nearby: capturesIn(folder), interfaces: null };
}

export async function withInterfaces(offer: StartOffer): Promise<StartOffer> {
  return { ...offer, interfaces: await findInterfaces() };
}

/** The arguments that would have done the same. */
export function argumentsOf(choice: StartChoice): string[] {
  switch (choice.kind) {
    case 'demo':
      return ['demo'];
    case 'capture':
      return ['--', choice.path];
    case 'interface':
      return ['live', '-i', choice.name];
  }
}

function capturesIn(folder: string): NearbyCapture[] {
  const found: NearbyCapture[] = [];
  try {
    const entries = opendirSync(folder);
    for (let read = 0; read < MOST_ENTRIES; read++) {
      const entry = entries.readSync();
      if (entry === null) break;
      if (!entry.isFile() || !CAPTURE_NAME.test(entry.name)) continue;
      const { size: bytes = 0, mtimeMs: changedAt = 0 } = statOrNull(join(folder, entry.name)) ?? {};
      found.push({ name: entry.name, bytes, changedAt });
    }
    entries.closeSync();
  } catch {
    // A folder that cannot be read offers nothing.
  }
  // Whoever starts without naming one has just made one.
  return found.toSorted((a, b) => b.changedAt - a.changedAt).slice(0, MOST_NEARBY);
}
